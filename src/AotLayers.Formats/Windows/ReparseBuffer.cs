using System.Buffers.Binary;
using System.Globalization;

namespace AotLayers.Formats;

/// <summary>
/// Any REPARSE_DATA_BUFFER or REPARSE_GUID_DATA_BUFFER: tag, owner and data, kept as they are (docs/formats/reparse-points.md#buffers).
/// What the
/// data of a known tag says is told by <see cref="Describe"/>.
/// </summary>
/// <param name="Tag">The tag, see <see cref="ReparseTag"/>.</param>
/// <param name="Data">What follows the header; at most 65535 bytes.</param>
/// <param name="Owner">Who owns the tag; only of tags that are not Microsoft's.</param>
/// <param name="Reserved">Two bytes of the header that should be 0.</param>
public sealed record ReparseBuffer(uint Tag, ReadOnlyMemory<byte> Data, Guid? Owner = null, ushort Reserved = 0)
{
    private const int HeaderSize = 8;
    private const int OwnerSize = 16;

    private static readonly string[] s_algorithms = ["XPRESS4K", "LZX", "XPRESS8K", "XPRESS16K"];

    /// <summary>Reads a buffer, header included. Bytes beyond the length that it states are ignored.</summary>
    /// <param name="buffer">The bytes; <see cref="Data"/> refers to them.</param>
    /// <exception cref="LayerFormatException">The buffer is shorter than its header says.</exception>
    public static ReparseBuffer Parse(ReadOnlyMemory<byte> buffer)
    {
        ReadOnlySpan<byte> bytes = buffer.Span;
        uint tag = ReparsePoint.ReadTag(bytes);
        int length = BinaryPrimitives.ReadUInt16LittleEndian(bytes[4..]);
        ushort reserved = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        if (ReparseTag.IsMicrosoft(tag))
        {
            return new ReparseBuffer(tag, buffer.Slice(HeaderSize, length), null, reserved);
        }

        return bytes.Length >= HeaderSize + OwnerSize + length
            ? new ReparseBuffer(tag, buffer.Slice(HeaderSize + OwnerSize, length), new Guid(bytes.Slice(HeaderSize, OwnerSize)), reserved)
            : throw new LayerFormatException(
                "invalid reparse point: no room for the GUID of its owner", streamId: BackupStreamId.ReparseData, offset: HeaderSize);
    }

    /// <summary>Writes the buffer, header included.</summary>
    /// <exception cref="LayerFormatException">The data is longer than 65535 bytes, or the owner does not go with the tag.</exception>
    public byte[] Encode()
    {
        if (Data.Length > ushort.MaxValue || Owner.HasValue == ReparseTag.IsMicrosoft(Tag))
        {
            throw new LayerFormatException(
                Data.Length > ushort.MaxValue ? "reparse data is too long" : "tags that are not Microsoft's, and only they, have an owner",
                streamId: BackupStreamId.ReparseData);
        }

        int start = HeaderSize + (Owner is null ? 0 : OwnerSize);
        byte[] buffer = new byte[start + Data.Length];
        BinaryPrimitives.WriteUInt32LittleEndian(buffer, Tag);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(4), (ushort)Data.Length);
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(6), Reserved);
        Owner?.TryWriteBytes(buffer.AsSpan(HeaderSize));
        Data.Span.CopyTo(buffer.AsSpan(start));
        return buffer;
    }

    /// <summary>
    /// What the data says, as names and values for people. Data that is not what its tag promises gives a value that says so.
    /// </summary>
    public IReadOnlyList<KeyValuePair<string, string>> Describe()
    {
        var facts = new List<KeyValuePair<string, string>>();
        ReadOnlySpan<byte> data = Data.Span;
        bool understood = Tag switch
        {
            ReparseTag.SymbolicLink or ReparseTag.MountPoint => DescribeLink(facts),
            ReparseTag.Wof => DescribeWof(data, facts),
            ReparseTag.AppExecLink => DescribeAppExecLink(data, facts),
            ReparseTag.Wci or ReparseTag.Wci1 => DescribeWci(data, facts),
            ReparseTag.LxSymbolicLink => DescribeLxLink(data, facts),
            _ => true,
        };
        if (!understood)
        {
            facts.Clear();
            Add(facts, "malformed", $"{Data.Length} bytes of data");
        }

        if (Owner is { } owner)
        {
            Add(facts, "owner", owner.ToString("D"));
        }

        return facts;
    }

    private bool DescribeLink(List<KeyValuePair<string, string>> facts)
    {
        try
        {
            var point = ReparsePoint.Decode(Encode());
            Add(facts, "print name", point.PrintName);
            Add(facts, "substitute name", point.SubstituteName);
            if (!point.IsMountPoint)
            {
                Add(facts, "relative", point.IsRelative ? "yes" : "no");
            }

            return true;
        }
        catch (LayerFormatException)
        {
            return false;
        }
    }

    private static bool DescribeWof(ReadOnlySpan<byte> data, List<KeyValuePair<string, string>> facts)
    {
        if (data.Length < 16)
        {
            return false;
        }

        uint provider = BinaryPrimitives.ReadUInt32LittleEndian(data[4..]);
        uint value = BinaryPrimitives.ReadUInt32LittleEndian(data[12..]);
        Add(facts, "provider", provider switch { 1 => "WIM", 2 => "FILE", _ => Number(provider) });
        if (provider == 2)
        {
            Add(facts, "algorithm", value < s_algorithms.Length ? s_algorithms[value] : Number(value));
        }
        else if (provider == 1 && data.Length >= 44)
        {
            Add(facts, "source", BinaryPrimitives.ReadInt64LittleEndian(data[16..]).ToString(CultureInfo.InvariantCulture));
            Add(facts, "hash", Convert.ToHexStringLower(data.Slice(24, 20)));
        }

        return true;
    }

    private static bool DescribeAppExecLink(ReadOnlySpan<byte> data, List<KeyValuePair<string, string>> facts)
    {
        if (data.Length < 4)
        {
            return false;
        }

        Add(facts, "version", Number(BinaryPrimitives.ReadUInt32LittleEndian(data)));
        data = data[4..];
        foreach (string name in new[] { "package", "application", "target", "type" })
        {
            if (!TryTakeText(ref data, out string text))
            {
                return name == "type";
            }

            Add(facts, name, text);
        }

        return true;
    }

    private static bool DescribeWci(ReadOnlySpan<byte> data, List<KeyValuePair<string, string>> facts)
    {
        if (data.Length < 26)
        {
            return false;
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(data[24..]);
        if ((length & 1) != 0 || length > data.Length - 26)
        {
            return false;
        }

        Add(facts, "version", Number(BinaryPrimitives.ReadUInt32LittleEndian(data)));
        Add(facts, "layer", new Guid(data.Slice(8, 16)).ToString("D"));
        Add(facts, "name", Utf16Bytes.GetString(data.Slice(26, length)));
        return true;
    }

    private static bool DescribeLxLink(ReadOnlySpan<byte> data, List<KeyValuePair<string, string>> facts)
    {
        if (data.Length < 4)
        {
            return false;
        }

        Add(facts, "target", Wtf8.GetString(data[4..]));
        return true;
    }

    private static bool TryTakeText(ref ReadOnlySpan<byte> data, out string text)
    {
        for (int i = 0; i + 1 < data.Length; i += 2)
        {
            if (data[i] == 0 && data[i + 1] == 0)
            {
                text = Utf16Bytes.GetString(data[..i]);
                data = data[(i + 2)..];
                return true;
            }
        }

        text = "";
        return false;
    }

    private static string Number(uint value) => value.ToString(CultureInfo.InvariantCulture);

    private static void Add(List<KeyValuePair<string, string>> facts, string name, string value) => facts.Add(new(name, value));
}
