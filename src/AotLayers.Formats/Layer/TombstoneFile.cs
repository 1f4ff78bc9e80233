using System.Globalization;

namespace AotLayers.Formats;

/// <summary>
/// <c>tombstones.txt</c> of a transport folder (docs/formats/tombstones.md#format): UTF-8 with a byte order mark, first line <c>Version
/// 1.0</c>, then one path per line, relative to <c>Files</c> and starting with a backslash.
/// </summary>
public static class TombstoneFile
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "tombstones.txt";

    /// <summary>Longest line in bytes.</summary>
    public const int MaxLineLength = 128 * 1024;

    private const string Version = "Version 1.0";

    private static ReadOnlySpan<byte> ByteOrderMark => [0xEF, 0xBB, 0xBF];

    /// <summary>Reads the file.</summary>
    /// <param name="input">The file's bytes; not owned.</param>
    /// <returns>Names of what is gone as layer entries: <c>Files\</c> and the path, in file order. Empty lines are skipped.</returns>
    /// <exception cref="LayerFormatException">The first line is not the version, or a line is too long or not a path below
    /// Files.</exception>
    public static IReadOnlyList<string> Read(Stream input)
    {
        ArgumentNullException.ThrowIfNull(input);
        var names = new List<string>();
        byte[] buffer = new byte[4096];
        int filled = 0;
        int number = 0;
        bool ended = false;
        while (!ended)
        {
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length * 2);
            }

            int got = input.Read(buffer, filled, buffer.Length - filled);
            ended = got == 0;
            filled += got;
            int start = 0;
            while (start < filled)
            {
                int length = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n');
                if (length < 0 && !ended)
                {
                    break;
                }

                int end = length < 0 ? filled : start + length;
                Parse(buffer.AsSpan(start, end - start), ++number, names);
                start = end + 1;
            }

            start = Math.Min(start, filled);
            filled -= start;
            if (filled > MaxLineLength)
            {
                throw Invalid(number + 1, "line is too long");
            }

            Buffer.BlockCopy(buffer, start, buffer, 0, filled);
        }

        return number > 0 ? names : throw Invalid(1, "file is empty");
    }

    /// <summary>Writes the file.</summary>
    /// <param name="output">Receives the bytes; not owned.</param>
    /// <param name="names">Names of what is gone as layer entries, all below <c>Files\</c>.</param>
    /// <exception cref="LayerFormatException">A name is not below Files, or cannot be a line.</exception>
    public static void Write(Stream output, IEnumerable<string> names)
    {
        ArgumentNullException.ThrowIfNull(output);
        ArgumentNullException.ThrowIfNull(names);
        output.Write(ByteOrderMark);
        output.Write(Wtf8.GetBytes(Version + "\r\n"));
        foreach (string name in names)
        {
            if (!WindowsPath.IsBelow(name, "Files") || name.AsSpan().ContainsAny('\r', '\n'))
            {
                throw new LayerFormatException("tombstones.txt cannot hold this name", name);
            }

            output.Write(Wtf8.GetBytes(WindowsPath.FromSlash(name["Files".Length..]) + "\r\n"));
        }
    }

    private static void Parse(ReadOnlySpan<byte> line, int number, List<string> names)
    {
        line = line.TrimEnd((byte)'\r');
        if (number == 1)
        {
            if (!line.StartsWith(ByteOrderMark) || !System.Text.Ascii.Equals(line[3..], Version))
            {
                throw Invalid(number, "expected a byte order mark and 'Version 1.0'");
            }

            return;
        }

        if (line.IsEmpty)
        {
            return;
        }

        if (line.Length > MaxLineLength)
        {
            throw Invalid(number, "line is too long");
        }

        string path = Wtf8.GetString(line);
        if (path[0] is not ('\\' or '/'))
        {
            throw Invalid(number, $"'{path}' does not start with a backslash");
        }

        path = WindowsPath.FromSlash(path[1..]);
        if (!WindowsPath.IsSafeRelative(path, out string? problem))
        {
            throw Invalid(number, problem!);
        }

        names.Add(@"Files\" + path);
    }

    private static LayerFormatException Invalid(int line, string problem) =>
        new(string.Create(CultureInfo.InvariantCulture, $"invalid tombstones file: line {line}: {problem}"), FileName);
}
