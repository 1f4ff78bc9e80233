using System.Buffers.Binary;
using System.Text;

namespace AotLayers.Formats;

/// <summary>
/// The condition of a callback entry as SDDL, spelled as Windows spells it: parentheses around both sides of <c>&amp;&amp;</c> and
/// <c>||</c>, prefixes of attributes in capitals.
/// </summary>
internal ref struct ConditionText
{
    private readonly List<Part> _stack = [];
    private ReadOnlySpan<byte> _tokens;

    private ConditionText(ReadOnlySpan<byte> tokens)
    {
        _tokens = tokens;
    }

    /// <summary>Writes a condition.</summary>
    /// <param name="data">What follows the SID of the entry.</param>
    /// <returns>The text with its parentheses, or null when the bytes are no condition, or one that SDDL cannot spell.</returns>
    public static string? Write(ReadOnlySpan<byte> data)
    {
        if (!data.StartsWith(ConditionToken.Signature))
        {
            return null;
        }

        var reader = new ConditionText(data[ConditionToken.Signature.Length..]);
        if (!reader.Read() || reader._stack is not [{ IsLiteral: false } root])
        {
            return null;
        }

        return CompilesTo(root.Parenthesized);
    }

    /// <summary>
    /// SDDL cannot spell all that bytes can say: quotes in texts, words where a name stands. What does not come back the same has no text.
    /// </summary>
    private static string? CompilesTo(string text)
    {
        try
        {
            int at = 0;
            byte[] again = ConditionCompiler.Compile(text, ref at, domain: null);
            var reader = new ConditionText(again.AsSpan(ConditionToken.Signature.Length));
            return at == text.Length && reader.Read() && reader._stack is [var root] && root.Parenthesized == text ? text : null;
        }
        catch (LayerFormatException)
        {
            return null;
        }
    }

    private bool Read()
    {
        while (!_tokens.IsEmpty)
        {
            byte token = _tokens[0];
            _tokens = _tokens[1..];
            if (token == ConditionToken.Padding)
            {
                return !_tokens.ContainsAnyExcept(ConditionToken.Padding);
            }

            if (token is >= ConditionToken.Equal and < ConditionToken.LocalAttribute ? !Apply(token) : !ReadValue(token))
            {
                return false;
            }
        }

        return true;
    }

    private readonly bool Apply(byte token)
    {
        if (token is ConditionToken.And or ConditionToken.Or)
        {
            return Pop(out Part right) && Pop(out Part left) && !left.IsLiteral && !right.IsLiteral
                && Push($"{left.Parenthesized} {(token == ConditionToken.And ? "&&" : "||")} {right.Parenthesized}", left, right);
        }

        if (token == ConditionToken.Not)
        {
            return Pop(out Part operand) && !operand.IsLiteral && Push("!" + operand.Parenthesized, operand, operand);
        }

        if (ConditionToken.NameOf(ConditionToken.Membership, token) is { } membership)
        {
            return Pop(out Part sids) && Push($"{membership} {sids.Text}", sids, sids);
        }

        if (ConditionToken.NameOf(ConditionToken.Existence, token) is { } existence)
        {
            return Pop(out Part attribute) && Push($"{existence} {attribute.Text}", attribute, attribute);
        }

        return ConditionToken.NameOf(ConditionToken.Relations, token) is { } relation
            && Pop(out Part value) && Pop(out Part subject)
            && Push($"{subject.Text} {relation} {value.Text}", subject, value);
    }

    private bool ReadValue(byte token)
    {
        var text = new StringBuilder();
        ReadOnlySpan<byte> rest = _tokens;
        if (token >= ConditionToken.LocalAttribute)
        {
            if (token > ConditionToken.DeviceAttribute || !TakeCounted(ref rest, out ReadOnlySpan<byte> name) || (name.Length & 1) != 0)
            {
                return false;
            }

            text.Append(ConditionToken.NameOf(ConditionToken.Attributes, token));
            SddlAttributeName.Append(text, Utf16Bytes.GetString(name));
            _stack.Add(new Part(text.ToString(), IsLiteral: false, 0));
            _tokens = rest;
            return true;
        }

        if (!TryAppendLiteral(text, token, ref rest, inList: false))
        {
            return false;
        }

        _tokens = rest;
        _stack.Add(new Part(text.ToString(), IsLiteral: true, 0));
        return true;
    }

    private static bool TryAppendLiteral(StringBuilder text, byte token, ref ReadOnlySpan<byte> rest, bool inList)
    {
        if (token is >= ConditionToken.Int8 and <= ConditionToken.Int64)
        {
            if (rest.Length < 10)
            {
                return false;
            }

            long value = BinaryPrimitives.ReadInt64LittleEndian(rest);
            (byte sign, byte radix) = (rest[8], rest[9]);
            rest = rest[10..];
            return SddlLiteral.TryAppendInteger(text, value, sign, radix);
        }

        if (!TakeCounted(ref rest, out ReadOnlySpan<byte> content))
        {
            return false;
        }

        switch (token)
        {
            case ConditionToken.Text when (content.Length & 1) == 0:
                text.Append('"').Append(Utf16Bytes.GetString(content)).Append('"');
                return true;
            case ConditionToken.Octets:
                text.Append('#').Append(Convert.ToHexStringLower(content));
                return true;
            case ConditionToken.SidLiteral when Sid.TryRead(content, out Sid? sid) && sid.Bytes.Length == content.Length:
                text.Append("SID(").Append(SddlNames.NameOf(sid)).Append(')');
                return true;
            case ConditionToken.Composite when !inList:
                return TryAppendList(text, content);
            default:
                return false;
        }
    }

    private static bool TryAppendList(StringBuilder text, ReadOnlySpan<byte> content)
    {
        text.Append('{');
        for (bool first = true; !content.IsEmpty; first = false)
        {
            text.Append(first ? "" : ", ");
            byte token = content[0];
            content = content[1..];
            if (!TryAppendLiteral(text, token, ref content, inList: true))
            {
                return false;
            }
        }

        text.Append('}');
        return true;
    }

    private static bool TakeCounted(ref ReadOnlySpan<byte> rest, out ReadOnlySpan<byte> content)
    {
        content = default;
        if (rest.Length < 4)
        {
            return false;
        }

        uint length = BinaryPrimitives.ReadUInt32LittleEndian(rest);
        rest = rest[4..];
        if (length > rest.Length)
        {
            return false;
        }

        content = rest[..(int)length];
        rest = rest[(int)length..];
        return true;
    }

    private readonly bool Pop(out Part part)
    {
        part = default;
        if (_stack.Count == 0)
        {
            return false;
        }

        part = _stack[^1];
        _stack.RemoveAt(_stack.Count - 1);
        return true;
    }

    private readonly bool Push(string text, in Part left, in Part right)
    {
        int depth = Math.Max(left.Depth, right.Depth) + 1;
        _stack.Add(new Part(text, IsLiteral: false, depth));
        return depth < ConditionToken.MaxDepth;
    }

    /// <summary>A part of the expression as text, with what it takes to put it into another one.</summary>
    private readonly record struct Part(string Text, bool IsLiteral, int Depth)
    {
        public string Parenthesized => $"({Text})";
    }
}
