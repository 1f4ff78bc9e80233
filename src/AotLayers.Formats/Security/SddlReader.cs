namespace AotLayers.Formats;

/// <summary>
/// SDDL to security descriptor ([MS-DTYP] 2.5.1), with the leniencies of Windows' own compiler and without others: letters of entries,
/// rights and SIDs in either case, blanks before most fields, but sections in capitals, and nothing behind a right or a number.
/// </summary>
internal ref struct SddlReader
{
    /// <summary>Longest text that is accepted.</summary>
    private const int MaxLength = 512 * 1024;

    private readonly ReadOnlySpan<char> _text;
    private readonly Sid? _domain;
    private int _at;

    private SddlReader(ReadOnlySpan<char> text, Sid? domain)
    {
        _text = text;
        _domain = domain;
    }

    public static SecurityDescriptor Read(string sddl, Sid? domain)
    {
        ArgumentNullException.ThrowIfNull(sddl);
        var reader = new SddlReader(sddl, domain);
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
            char part = _text[_at];
            if (!AtPart() || seen.Contains(part))
            {
                throw Invalid("expected O:, G:, D: or S:, each once");
            }

            seen += part;
            _at += 2;
            SkipSpace();
            result = part switch
            {
                'O' => result with { Owner = SddlSid.Read(_text, ref _at, _domain) },
                'G' => result with { Group = SddlSid.Read(_text, ref _at, _domain) },
                'D' => ReadAcl(result, dacl: true),
                _ => ReadAcl(result, dacl: false),
            };
            SkipSpace();
        }

        return result;
    }

    private SecurityDescriptor ReadAcl(SecurityDescriptor result, bool dacl)
    {
        SecurityDescriptorControl control = result.Control;
        control |= dacl ? SecurityDescriptorControl.DaclPresent : SecurityDescriptorControl.SaclPresent;
        bool isNull = false;
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
        while (Next == '(')
        {
            entries.Add(ReadEntry(dacl));
            SkipSpace();
        }

        if (isNull && entries.Count > 0)
        {
            throw Invalid("NO_ACCESS_CONTROL together with entries");
        }

        List<AccessControlEntry>? list = isNull ? null : entries;
        return dacl ? result with { Control = control, Dacl = list } : result with { Control = control, Sacl = list };
    }

    private AccessControlEntry ReadEntry(bool dacl)
    {
        Span<Range> fields = stackalloc Range[6];
        bool hasData = SplitFields(fields);
        byte type = ReadType(_text[fields[0]], dacl);
        byte flags = (byte)ReadNames(
            _text[fields[1]].TrimStart(),
            SddlNames.AceFlags,
            type == AceType.AccessFilter ? SddlNames.FilterFlags : []);
        uint mask = ReadRights(_text[fields[2]].TrimStart(), type);
        Guid? objectType = ReadGuid(_text[fields[3]], type);
        Guid? inheritedType = ReadGuid(_text[fields[4]], type);
        Sid sid = ReadSid(fields[5]);
        byte[] data = [];
        if (hasData)
        {
            if (AceType.HasCondition(type))
            {
                data = ConditionCompiler.Compile(_text, ref _at, _domain);
            }
            else if (type == AceType.ResourceAttribute)
            {
                data = ResourceAttribute.Compile(_text, ref _at, _domain);
            }
            else
            {
                throw Invalid("an entry of this type has six fields");
            }

            SkipSpace();
        }
        else if (AceType.HasCondition(type) || type == AceType.ResourceAttribute)
        {
            throw Invalid("an entry of this type has a seventh field: a condition or a resource attribute");
        }

        if (type == AceType.ResourceAttribute && !sid.Equals(Sid.Create(1, 0)))
        {
            throw Invalid("the SID of a resource attribute is WD");
        }

        if (Next != ')')
        {
            throw Invalid("entry without ')'");
        }

        _at++;
        return new AccessControlEntry(type, flags, mask, sid, objectType, inheritedType, data);
    }

    /// <summary>Finds the six fields. Afterwards the place is that of the seventh one, or of the closing parenthesis.</summary>
    /// <returns>Whether there is a seventh field.</returns>
    private bool SplitFields(scoped Span<Range> fields)
    {
        int start = ++_at;
        int count = 0;
        for (; _at < _text.Length; _at++)
        {
            if (_text[_at] is not (';' or ')'))
            {
                continue;
            }

            fields[count++] = start.._at;
            if (count == fields.Length)
            {
                bool more = _text[_at] == ';';
                _at += more ? 1 : 0;
                return more;
            }

            if (_text[_at] == ')')
            {
                throw Invalid("an entry has six fields, or seven");
            }

            start = _at + 1;
        }

        throw Invalid("entry without ')'");
    }

    private readonly byte ReadType(ReadOnlySpan<char> name, bool dacl)
    {
        name = name.TrimStart();
        if (SddlNames.TryFind(dacl ? SddlNames.DaclTypes : SddlNames.SaclTypes, name, out uint type))
        {
            return (byte)type;
        }

        throw Invalid(SddlNames.TryFind(dacl ? SddlNames.SaclTypes : SddlNames.DaclTypes, name, out _)
            ? $"entries of type '{name}' are not for {(dacl ? "access lists (D:)" : "audit lists (S:)")}"
            : $"unknown type of entry '{name}'");
    }

    private readonly uint ReadRights(ReadOnlySpan<char> text, byte type)
    {
        if (SddlNumber.TryReadMask(text, out uint mask))
        {
            return mask;
        }

        return type == AceType.MandatoryLabel
            ? ReadNames(text, SddlNames.LabelBits, [])
            : ReadNames(text, SddlNames.RightBits, SddlNames.WholeRights);
    }

    private readonly uint ReadNames(ReadOnlySpan<char> text, (string Name, uint Mask)[] names, (string Name, uint Mask)[] more)
    {
        uint value = 0;
        for (; !text.IsEmpty; text = text[2..])
        {
            if (text.Length < 2 || (!SddlNames.TryFind(names, text[..2], out uint mask) && !SddlNames.TryFind(more, text[..2], out mask)))
            {
                throw Invalid($"unknown flags or rights '{text}'");
            }

            value |= mask;
        }

        return value;
    }

    private readonly Guid? ReadGuid(ReadOnlySpan<char> text, byte type)
    {
        if (text.IsWhiteSpace())
        {
            return null;
        }

        // TryParseExact would take blanks around it; Windows does not.
        return AceType.HasObjectTypes(type) && text.Length == 36 && Guid.TryParseExact(text, "D", out Guid guid)
            ? guid
            : throw Invalid($"invalid object type '{text}'");
    }

    private readonly Sid ReadSid(Range field)
    {
        int at = field.Start.Value;
        int end = field.End.Value;
        while (at < end && char.IsWhiteSpace(_text[at]))
        {
            at++;
        }

        bool letters = !_text[at..end].StartsWith("S-", StringComparison.OrdinalIgnoreCase);
        ReadOnlySpan<char> upToEnd = _text[..end];
        Sid sid = SddlSid.Read(upToEnd, ref at, _domain);
        if (letters ? !_text[at..end].IsWhiteSpace() : at != end)
        {
            throw Invalid("text after the SID of an entry");
        }

        return sid;
    }

    private readonly char Next => _at < _text.Length ? _text[_at] : '\0';

    private readonly bool AtPart() => _at + 1 < _text.Length && _text[_at + 1] == ':' && _text[_at] is 'O' or 'G' or 'D' or 'S';

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

    private readonly LayerFormatException Invalid(string problem) => SddlError.At(_text, _at, problem);
}
