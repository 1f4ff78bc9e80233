using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text;

namespace AotLayers.Formats;

/// <summary>
/// A resource attribute: what follows the SID of an RA entry, a CLAIM_SECURITY_ATTRIBUTE_RELATIVE_V1 ([MS-DTYP] 2.4.10.1). The header
/// with an offset per value, then the name, then the values one after the other, none of them aligned.
/// </summary>
internal sealed class ResourceAttribute
{
    private const int HeaderSize = 16;
    private const uint ValidFlags = 0xFFFF003F;

    private const ushort Int64Type = 1;
    private const ushort UInt64Type = 2;
    private const ushort StringType = 3;
    private const ushort SidType = 5;
    private const ushort BooleanType = 6;
    private const ushort OctetType = 0x10;

    private static readonly (string Name, uint Mask)[] s_types =
        [("TI", Int64Type), ("TU", UInt64Type), ("TS", StringType), ("TD", SidType), ("TB", BooleanType), ("TX", OctetType)];

    private readonly string _name;
    private readonly ushort _type;
    private readonly uint _flags;
    private readonly List<byte[]> _values;

    private ResourceAttribute(string name, ushort type, uint flags, List<byte[]> values)
    {
        _name = name;
        _type = type;
        _flags = flags;
        _values = values;
    }

    /// <summary>Compiles <c>("name",TS,0x0,"value",...)</c> at a place of a text.</summary>
    /// <exception cref="LayerFormatException">There is no resource attribute.</exception>
    public static byte[] Compile(ReadOnlySpan<char> text, ref int at, Sid? domain)
    {
        SkipSpace(text, ref at);
        Expect(text, ref at, '(');
        SkipSpace(text, ref at);
        Expect(text, ref at, '"');
        string name = SddlAttributeName.Read(text, ref at);
        Expect(text, ref at, '"');
        Separator(text, ref at);
        ReadOnlySpan<char> typeName = text.Slice(at, Math.Min(2, text.Length - at));
        if (!SddlNames.TryFind(s_types, typeName, out uint type))
        {
            throw SddlError.At(text, at, $"'{typeName}' is no type of a resource attribute");
        }

        at += 2;
        Separator(text, ref at);
        int flagsAt = at;
        long flags = SddlLiteral.ReadInteger(text, ref at, out _, out _);
        if (flags is < 0 or > uint.MaxValue || (flags & ~(long)ValidFlags) != 0)
        {
            throw SddlError.At(text, flagsAt, "invalid flags of a resource attribute");
        }

        var values = new List<byte[]>();
        SkipSpace(text, ref at);
        do
        {
            Separator(text, ref at);
            values.Add(ReadValue(text, ref at, (ushort)type, domain));
            SkipSpace(text, ref at);
        }
        while (at < text.Length && text[at] == ',');

        Expect(text, ref at, ')');
        return new ResourceAttribute(name, (ushort)type, (uint)flags, values).Encode();
    }

    /// <summary>Writes the bytes of an attribute as SDDL.</summary>
    /// <returns>The text with its parentheses, or null when the bytes are no attribute, or one that SDDL cannot spell.</returns>
    public static string? Write(ReadOnlySpan<byte> data)
    {
        if (!TryParse(data, out ResourceAttribute? attribute))
        {
            return null;
        }

        string text = attribute.ToText();
        try
        {
            // What SDDL cannot spell, quotes for example, does not come back the same.
            int at = 0;
            return TryParse(Compile(text, ref at, domain: null), out ResourceAttribute? again)
                && at == text.Length
                && again.ToText() == text ? text : null;
        }
        catch (LayerFormatException)
        {
            return null;
        }
    }

    private static byte[] ReadValue(ReadOnlySpan<char> text, ref int at, ushort type, Sid? domain)
    {
        int start = at;
        switch (type)
        {
            case StringType:
                ReadOnlySpan<char> content = SddlLiteral.ReadText(text, ref at);
                if (content.Contains('\0'))
                {
                    throw SddlError.At(text, start, "NUL in a text");
                }

                byte[] value = new byte[2 * (content.Length + 1)];
                Utf16Bytes.Write(content, value);
                return value;
            case SidType:
                return Counted(SddlSid.Read(text, ref at, domain).Bytes);
            case OctetType:
                byte[] octets = SddlLiteral.ReadOctets(text, ref at);
                return octets.Length > 0 ? Counted(octets) : throw SddlError.At(text, start, "octets expected");
            default:
                long number = SddlLiteral.ReadInteger(text, ref at, out byte sign, out byte radix);
                bool fits = type switch
                {
                    UInt64Type => sign != ConditionToken.SignMinus || number == 0,
                    BooleanType => number is 0 or 1,
                    _ => sign != ConditionToken.SignNone || radix != ConditionToken.Decimal || number >= 0,
                };
                byte[] bytes = new byte[8];
                BinaryPrimitives.WriteInt64LittleEndian(bytes, number);
                return fits ? bytes : throw SddlError.At(text, start, "value is out of the range of its type");
        }
    }

    private static byte[] Counted(ReadOnlySpan<byte> content)
    {
        byte[] value = new byte[4 + content.Length];
        BinaryPrimitives.WriteInt32LittleEndian(value, content.Length);
        content.CopyTo(value.AsSpan(4));
        return value;
    }

    private byte[] Encode()
    {
        int nameAt = HeaderSize + (4 * _values.Count);
        int at = nameAt + (2 * (_name.Length + 1));
        byte[] bytes = new byte[at + _values.Sum(v => v.Length)];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, nameAt);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(4), _type);
        BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(8), _flags);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(12), _values.Count);
        Utf16Bytes.Write(_name, bytes.AsSpan(nameAt));
        for (int i = 0; i < _values.Count; i++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(HeaderSize + (4 * i)), at);
            _values[i].CopyTo(bytes.AsSpan(at));
            at += _values[i].Length;
        }

        return bytes;
    }

    private static bool TryParse(ReadOnlySpan<byte> data, [NotNullWhen(true)] out ResourceAttribute? attribute)
    {
        attribute = null;
        if (data.Length < HeaderSize || !TryReadText(data, BinaryPrimitives.ReadUInt32LittleEndian(data), out ReadOnlySpan<byte> name))
        {
            return false;
        }

        ushort type = BinaryPrimitives.ReadUInt16LittleEndian(data[4..]);
        uint count = BinaryPrimitives.ReadUInt32LittleEndian(data[12..]);
        if (count == 0 || count > (data.Length - HeaderSize) / 4)
        {
            return false;
        }

        var values = new List<byte[]>((int)count);
        int total = 0;
        for (int i = 0; i < count; i++)
        {
            if (!TryReadValue(data, type, BinaryPrimitives.ReadUInt32LittleEndian(data[(HeaderSize + (4 * i))..]), out byte[]? value))
            {
                return false;
            }

            // Offsets may all lead to one long value: an entry holds 64 KiB, so more than that is no attribute.
            total += value.Length;
            if (total > ushort.MaxValue)
            {
                return false;
            }

            values.Add(value);
        }

        uint flags = BinaryPrimitives.ReadUInt32LittleEndian(data[8..]);
        attribute = new ResourceAttribute(Utf16Bytes.GetString(name[..^2]), type, flags, values);
        return true;
    }

    private static bool TryReadValue(ReadOnlySpan<byte> data, ushort type, uint offset, [NotNullWhen(true)] out byte[]? value)
    {
        value = null;
        if (type == StringType)
        {
            if (TryReadText(data, offset, out ReadOnlySpan<byte> text))
            {
                value = text.ToArray();
            }
        }
        else if (type is Int64Type or UInt64Type or BooleanType)
        {
            value = offset <= data.Length && data.Length - (int)offset >= 8 ? data.Slice((int)offset, 8).ToArray() : null;
        }
        else if (type is SidType or OctetType && offset <= data.Length && data.Length - (int)offset >= 4)
        {
            ReadOnlySpan<byte> rest = data[(int)offset..];
            uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
            bool valid = length <= rest.Length - 4
                && (type == OctetType || (Sid.TryRead(rest.Slice(4, (int)length), out Sid? sid) && sid.Bytes.Length == length));
            value = valid ? rest[..(4 + (int)length)].ToArray() : null;
        }

        return value is not null;
    }

    /// <summary>A text up to its NUL, NUL included.</summary>
    private static bool TryReadText(ReadOnlySpan<byte> data, uint offset, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (offset > data.Length)
        {
            return false;
        }

        ReadOnlySpan<byte> rest = data[(int)offset..];
        for (int i = 0; i + 1 < rest.Length; i += 2)
        {
            if (rest[i] == 0 && rest[i + 1] == 0)
            {
                text = rest[..(i + 2)];
                return true;
            }
        }

        return false;
    }

    private string ToText()
    {
        var text = new StringBuilder("(\"");
        SddlAttributeName.Append(text, _name);
        text.Append("\",");
        foreach ((string typeName, uint type) in s_types)
        {
            if (type == _type)
            {
                text.Append(typeName);
            }
        }

        text.Append(CultureInfo.InvariantCulture, $",0x{_flags:x}");
        foreach (byte[] value in _values)
        {
            text.Append(',');
            switch (_type)
            {
                case StringType:
                    text.Append('"').Append(Utf16Bytes.GetString(value.AsSpan(0, value.Length - 2))).Append('"');
                    break;
                case SidType:
                    text.Append(Sid.TryRead(value.AsSpan(4), out Sid? sid) ? SddlNames.NameOf(sid) : "");
                    break;
                case OctetType:
                    text.Append(Convert.ToHexStringLower(value.AsSpan(4)));
                    break;
                case Int64Type:
                    text.Append(BinaryPrimitives.ReadInt64LittleEndian(value).ToString(CultureInfo.InvariantCulture));
                    break;
                default:
                    text.Append(BinaryPrimitives.ReadUInt64LittleEndian(value).ToString(CultureInfo.InvariantCulture));
                    break;
            }
        }

        return text.Append(')').ToString();
    }

    private static void Separator(ReadOnlySpan<char> text, ref int at)
    {
        SkipSpace(text, ref at);
        Expect(text, ref at, ',');
        SkipSpace(text, ref at);
    }

    private static void Expect(ReadOnlySpan<char> text, ref int at, char c)
    {
        if (at >= text.Length || text[at] != c)
        {
            throw SddlError.At(text, at, $"'{c}' expected in a resource attribute");
        }

        at++;
    }

    private static void SkipSpace(ReadOnlySpan<char> text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }
}
