using System.Globalization;

namespace AotLayers.Formats;

/// <summary>
/// Windows FILETIME (100 ns units since 1601-01-01 UTC) to nanoseconds since 1970-01-01 UTC and back (docs/formats/file-time.md#filetime).
/// The arithmetic wraps like that of the Go programs that write layers: outside of 1677-09-21 .. 2262-04-11 the result is another date,
/// but the very one that they write.
/// </summary>
public static class FileTime
{
    /// <summary>1970-01-01 as FILETIME.</summary>
    public const long UnixEpoch = 116444736000000000;

    /// <summary>Nanoseconds since 1970 of a FILETIME, wrapping.</summary>
    public static long ToUnixNanoseconds(long fileTime) => unchecked((fileTime - UnixEpoch) * 100);

    /// <summary>FILETIME of nanoseconds since 1970; fractions of 100 ns are cut towards zero.</summary>
    public static long FromUnixNanoseconds(long nanoseconds) => (nanoseconds / 100) + UnixEpoch;

    private const long TicksPerDay = 864_000_000_000;

    /// <summary>
    /// ISO 8601 in UTC with all seven digits of the fraction: <c>2016-02-15T08:53:21.2345678Z</c>. Every value has a text, also those
    /// that no
    /// clock shows: years beyond 9999 have more digits, those before 1601 come of negative values.
    /// </summary>
    public static string ToText(long fileTime)
    {
        long days = Math.DivRem(fileTime, TicksPerDay, out long ticks);
        if (ticks < 0)
        {
            days--;
            ticks += TicksPerDay;
        }

        (long year, int month, int day) = ToDate(days);
        (long seconds, long fraction) = Math.DivRem(ticks, 10_000_000);
        return string.Create(
            CultureInfo.InvariantCulture,
            $"{year:0000}-{month:00}-{day:00}T{seconds / 3600:00}:{seconds / 60 % 60:00}:{seconds % 60:00}.{fraction:0000000}Z");
    }

    /// <summary>Reads what <see cref="ToText"/> writes; the fraction may be shorter or missing.</summary>
    /// <param name="text">The text.</param>
    /// <param name="fileTime">The FILETIME, when the result is true.</param>
    public static bool TryParse(ReadOnlySpan<char> text, out long fileTime)
    {
        fileTime = 0;
        bool negative = text.StartsWith('-');
        ReadOnlySpan<char> rest = negative ? text[1..] : text;
        int dash = rest.IndexOf('-');
        if (dash is < 4 or > 6
            || !text.EndsWith('Z')
            || rest.Length < dash + 16
            || !TryNumber(rest[..dash], out int year)
            || rest[dash + 3] != '-' || rest[dash + 6] != 'T' || rest[dash + 9] != ':' || rest[dash + 12] != ':'
            || !TryNumber(rest.Slice(dash + 1, 2), out int month)
            || !TryNumber(rest.Slice(dash + 4, 2), out int day)
            || !TryNumber(rest.Slice(dash + 7, 2), out int hour)
            || !TryNumber(rest.Slice(dash + 10, 2), out int minute)
            || !TryNumber(rest.Slice(dash + 13, 2), out int second))
        {
            return false;
        }

        ReadOnlySpan<char> fraction = rest[(dash + 15)..^1];
        int ticks = 0;
        if (!fraction.IsEmpty)
        {
            if (fraction[0] != '.' || fraction.Length is < 2 or > 8 || !TryNumber(fraction[1..], out ticks))
            {
                return false;
            }

            for (int digits = fraction.Length - 1; digits < 7; digits++)
            {
                ticks *= 10;
            }
        }

        long days = FromDate(negative ? -year : year, month, day);
        if (month is < 1 or > 12 || hour > 23 || minute > 59 || second > 59 || ToDate(days) != (negative ? -year : year, month, day))
        {
            return false;
        }

        Int128 value = ((Int128)days * TicksPerDay) + ((((hour * 60L) + minute) * 60) + second) * 10_000_000 + ticks;
        fileTime = value >= long.MinValue && value <= long.MaxValue ? (long)value : 0;
        return value == fileTime;
    }

    private static bool TryNumber(ReadOnlySpan<char> digits, out int number) =>
        int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);

    /// <summary>Days since 1601-01-01 to a date of the Gregorian calendar, carried on in both directions.</summary>
    private static (long Year, int Month, int Day) ToDate(long days)
    {
        // Eras of 400 years that begin on the first of March: leap days are the last days of their years.
        days += 584_694;
        long era = (days >= 0 ? days : days - 146_096) / 146_097;
        long dayOfEra = days - (era * 146_097);
        long yearOfEra = (dayOfEra - (dayOfEra / 1460) + (dayOfEra / 36_524) - (dayOfEra / 146_096)) / 365;
        long dayOfYear = dayOfEra - ((365 * yearOfEra) + (yearOfEra / 4) - (yearOfEra / 100));
        int shifted = (int)(((5 * dayOfYear) + 2) / 153);
        int month = shifted < 10 ? shifted + 3 : shifted - 9;
        long year = yearOfEra + (era * 400) + (month <= 2 ? 1 : 0);
        return (year, month, (int)(dayOfYear - (((153 * shifted) + 2) / 5) + 1));
    }

    private static long FromDate(long year, int month, int day)
    {
        year -= month <= 2 ? 1 : 0;
        long era = (year >= 0 ? year : year - 399) / 400;
        long yearOfEra = year - (era * 400);
        long dayOfYear = (((153 * (month > 2 ? month - 3 : month + 9)) + 2) / 5) + day - 1;
        long dayOfEra = (yearOfEra * 365) + (yearOfEra / 4) - (yearOfEra / 100) + dayOfYear;
        return (era * 146_097) + dayOfEra - 584_694;
    }
}
