using System.Buffers.Text;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>What is known of a security descriptor.</summary>
internal sealed class SecurityVerdict
{
    /// <summary>What is wrong with its base64 in a tar; null where nothing is.</summary>
    public string? EncodingProblem { get; private init; }

    /// <summary>What is wrong with its bytes; null where nothing is.</summary>
    public string? Problem { get; private init; }

    /// <summary>Whether it is sound and has no list of access rights: everybody may do everything.</summary>
    public bool HasNoDacl { get; private init; }

    /// <summary>Judges the bytes of a descriptor.</summary>
    public static SecurityVerdict OfBytes(ReadOnlySpan<byte> bytes)
    {
        try
        {
            return new SecurityVerdict { HasNoDacl = SecurityDescriptor.Parse(bytes).Dacl is null };
        }
        catch (LayerFormatException e)
        {
            return new SecurityVerdict { Problem = e.Message };
        }
    }

    /// <summary>Judges the text of MSWINDOWS.rawsd.</summary>
    public static SecurityVerdict OfBase64(ReadOnlySpan<byte> text)
    {
        if (StrictBase64.FindProblem(text) is { } problem)
        {
            return new SecurityVerdict { EncodingProblem = problem };
        }

        byte[] bytes = new byte[Base64.GetMaxDecodedFromUtf8Length(text.Length)];
        Base64.DecodeFromUtf8(text, bytes, out _, out int length);
        return OfBytes(bytes.AsSpan(0, length));
    }

    /// <summary>Judges the text of MSWINDOWS.sd.</summary>
    public static SecurityVerdict OfSddl(string sddl)
    {
        try
        {
            return new SecurityVerdict { HasNoDacl = SecurityDescriptor.FromSddl(sddl).Dacl is null };
        }
        catch (LayerFormatException e)
        {
            return new SecurityVerdict { Problem = e.Message };
        }
    }
}

/// <summary>The descriptors that came last: a layer has few different ones, each of them thousands of times.</summary>
internal sealed class SecurityVerdicts
{
    private const int Kept = 16;

    private readonly byte[]?[] _texts = new byte[]?[Kept];
    private readonly SecurityVerdict?[] _verdicts = new SecurityVerdict?[Kept];
    private int _next;

    /// <summary>The verdict on a descriptor in base64 or, with <paramref name="raw"/>, in bytes.</summary>
    public SecurityVerdict Of(ReadOnlySpan<byte> text, bool raw)
    {
        for (int i = 0; i < Kept && _texts[i] is { } known; i++)
        {
            if (text.SequenceEqual(known))
            {
                return _verdicts[i]!;
            }
        }

        SecurityVerdict verdict = raw ? SecurityVerdict.OfBytes(text) : SecurityVerdict.OfBase64(text);
        _texts[_next] = text.ToArray();
        _verdicts[_next] = verdict;
        _next = (_next + 1) % Kept;
        return verdict;
    }
}

/// <summary>Base64 as the programs that import layers take it: the standard alphabet, padded, nothing else.</summary>
internal static class StrictBase64
{
    /// <summary>What is wrong with a text; null where nothing is.</summary>
    public static string? FindProblem(ReadOnlySpan<byte> text)
    {
        if (Base64.IsValid(text) && !text.ContainsAny(" \t\r\n"u8))
        {
            return null;
        }

        bool bare = (text.Length & 3) is 2 or 3 && !text.Contains((byte)'=');
        if (!bare)
        {
            return "it is no base64";
        }

        byte[] padded = [.. text, .. "=="u8[..(4 - (text.Length & 3))]];
        return Base64.IsValid(padded) ? "the padding of its base64 is missing, which go-winio refuses" : "it is no base64";
    }
}
