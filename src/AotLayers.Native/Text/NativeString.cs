using System.Globalization;
using AotLayers.Formats;

namespace AotLayers.Native;

/// <summary>Strings that callers pass: NUL-terminated UTF-8, or WTF-8 for names that Windows allows and UTF-8 cannot carry.</summary>
internal static unsafe class NativeString
{
    /// <summary>
    /// Longest string that is looked at: a pointer to something else than text is told apart from text before memory runs out.
    /// </summary>
    public const int MaxBytes = 1 << 20;

    /// <summary>Reads a string that must be there.</summary>
    /// <param name="text">What the caller passed.</param>
    /// <param name="name">The parameter's name in the header, for errors.</param>
    /// <exception cref="NativeCallException">NULL, too long, or not UTF-8.</exception>
    public static string Read(byte* text, string name)
    {
        NativeCallException.ThrowIfNull(text, name);
        return Decode(text, name);
    }

    /// <summary>Reads a string that may be NULL.</summary>
    public static string? ReadOptional(byte* text, string name) => text is null ? null : Decode(text, name);

    private static string Decode(byte* text, string name)
    {
        int length = 0;
        while (text[length] != 0)
        {
            if (++length > MaxBytes)
            {
                throw new NativeCallException(
                    ResultCodes.InvalidArgument,
                    string.Create(CultureInfo.InvariantCulture, $"{name} is longer than {MaxBytes} bytes"));
            }
        }

        var bytes = new ReadOnlySpan<byte>(text, length);
        string decoded = Wtf8.GetString(bytes);

        // Bytes that belong to no sequence decode to U+FFFD and so do not come back.
        byte[] again = Wtf8.GetBytes(decoded);
        int same = bytes.CommonPrefixLength(again);
        return same == length && again.Length == length
            ? decoded
            : throw new NativeCallException(
                ResultCodes.InvalidArgument,
                string.Create(CultureInfo.InvariantCulture, $"{name} is not UTF-8 at byte {same}"));
    }

    /// <summary>Writes text into a field of a struct, cut to its size, always with a NUL.</summary>
    public static void Write(string text, Span<byte> field)
    {
        field.Clear();
        byte[] bytes = Wtf8.GetBytes(text);
        bytes.AsSpan(0, Math.Min(bytes.Length, field.Length - 1)).CopyTo(field);
    }
}
