using System.Buffers;
using System.Buffers.Binary;

namespace AotLayers.Formats;

/// <summary>
/// Compiles the condition of a callback entry from SDDL to its tokens in postfix order, as Windows does ([MS-DTYP] 2.4.4.17, 2.5.1.1):
/// <c>&amp;&amp;</c> binds closer than <c>||</c>, both from left to right, and <c>!</c> stands before a parenthesis or an attribute.
/// </summary>
internal ref struct ConditionCompiler
{
    private readonly ReadOnlySpan<char> _text;
    private readonly Sid? _domain;
    private readonly ArrayBufferWriter<byte> _output = new(256);
    private int _at;
    private int _depth;

    private ConditionCompiler(ReadOnlySpan<char> text, int at, Sid? domain)
    {
        _text = text;
        _at = at;
        _domain = domain;
    }

    /// <summary>Compiles the condition at a place of a text, parentheses included.</summary>
    /// <param name="text">The whole SDDL text.</param>
    /// <param name="at">Where the condition starts; then where it ended.</param>
    /// <param name="domain">Stands for the machine and its domain in abbreviations of SIDs; may be null.</param>
    /// <returns>Signature and tokens, without padding.</returns>
    /// <exception cref="LayerFormatException">There is no condition.</exception>
    public static byte[] Compile(ReadOnlySpan<char> text, ref int at, Sid? domain)
    {
        var compiler = new ConditionCompiler(text, at, domain);
        compiler._output.Write(ConditionToken.Signature);
        compiler.SkipSpace();
        compiler.ReadParenthesized();
        at = compiler._at;
        return compiler._output.WrittenSpan.ToArray();
    }

    private void ReadParenthesized()
    {
        Expect('(');
        if (++_depth > ConditionToken.MaxDepth)
        {
            throw Invalid("condition is nested too deeply");
        }

        ReadAlternatives();
        SkipSpace();
        Expect(')');
        _depth--;
    }

    private void ReadAlternatives()
    {
        ReadConjunction();
        while (Take("||"))
        {
            ReadConjunction();
            Put(ConditionToken.Or);
        }
    }

    private void ReadConjunction()
    {
        ReadTerm();
        while (Take("&&"))
        {
            ReadTerm();
            Put(ConditionToken.And);
        }
    }

    private void ReadTerm()
    {
        SkipSpace();
        if (Next == '(')
        {
            ReadParenthesized();
        }
        else if (Next == '!')
        {
            _at++;
            SkipSpace();
            if (Next == '(')
            {
                ReadParenthesized();
            }
            else if (Next == '@')
            {
                ReadComparison();
            }
            else
            {
                throw Invalid("'!' stands before a parenthesis or an attribute");
            }

            Put(ConditionToken.Not);
        }
        else
        {
            ReadComparison();
        }

        SkipSpace();
    }

    /// <summary>An attribute, alone or compared with something, or an operator that stands first.</summary>
    private void ReadComparison()
    {
        int start = _at;
        if (Next != '@')
        {
            ReadOnlySpan<char> word = ReadWord();
            if (ConditionToken.TryFind(ConditionToken.Membership, word, out byte membership))
            {
                ReadSids();
                Put(membership);
                return;
            }

            if (ConditionToken.TryFind(ConditionToken.Existence, word, out byte existence))
            {
                SkipSpace();
                ReadAttribute();
                Put(existence);
                return;
            }

            _at = start;
        }

        ReadAttribute();
        SkipSpace();
        if (TryReadRelation(out byte relation))
        {
            ReadOperand(scalar: relation is >= ConditionToken.Less and <= ConditionToken.GreaterOrEqual);
            Put(relation);
        }
    }

    private bool TryReadRelation(out byte code)
    {
        foreach ((string name, byte value) in ConditionToken.Relations)
        {
            if (!char.IsAsciiLetter(name[0]) && _text[_at..].StartsWith(name, StringComparison.Ordinal))
            {
                _at += name.Length;
                code = value;
                return true;
            }
        }

        code = 0;
        if (!char.IsAsciiLetter(Next))
        {
            return false;
        }

        ReadOnlySpan<char> word = ReadWord();
        return ConditionToken.TryFind(ConditionToken.Relations, word, out code) ? true : throw Invalid($"unknown operator '{word}'");
    }

    private void ReadAttribute()
    {
        if (Next != '@')
        {
            ReadOnlySpan<char> word = ReadWord();
            PutText(ConditionToken.LocalAttribute, word);
            return;
        }

        foreach ((string prefix, byte code) in ConditionToken.Attributes)
        {
            if (_text[_at..].StartsWith(prefix, StringComparison.OrdinalIgnoreCase))
            {
                _at += prefix.Length;
                PutText(code, SddlAttributeName.Read(_text, ref _at));
                return;
            }
        }

        throw Invalid("attributes are those of @User., @Device. and @Resource.");
    }

    private void ReadOperand(bool scalar)
    {
        SkipSpace();
        if (Next == '@')
        {
            ReadAttribute();
        }
        else if (Next == '(')
        {
            _at++;
            SkipSpace();
            ReadLiteral(list: !scalar);
            SkipSpace();
            Expect(')');
        }
        else
        {
            ReadLiteral(list: !scalar);
        }
    }

    private void ReadSids()
    {
        SkipSpace();
        int parentheses = 0;
        for (; Next == '('; parentheses++)
        {
            _at++;
            SkipSpace();
        }

        if (Next == '{')
        {
            ReadList(sidsOnly: true);
        }
        else
        {
            ReadSid();
        }

        for (; parentheses > 0; parentheses--)
        {
            SkipSpace();
            Expect(')');
        }
    }

    private void ReadList(bool sidsOnly)
    {
        Expect('{');
        int length = PutLength(ConditionToken.Composite);
        SkipSpace();
        while (Next != '}')
        {
            if (sidsOnly)
            {
                ReadSid();
            }
            else
            {
                ReadLiteral(list: false);
            }

            SkipSpace();
            if (Next != '}')
            {
                Expect(',');
                SkipSpace();
                if (Next == '}')
                {
                    throw Invalid("value expected after ','");
                }
            }
        }

        _at++;
        SetLength(length);
    }

    private void ReadLiteral(bool list)
    {
        switch (Next)
        {
            case '{' when list:
                ReadList(sidsOnly: false);
                break;
            case '"':
                PutText(ConditionToken.Text, SddlLiteral.ReadText(_text, ref _at));
                break;
            case '#':
                _at++;
                byte[] octets = SddlLiteral.ReadOctets(_text, ref _at);
                int length = PutLength(ConditionToken.Octets);
                _output.Write(octets);
                SetLength(length);
                break;
            case 's' or 'S':
                ReadSid();
                break;
            default:
                ReadInteger();
                break;
        }
    }

    private void ReadInteger()
    {
        long value = SddlLiteral.ReadInteger(_text, ref _at, out byte sign, out byte radix);
        Span<byte> token = _output.GetSpan(11);
        token[0] = ConditionToken.Int64;
        BinaryPrimitives.WriteInt64LittleEndian(token[1..], value);
        token[9] = sign;
        token[10] = radix;
        _output.Advance(11);
    }

    private void ReadSid()
    {
        if (!_text[_at..].StartsWith("SID(", StringComparison.OrdinalIgnoreCase))
        {
            throw Invalid("SID(...) expected");
        }

        _at += 4;
        SkipSpace();
        Sid sid = SddlSid.Read(_text, ref _at, _domain);
        SkipSpace();
        Expect(')');
        int length = PutLength(ConditionToken.SidLiteral);
        _output.Write(sid.Bytes);
        SetLength(length);
    }

    private ReadOnlySpan<char> ReadWord()
    {
        int start = _at;
        while (_at < _text.Length && (ConditionToken.IsWordCharacter(_text[_at]) || (_at > start && _text[_at] == '@')))
        {
            _at++;
        }

        return _at > start ? _text[start.._at] : throw Invalid("attribute, operator or parenthesis expected");
    }

    private readonly char Next => _at < _text.Length ? _text[_at] : '\0';

    private bool Take(string word)
    {
        SkipSpace();
        if (!_text[_at..].StartsWith(word, StringComparison.Ordinal))
        {
            return false;
        }

        _at += word.Length;
        return true;
    }

    private void Expect(char c)
    {
        if (Next != c)
        {
            throw Invalid($"'{c}' expected in a condition");
        }

        _at++;
    }

    private void SkipSpace()
    {
        while (_at < _text.Length && char.IsWhiteSpace(_text[_at]))
        {
            _at++;
        }
    }

    private readonly void Put(byte token) => _output.Write<byte>([token]);

    private readonly void PutText(byte token, ReadOnlySpan<char> text)
    {
        int length = PutLength(token);
        Utf16Bytes.Write(text, _output.GetSpan(2 * text.Length));
        _output.Advance(2 * text.Length);
        SetLength(length);
    }

    /// <summary>Writes a token and room for the length of what follows.</summary>
    /// <returns>Where the length is.</returns>
    private readonly int PutLength(byte token)
    {
        _output.Write<byte>([token, 0, 0, 0, 0]);
        return _output.WrittenCount - 4;
    }

    private readonly void SetLength(int at)
    {
        Span<byte> written = System.Runtime.InteropServices.MemoryMarshal.AsMemory(_output.WrittenMemory).Span;
        BinaryPrimitives.WriteInt32LittleEndian(written[at..], _output.WrittenCount - at - 4);
    }

    private readonly LayerFormatException Invalid(string problem) => SddlError.At(_text, _at, problem);
}
