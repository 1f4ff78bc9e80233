using System.Globalization;

namespace AotLayers.Interop;

/// <summary>One fault as people write it (docs/toolkit/faults.md#in-one-line): <c>ExportLayerRead#7=0x80070017</c>.</summary>
internal static class FaultSpec
{
    private const string Forms = "FUNCTION#N=CODE, FUNCTION=CODE, #N=CODE, FUNCTION#N=short:BYTES, FUNCTION=short:BYTES, "
        + "FUNCTION=cut:BYTES, absent:EXPORT or missing:API";

    /// <summary>Adds a fault to a plan.</summary>
    /// <exception cref="FormatException">The text is none of the forms.</exception>
    public static void Add(FaultPlan plan, string text)
    {
        try
        {
            if (!TryAdd(plan, text))
            {
                throw new FormatException($"'{text}' is no fault: expected {Forms}");
            }
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"'{text}' is no fault: {e.Message.Split('\n', '(')[0].Trim()}", e);
        }
    }

    private static bool TryAdd(FaultPlan plan, string text)
    {
        if (text.StartsWith("absent:", StringComparison.Ordinal) || text.StartsWith("missing:", StringComparison.Ordinal))
        {
            string name = text[(text.IndexOf(':', StringComparison.Ordinal) + 1)..];
            if (name.Length == 0)
            {
                return false;
            }

            _ = text[0] == 'a' ? plan.Absent(name) : plan.LibraryMissing(name);
            return true;
        }

        int equals = text.IndexOf('=', StringComparison.Ordinal);
        if (equals < 0)
        {
            return false;
        }

        int mark = text.IndexOf('#', StringComparison.Ordinal);
        bool numbered = mark >= 0 && mark < equals;
        string? function = text[..(numbered ? mark : equals)] is { Length: > 0 } named && named != "*" ? named : null;
        int call = 0;
        if (numbered
            && (!int.TryParse(text.AsSpan((mark + 1)..equals), NumberStyles.None, CultureInfo.InvariantCulture, out call) || call == 0))
        {
            return false;
        }

        return TryAdd(plan, function, call, text.AsSpan(equals + 1));
    }

    private static bool TryAdd(FaultPlan plan, string? function, int call, ReadOnlySpan<char> what)
    {
        if (what.StartsWith("short:"))
        {
            if (!int.TryParse(what[6..], NumberStyles.None, CultureInfo.InvariantCulture, out int size))
            {
                return false;
            }

            plan.ShortReads(size, function, call);
            return true;
        }

        if (what.StartsWith("cut:"))
        {
            // A stream is cut once, wherever its reads have come to.
            if (call != 0 || !long.TryParse(what[4..], NumberStyles.None, CultureInfo.InvariantCulture, out long bytes))
            {
                return false;
            }

            plan.CutStream(bytes, function);
            return true;
        }

        if (!TryReadCode(what, out long code) || (function is null && call == 0))
        {
            return false;
        }

        _ = function is null ? plan.FailCall(call, code) : plan.Fail(function, call, code);
        return true;
    }

    /// <summary>Reads a code: <c>0x80070005</c>, or in decimal.</summary>
    public static bool TryReadCode(ReadOnlySpan<char> text, out long code)
    {
        code = 0;
        if (text.StartsWith("0x", StringComparison.OrdinalIgnoreCase))
        {
            bool hexadecimal = uint.TryParse(text[2..], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint value);
            code = value;
            return hexadecimal;
        }

        return long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out code);
    }
}
