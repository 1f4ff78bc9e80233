using System.Buffers;
using System.Globalization;

namespace AotLayers.Formats;

/// <summary>SDDL to security descriptor (layers.md 7.4).</summary>
internal ref struct SddlReader
{
    /// <summary>Longest text that is accepted.</summary>
    private const int MaxLength = 512 * 1024;

    private readonly ReadOnlySpan<char> _text;
    private int _at;

    private SddlReader(ReadOnlySpan<char> text)
    {
        _text = text;
    }

    public static SecurityDescriptor Read(string sddl)
    {
        ArgumentNullException.ThrowIfNull(sddl);
        var reader = new SddlReader(sddl);
        if (sddl.Length > MaxLength)
        {
            throw reader.Invalid("text is too long");
        }

        return reader.ReadParts();
    }

    private SecurityDescriptor ReadParts()
    {
        var result = new SecurityDescriptor();
        string seen = "";
        SkipSpace();
        while (_at < _text.Length)
        {
            char part = char.ToUpperInvariant(_text[_at]);
            if (_at + 1 >= _text.Length || _text[_at + 1] != ':' || "OGDS".IndexOf(part, StringComparison.Ordinal) < 0 || seen.Contains(part))
            {
                throw Invalid("expected O:, G:, D: or S:, each once");
            }

            seen += part;
            _at += 2;
            result = part switch
            {
                'O' => result with { Owner = ReadSid() },
                'G' => result with { Group = ReadSid() },
                'D' => ReadAcl(result, dacl: true),
                _ => ReadAcl(result, dacl: false),
            };
            SkipSpace();
        }

        return result;
    }

    private SecurityDescriptor ReadAcl(SecurityDescriptor result, bool dacl)
    {
        SecurityDescriptorControl control = result.Control | (dacl ? SecurityDescriptorControl.DaclPresent : SecurityDescriptorControl.SaclPresent);
        bool isNull = false;
        SkipSpace();
        while (_at < _text.Length && _text[_at] != '(' && !AtPart())
        {
            if (Take("NO_ACCESS_CONTROL"))
            {
                isNull = true;
            }
            else if (Take("AR"))
            {
                control |= dacl ? SecurityDescriptorControl.DaclAutoInheritRequired : SecurityDescriptorControl.SaclAutoInheritRequired;
            }
            else if (Take("AI"))
            {
                control |= dacl ? SecurityDescriptorControl.DaclAutoInherited : SecurityDescriptorControl.SaclAutoInherited;
            }
            else if (Take("P"))
            {
                control |= dacl ? SecurityDescriptorControl.DaclProtected : SecurityDescriptorControl.SaclProtected;
            }
            else
            {
                throw Invalid("unknown flag of an access control list");
            }

            SkipSpace();
        }

        var entries = new List<AccessControlEntry>();
        while (_at < _text.Length && _text[_at] == '(')
        {
            entries.Add(ReadEntry());
            SkipSpace();
        }

        if (isNull && entries.Count > 0)
        {
            throw Invalid("NO_ACCESS_CONTROL together with entries");
        }

        List<AccessControlEntry>? list = isNull ? null : entries;
        return dacl ? result with { Control = control, Dacl = list } : result with { Control = control, Sacl = list };
    }

    private AccessControlEntry ReadEntry()
    {
        int end = _text[_at..].IndexOf(')');
        if (end < 0)
        {
            throw Invalid("entry without ')'");
        }

        int start = _at + 1;
        int stop = _at + end;
        Span<Range> fields = stackalloc Range[8];
        ReadOnlySpan<char> body = _text[start..stop];
        int count = body.Split(fields, ';');
        if (count is < 6 or > 7)
        {
            throw Invalid("an entry has six fields, or seven");
        }

        byte type = (byte)ReadName(body[fields[0]], SddlNames.AceTypes, byte.MaxValue);
        if (!AccessControlEntry.IsKnownType(type))
        {
            throw Invalid("unknown type of entry");
        }

        byte flags = (byte)ReadBits(body[fields[1]], SddlNames.AceFlags, [], byte.MaxValue);
        bool label = type == SddlNames.MandatoryLabelAce;
        uint mask = ReadBits(body[fields[2]], label ? SddlNames.LabelBits : SddlNames.RightBits, label ? [] : SddlNames.WholeRights, uint.MaxValue);
        Guid? objectType = ReadGuid(body[fields[3]], type);
        Guid? inheritedType = ReadGuid(body[fields[4]], type);
        ReadOnlySpan<char> sidText = body[fields[5]].Trim();
        Sid sid = FindSid(sidText, out int used);
        if (used != sidText.Length)
        {
            throw Invalid("text after the SID of an entry");
        }

        byte[] data = count == 7 ? ReadData(body[fields[6]].Trim()) : [];
        _at = stop + 1;
        return new AccessControlEntry(type, flags, mask, sid, objectType, inheritedType, data);
    }

    private readonly byte[] ReadData(ReadOnlySpan<char> text)
    {
        if (text.IsEmpty || text[0] != '#' || text.Length % 2 == 0)
        {
            throw Invalid("conditions and resource attributes are not supported");
        }

        byte[] data = new byte[text.Length / 2];
        return Convert.FromHexString(text[1..], data, out _, out _) == OperationStatus.Done ? data : throw Invalid("malformed bytes of an entry");
    }

    private readonly Guid? ReadGuid(ReadOnlySpan<char> text, byte type)
    {
        text = text.Trim();
        if (text.IsEmpty)
        {
            return null;
        }

        return AccessControlEntry.HasObjectTypes(type) && Guid.TryParseExact(text, "D", out Guid guid) ? guid : throw Invalid("invalid object type");
    }

    private readonly uint ReadName(ReadOnlySpan<char> text, (string Name, uint Mask)[] names, uint limit)
    {
        text = text.Trim();
        return SddlNames.TryFind(names, text, out uint value) || TryReadNumber(text, limit, out value) ? value : throw Invalid($"unknown name '{text}'");
    }

    private readonly uint ReadBits(ReadOnlySpan<char> text, (string Name, uint Mask)[] bits, (string Name, uint Mask)[] wholes, uint limit)
    {
        text = text.Trim();
        if (TryReadNumber(text, limit, out uint value))
        {
            return value;
        }

        for (; !text.IsEmpty; text = text[2..])
        {
            if (text.Length < 2 || (!SddlNames.TryFind(bits, text[..2], out uint mask) && !SddlNames.TryFind(wholes, text[..2], out mask)))
            {
                throw Invalid($"unknown flags or rights '{text}'");
            }

            value |= mask;
        }

        return value;
    }

    private static bool TryReadNumber(ReadOnlySpan<char> text, uint limit, out uint value)
    {
        bool hex = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase);
        return uint.TryParse(hex ? text[2..] : text, hex ? NumberStyles.AllowHexSpecifier : NumberStyles.None, CultureInfo.InvariantCulture, out value)
            && value <= limit;
    }

    private Sid ReadSid()
    {
        SkipSpace();
        Sid sid = FindSid(_text[_at..], out int used);
        _at += used;
        return sid;
    }

    /// <summary>The SID at the front of a text. A number runs on as far as it can; an abbreviation is two letters.</summary>
    private readonly Sid FindSid(ReadOnlySpan<char> text, out int used)
    {
        used = 0;
        if (text.StartsWith("S-", StringComparison.OrdinalIgnoreCase))
        {
            used = 2;
            while (used < text.Length && (char.IsAsciiHexDigit(text[used]) || text[used] is '-' or 'x' or 'X'))
            {
                used++;
            }

            // "S-1-5-18D:" : the D is a hexadecimal digit but starts the next part.
            if (used < text.Length && text[used] == ':')
            {
                used--;
            }

            return Sid.TryParse(text[..used], out Sid? sid) ? sid : throw Invalid($"invalid SID '{text[..used]}'");
        }

        used = Math.Min(2, text.Length);
        foreach ((string name, Sid known) in SddlNames.Sids)
        {
            if (text[..used].Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return known;
            }
        }

        throw Invalid($"'{text[..used]}' is unknown, or depends on a machine or domain");
    }

    private readonly bool AtPart() => _at + 1 < _text.Length && _text[_at + 1] == ':';

    private bool Take(string word)
    {
        if (!_text[_at..].StartsWith(word, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private readonly LayerFormatException Invalid(string problem)
    {
        ReadOnlySpan<char> shown = _text.Length > 200 ? _text[..200] : _text;
        return new LayerFormatException($"convert {shown}: {problem}", streamId: BackupStreamId.SecurityData, offset: _at);
    }
}
