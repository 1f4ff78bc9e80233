using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace AotLayers.Formats;

/// <summary>One extended attribute of a file. The name is bytes: ASCII by convention only.</summary>
/// <param name="Name">1 to 255 bytes.</param>
/// <param name="Value">At most 65535 bytes.</param>
/// <param name="Flags">FILE_NEED_EA (0x80) or 0. Tar does not keep it.</param>
public readonly record struct ExtendedAttribute(ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> Value, byte Flags = 0)
{
    /// <summary>The name as text, byte for character.</summary>
    public string NameText => Encoding.Latin1.GetString(Name.Span);
}

/// <summary>Lists of FILE_FULL_EA_INFORMATION (docs/formats/extended-attributes.md#list).</summary>
public static class ExtendedAttributes
{
    /// <summary>Longest list that is accepted. NTFS keeps at most 64 KiB for a file.</summary>
    public const int MaxListSize = 1024 * 1024;

    private const int HeaderSize = 8;

    /// <summary>
    /// Decodes a list. An empty buffer is an empty list; the last entry need not be padded, and may lead to the end of the list instead of
    /// nowhere, as NTFS keeps it (docs/formats/extended-attributes.md#list).
    /// </summary>
    /// <param name="buffer">The list; the results refer to it.</param>
    /// <exception cref="LayerFormatException">A header is cut, a value ends beyond the buffer, or an entry does not lead past
    /// itself.</exception>
    public static IReadOnlyList<ExtendedAttribute> Decode(ReadOnlyMemory<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return [];
        }

        var list = new List<ExtendedAttribute>();
        int at = 0;
        while (true)
        {
            ReadOnlySpan<byte> entry = buffer.Span[at..];
            if (entry.Length < HeaderSize)
            {
                throw Invalid("header is cut", at);
            }

            uint next = BinaryPrimitives.ReadUInt32LittleEndian(entry);
            int nameLength = entry[5];
            int valueLength = BinaryPrimitives.ReadUInt16LittleEndian(entry[6..]);
            int end = HeaderSize + nameLength + 1 + valueLength;
            if (end > entry.Length)
            {
                throw Invalid(string.Create(CultureInfo.InvariantCulture, $"entry needs {end} bytes, there are {entry.Length}"), at);
            }

            list.Add(new ExtendedAttribute(
                buffer.Slice(at + HeaderSize, nameLength),
                buffer.Slice(at + HeaderSize + nameLength + 1, valueLength),
                entry[4]));
            if (next == 0 || next == entry.Length)
            {
                return list;
            }

            // An offset below the entry's own size would read bytes twice, and without end.
            if (next > entry.Length || next < end)
            {
                throw Invalid(
                    string.Create(CultureInfo.InvariantCulture, $"next entry at {next}, this one has {end} of {entry.Length} bytes"), at);
            }

            at += (int)next;
        }
    }

    /// <summary>Encodes a list; each entry, also the last one, is padded to 4 bytes.</summary>
    /// <exception cref="LayerFormatException">A name is longer than 255 bytes or a value longer than 65535.</exception>
    public static byte[] Encode(IReadOnlyList<ExtendedAttribute> attributes)
    {
        ArgumentNullException.ThrowIfNull(attributes);
        int total = 0;
        foreach (ExtendedAttribute attribute in attributes)
        {
            if (attribute.Name.Length > byte.MaxValue)
            {
                throw new LayerFormatException("extended attribute name too large", streamId: BackupStreamId.EaData);
            }

            if (attribute.Value.Length > ushort.MaxValue)
            {
                throw new LayerFormatException(
                    "extended attribute value too large",
                    streamId: BackupStreamId.EaData,
                    streamName: attribute.NameText);
            }

            total = checked(total + PaddedSize(attribute));
        }

        byte[] buffer = new byte[total];
        int at = 0;
        for (int i = 0; i < attributes.Count; i++)
        {
            ExtendedAttribute attribute = attributes[i];
            Span<byte> entry = buffer.AsSpan(at);
            int size = PaddedSize(attribute);
            BinaryPrimitives.WriteInt32LittleEndian(entry, i == attributes.Count - 1 ? 0 : size);
            entry[4] = attribute.Flags;
            entry[5] = (byte)attribute.Name.Length;
            BinaryPrimitives.WriteUInt16LittleEndian(entry[6..], (ushort)attribute.Value.Length);
            attribute.Name.Span.CopyTo(entry[HeaderSize..]);
            attribute.Value.Span.CopyTo(entry[(HeaderSize + attribute.Name.Length + 1)..]);
            at += size;
        }

        return buffer;
    }

    private static int PaddedSize(in ExtendedAttribute attribute) =>
        (HeaderSize + attribute.Name.Length + 1 + attribute.Value.Length + 3) & ~3;

    private static LayerFormatException Invalid(string problem, long offset) =>
        new("invalid extended attribute buffer: " + problem, streamId: BackupStreamId.EaData, offset: offset);
}
