using System.Buffers.Binary;
using System.Globalization;

namespace AotLayers.Formats;

/// <summary>A symbolic link or mount point, as in a REPARSE_DATA_BUFFER (docs/formats/reparse-points.md#buffers).</summary>
/// <param name="PrintName">Target as shown to people; legally empty for junctions.</param>
/// <param name="SubstituteName">Target as the object manager takes it.</param>
/// <param name="IsMountPoint">Mount point or junction, otherwise a symbolic link.</param>
/// <param name="IsRelative">Symbolic link whose target is relative to its directory.</param>
public sealed record ReparsePoint(string PrintName, string SubstituteName, bool IsMountPoint, bool IsRelative)
{
    /// <summary>Longest reparse buffer: an 8-byte header and 65535 bytes.</summary>
    public const int MaxBufferSize = 8 + ushort.MaxValue;

    private const string NtPrefix = @"\??\";
    private const string NtUncPrefix = @"\??\UNC\";

    /// <summary>The print name, or, where that is empty, the substitute name in Win32 form.</summary>
    public string Target => PrintName.Length > 0 ? PrintName : ToWin32(SubstituteName);

    /// <summary>
    /// The point that layer readers make of a target text: all that a tar keeps (docs/formats/reparse-points.md#encoding).
    /// </summary>
    /// <param name="target">Target with backslashes.</param>
    /// <param name="isMountPoint">Mount point or junction, otherwise a symbolic link.</param>
    public static ReparsePoint FromTarget(string target, bool isMountPoint)
    {
        ArgumentNullException.ThrowIfNull(target);
        string? substitute =
            target.StartsWith(@"\\?\", StringComparison.Ordinal) ? string.Concat(NtPrefix, target.AsSpan(4))
            : target.StartsWith(@"\\", StringComparison.Ordinal) ? string.Concat(NtUncPrefix, target.AsSpan(2))
            : target.Length >= 2 && char.IsAsciiLetter(target[0]) && target[1] == ':' ? NtPrefix + target
            : null;
        return new ReparsePoint(target, substitute ?? target, isMountPoint, IsRelative: substitute is null);
    }

    /// <summary>The tag of a REPARSE_DATA_BUFFER.</summary>
    /// <exception cref="LayerFormatException">The buffer is shorter than its header says.</exception>
    public static uint ReadTag(ReadOnlySpan<byte> buffer)
    {
        if (buffer.Length < 8)
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"{buffer.Length} bytes are less than a header"), 0);
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(buffer[4..]);
        if (length > buffer.Length - 8)
        {
            throw Invalid(
                string.Create(CultureInfo.InvariantCulture, $"header says {length} bytes of data, there are {buffer.Length - 8}"),
                4);
        }

        return BinaryPrimitives.ReadUInt32LittleEndian(buffer);
    }

    /// <summary>Decodes a REPARSE_DATA_BUFFER, header included.</summary>
    /// <param name="buffer">The buffer; bytes beyond the length it states are ignored.</param>
    /// <exception cref="LayerFormatException">The tag is neither symbolic link nor mount point, or a name lies outside of the
    /// buffer.</exception>
    public static ReparsePoint Decode(ReadOnlySpan<byte> buffer)
    {
        uint tag = ReadTag(buffer);
        if (tag is not (ReparseTag.SymbolicLink or ReparseTag.MountPoint))
        {
            throw new LayerFormatException($"unsupported reparse point {ReparseTag.Describe(tag)}", streamId: BackupStreamId.ReparseData);
        }

        bool mountPoint = tag == ReparseTag.MountPoint;
        ReadOnlySpan<byte> data = buffer.Slice(8, BinaryPrimitives.ReadUInt16LittleEndian(buffer[4..]));
        int pathStart = mountPoint ? 8 : 12;
        if (data.Length < pathStart)
        {
            throw Invalid("data is cut before the names", 8);
        }

        ReadOnlySpan<byte> path = data[pathStart..];
        string substitute = ReadName(data, path, 0, "substitute");
        string print = ReadName(data, path, 4, "print");
        bool relative = !mountPoint && (BinaryPrimitives.ReadUInt32LittleEndian(data[8..]) & 1) != 0;
        return new ReparsePoint(print, substitute, mountPoint, relative);
    }

    /// <summary>Encodes the point: substitute name first, then print name, both with a NUL.</summary>
    /// <exception cref="LayerFormatException">The names do not fit into a reparse buffer.</exception>
    public byte[] Encode()
    {
        int substituteBytes = SubstituteName.Length * 2;
        int printBytes = PrintName.Length * 2;
        int pathStart = IsMountPoint ? 8 : 12;
        int dataLength = pathStart + substituteBytes + 2 + printBytes + 2;
        if (dataLength > ushort.MaxValue)
        {
            throw Invalid("target is too long", -1);
        }

        byte[] buffer = new byte[8 + dataLength];
        Span<byte> data = buffer.AsSpan(8);
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, IsMountPoint ? ReparseTag.MountPoint : ReparseTag.SymbolicLink);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(4), (ushort)dataLength);
        BinaryPrimitives.WriteUInt16LittleEndian(data[2..], (ushort)substituteBytes);
        BinaryPrimitives.WriteUInt16LittleEndian(data[4..], (ushort)(substituteBytes + 2));
        BinaryPrimitives.WriteUInt16LittleEndian(data[6..], (ushort)printBytes);
        if (!IsMountPoint)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(data[8..], IsRelative ? 1u : 0u);
        }

        Utf16Bytes.Write(SubstituteName, data[pathStart..]);
        Utf16Bytes.Write(PrintName, data[(pathStart + substituteBytes + 2)..]);
        return buffer;
    }

    private static string ToWin32(string substitute) =>
        substitute.StartsWith(NtUncPrefix, StringComparison.OrdinalIgnoreCase) ? string.Concat(@"\\", substitute.AsSpan(NtUncPrefix.Length))
        : substitute.StartsWith(NtPrefix, StringComparison.Ordinal) ? substitute[NtPrefix.Length..]
        : substitute;

    private static string ReadName(ReadOnlySpan<byte> data, ReadOnlySpan<byte> path, int field, string what)
    {
        int offset = BinaryPrimitives.ReadUInt16LittleEndian(data[field..]);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(data[(field + 2)..]);
        if ((length & 1) != 0 || offset + length > path.Length)
        {
            throw Invalid(
                string.Create(CultureInfo.InvariantCulture, $"{what} name at {offset} with {length} bytes, there are {path.Length}"),
                8 + field);
        }

        return Utf16Bytes.GetString(path.Slice(offset, length));
    }

    private static LayerFormatException Invalid(string problem, long offset) =>
        new("invalid reparse point: " + problem, streamId: BackupStreamId.ReparseData, offset: offset);
}
