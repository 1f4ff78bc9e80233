using System.Buffers.Text;
using System.Globalization;
using System.Text;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// What a transport folder on a file system of another system cannot hold: a file beside <c>tombstones.txt</c>, a line for each entry
/// (docs/formats/transport-folder.md#what-other-systems-lose).
/// </summary>
internal static class TransportSidecar
{
    /// <summary>Name of the file.</summary>
    public const string FileName = "aotlayers.entries";

    /// <summary>Longest line that is read, in bytes.</summary>
    private const int MaxLineLength = 4 * 1024 * 1024;

    private const string FirstLine = "aotlayers transport 1";

    /// <summary>Writes the first line.</summary>
    public static void Begin(Stream output) => output.Write(Encoding.ASCII.GetBytes(FirstLine + "\n"));

    /// <summary>Writes a line.</summary>
    /// <param name="output">The file.</param>
    /// <param name="name">Name of the entry; it has no control characters.</param>
    /// <param name="info">Times and attributes.</param>
    /// <param name="target">Of hard links the other name; otherwise empty.</param>
    /// <param name="head">Of entries that are ordinary files what comes before their data in the backup stream; otherwise empty.</param>
    public static void Write(Stream output, string name, in LayerFileInfo info, string target, ReadOnlySpan<byte> head)
    {
        output.Write(Encoding.ASCII.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"{info.CreationTime},{info.LastAccessTime},{info.LastWriteTime},{info.ChangeTime},{info.FileAttributes}\t")));
        output.Write(Wtf8.GetBytes(name));
        output.Write("\t"u8);
        output.Write(Wtf8.GetBytes(target));
        output.Write("\t"u8);
        byte[] text = new byte[Base64.GetMaxEncodedToUtf8Length(head.Length)];
        Base64.EncodeToUtf8(head, text, out _, out int length);
        output.Write(text.AsSpan(0, length));
        output.Write("\n"u8);
    }

    /// <summary>Reads the file.</summary>
    /// <exception cref="LayerFormatException">It is malformed.</exception>
    public static Dictionary<string, TransportSidecarEntry> Read(Stream input)
    {
        var entries = new Dictionary<string, TransportSidecarEntry>(StringComparer.Ordinal);
        byte[] buffer = new byte[64 * 1024];
        int filled = 0;
        int number = 0;
        while (true)
        {
            int got = input.Read(buffer, filled, buffer.Length - filled);
            filled += got;
            int start = 0;
            int end;
            while ((end = buffer.AsSpan(start, filled - start).IndexOf((byte)'\n')) >= 0)
            {
                Parse(buffer.AsSpan(start, end), ++number, entries);
                start += end + 1;
            }

            if (got == 0)
            {
                return filled == start && number > 0 ? entries : throw Invalid(number + 1, "it is cut");
            }

            filled -= start;
            Buffer.BlockCopy(buffer, start, buffer, 0, filled);
            if (filled == buffer.Length)
            {
                Array.Resize(ref buffer, buffer.Length < MaxLineLength ? buffer.Length * 2 : throw Invalid(number + 1, "it is too long"));
            }
        }
    }

    private static void Parse(ReadOnlySpan<byte> line, int number, Dictionary<string, TransportSidecarEntry> entries)
    {
        if (number == 1)
        {
            if (!Ascii.Equals(line, FirstLine))
            {
                throw Invalid(number, $"expected '{FirstLine}'");
            }

            return;
        }

        Span<long> numbers = stackalloc long[5];
        if (line.Count((byte)'\t') != 3 || !TryParseNumbers(Take(ref line), numbers) || numbers[4] is < 0 or > uint.MaxValue)
        {
            throw Invalid(number, "expected times and attributes, a name, a target and base64 with tabs between them");
        }

        string name = Wtf8.GetString(Take(ref line));
        string target = Wtf8.GetString(Take(ref line));
        ReadOnlySpan<byte> text = line;
        byte[] head = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        if (!Base64.IsValid(text, out int length))
        {
            throw Invalid(number, "malformed base64");
        }

        Base64.DecodeFromUtf8(text, head, out _, out _);
        var info = new LayerFileInfo(numbers[0], numbers[1], numbers[2], numbers[3], (uint)numbers[4]);
        if (!entries.TryAdd(name, new TransportSidecarEntry(info, target, head[..length])))
        {
            throw Invalid(number, $"'{name}' comes twice");
        }
    }

    /// <summary>The field before the next tab.</summary>
    private static ReadOnlySpan<byte> Take(ref ReadOnlySpan<byte> line)
    {
        int tab = line.IndexOf((byte)'\t');
        ReadOnlySpan<byte> field = line[..tab];
        line = line[(tab + 1)..];
        return field;
    }

    private static bool TryParseNumbers(ReadOnlySpan<byte> text, Span<long> numbers)
    {
        for (int i = 0; i < numbers.Length; i++)
        {
            bool last = i == numbers.Length - 1;
            if (!Utf8Parser.TryParse(text, out numbers[i], out int used)
                || (last ? used != text.Length : text.Length == used || text[used] != ','))
            {
                return false;
            }

            text = text[(last ? used : used + 1)..];
        }

        return true;
    }

    private static LayerFormatException Invalid(int line, string problem) =>
        new(string.Create(CultureInfo.InvariantCulture, $"invalid {FileName}: line {line}: {problem}"), FileName);
}

/// <summary>What is known of an entry beside its file.</summary>
internal sealed class TransportSidecarEntry(LayerFileInfo info, string target, byte[] head)
{
    public LayerFileInfo Info => info;

    /// <summary>Of hard links the other name; otherwise empty.</summary>
    public string Target => target;

    /// <summary>What comes before the data in the backup stream of an ordinary file.</summary>
    public byte[] Head => head;
}
