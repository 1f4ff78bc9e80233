using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>What a piece of a text is, for its placeholder.</summary>
internal enum TextPieceKind
{
    /// <summary>A name: a part of a path, or any text.</summary>
    Name,

    /// <summary>A GUID of 36 characters.</summary>
    Guid,

    /// <summary>A security identifier of an account or a domain.</summary>
    Sid,
}

/// <summary>
/// Takes texts apart into the pieces that are replaced one by one: parts of paths, GUIDs, SIDs, the strings of JSON documents. Separators,
/// drives and what has neither letters nor digits stay.
/// </summary>
/// <param name="options">What stays, and what never does.</param>
/// <param name="place">Gives the placeholder of a piece.</param>
internal sealed class TextPieces(RedactionOptions options, Func<TextPieceKind, string, string> place)
{
    private const int MaxNested = 3;
    private const int GuidLength = 36;

    /// <summary>Told of texts that may be integers beyond 2^53, which look alike in a recording. They stay.</summary>
    public Action<string>? Number { get; init; }

    /// <summary>Told what became of texts and parts that are kept, when patterns have changed them.</summary>
    public Action<string>? Kept { get; init; }

    /// <summary>The text with its pieces replaced.</summary>
    public string Replace(string text) => Replace(text, 0);

    private string Replace(string text, int nested)
    {
        if (text.Length == 0)
        {
            return text;
        }

        if (nested == 0 && IsNumber(text))
        {
            Number?.Invoke(text);
            return text;
        }

        if (IsKept(text))
        {
            return ReplacePatterns(text);
        }

        return nested < MaxNested && text[0] is '{' or '[' && ReplaceJson(text, nested) is { } document ? document : ReplaceParts(text);
    }

    // Integers beyond 2^53 and what JSON has no number for are texts in a recording.
    private static bool IsNumber(string text) => text is "NaN" or "Infinity" or "-Infinity"
        || (text.Length is >= 16 and <= 20
            && (long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _)
                || ulong.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out _))
            && text[0] is not ('0' or '+'));

    private bool IsKept(ReadOnlySpan<char> text)
    {
        foreach (string keep in options.Keep)
        {
            if (Wildcard.Matches(keep, text))
            {
                return true;
            }
        }

        return false;
    }

    private string ReplaceParts(string text)
    {
        StringBuilder result = new(text.Length);
        int start = 0;
        for (int i = 0; i <= text.Length; i++)
        {
            if (i == text.Length || text[i] is '\\' or '/' or '\0' or '\n' or '\r')
            {
                result.Append(i > start ? ReplacePart(text[start..i]) : "");
                result.Append(i < text.Length ? text.AsSpan(i, 1) : default);
                start = i + 1;
            }
        }

        return result.ToString();
    }

    private string ReplacePart(string part)
    {
        if (IsSilent(part) || (part.Length == 2 && part[1] == ':' && char.IsAsciiLetter(part[0])))
        {
            return part;
        }

        if (IsKept(part) || options.IsFixed?.Invoke(part) == true)
        {
            return ReplacePatterns(part);
        }

        foreach (string suffix in options.Suffixes)
        {
            if (part.Length > suffix.Length && part.EndsWith(suffix, StringComparison.OrdinalIgnoreCase))
            {
                return string.Concat(ReplacePart(part[..^suffix.Length]), part.AsSpan(part.Length - suffix.Length));
            }
        }

        // A GUID by itself, in braces, or as the name of a volume.
        int before = part.StartsWith("Volume{", StringComparison.OrdinalIgnoreCase) ? 7 : part[0] == '{' ? 1 : 0;
        if (part.Length == before + GuidLength + (before > 0 ? 1 : 0)
            && Guid.TryParseExact(part.AsSpan(before, GuidLength), "D", out Guid guid))
        {
            return guid == Guid.Empty ? part : string.Concat(
                part.AsSpan(0, before),
                place(TextPieceKind.Guid, part.Substring(before, GuidLength)),
                part.AsSpan(before + GuidLength));
        }

        return IsSid(part) || IsDescriptor(part) ? ReplaceSids(part) : place(TextPieceKind.Name, part);
    }

    private static bool IsSilent(string part)
    {
        foreach (char c in part)
        {
            if (char.IsLetterOrDigit(c) || char.IsSurrogate(c))
            {
                return false;
            }
        }

        return true;
    }

    private static int SidLength(ReadOnlySpan<char> text)
    {
        if (!text.StartsWith("S-1-", StringComparison.OrdinalIgnoreCase))
        {
            return 0;
        }

        int length = 4;
        while (length < text.Length
            && (char.IsAsciiDigit(text[length])
                || (text[length] == '-' && text[length - 1] != '-' && length + 1 < text.Length && char.IsAsciiDigit(text[length + 1]))))
        {
            length++;
        }

        return length > 4 ? length : 0;
    }

    private static bool IsSid(string part) => SidLength(part) == part.Length;

    // SDDL: docs/formats/security-descriptors.md has the words; here it matters that there are no names in it.
    private static bool IsDescriptor(string part) =>
        part.Length > 2 && part[1] == ':' && part[0] is 'O' or 'G' or 'D' or 'S' && !part.AsSpan().ContainsAny(' ', '.')
            && (part.Contains("S-1-", StringComparison.Ordinal) || part.Contains("(A;", StringComparison.Ordinal));

    private string ReplaceSids(string part)
    {
        StringBuilder result = new(part.Length);
        int i = 0;
        while (i < part.Length)
        {
            int length = SidLength(part.AsSpan(i));
            result.Append(length > 0 ? place(TextPieceKind.Sid, part.Substring(i, length)) : part.AsSpan(i, 1));
            i += Math.Max(1, length);
        }

        return result.ToString();
    }

    private string ReplacePatterns(string text)
    {
        if (options.Patterns.Count == 0)
        {
            return text;
        }

        StringBuilder result = new(text.Length);
        int i = 0;
        while (i < text.Length)
        {
            int length = 0;
            foreach (string pattern in options.Patterns)
            {
                length = Math.Max(length, MatchLength(pattern, text.AsSpan(i)));
            }

            result.Append(length > 0 ? place(TextPieceKind.Name, text.Substring(i, length)) : text.AsSpan(i, 1));
            i += Math.Max(1, length);
        }

        string replaced = result.ToString();
        Kept?.Invoke(replaced);
        return replaced;
    }

    // '*' is any run of letters, digits, '_', '-' and '.', as long as possible; '?' is one of these. 0 when the text does not begin so.
    private static int MatchLength(ReadOnlySpan<char> pattern, ReadOnlySpan<char> text)
    {
        for (int i = 0; i < pattern.Length; i++)
        {
            if (pattern[i] == '*')
            {
                int run = i;
                while (run < text.Length && IsWord(text[run]))
                {
                    run++;
                }

                if (i + 1 == pattern.Length)
                {
                    return run;
                }

                for (; run >= i; run--)
                {
                    int rest = MatchLength(pattern[(i + 1)..], text[run..]);
                    if (rest > 0)
                    {
                        return run + rest;
                    }
                }

                return 0;
            }

            if (i >= text.Length
                || (pattern[i] == '?' ? !IsWord(text[i]) : char.ToUpperInvariant(pattern[i]) != char.ToUpperInvariant(text[i])))
            {
                return 0;
            }
        }

        return pattern.Length;
    }

    private static bool IsWord(char c) => char.IsLetterOrDigit(c) || c is '_' or '-' or '.';

    // The document keeps its layout: only the strings in it change, and members whose names are no words.
    private string? ReplaceJson(string text, int nested)
    {
        if (!Utf16Text.IsWellFormed(text))
        {
            return null;
        }

        byte[] utf8 = Encoding.UTF8.GetBytes(text);
        Utf8JsonReader reader = new(utf8, new JsonReaderOptions { MaxDepth = 64 });
        using MemoryStream result = new(utf8.Length);
        int copied = 0;
        try
        {
            while (reader.Read())
            {
                bool name = reader.TokenType == JsonTokenType.PropertyName;
                if (name || reader.TokenType == JsonTokenType.String)
                {
                    string value = reader.GetString()!;
                    string replaced = name && IsIdentifier(value) ? value : Replace(value, nested + 1);
                    if (!ReferenceEquals(value, replaced) && value != replaced)
                    {
                        int start = (int)reader.TokenStartIndex + 1;
                        result.Write(utf8.AsSpan(copied, start - copied));
                        result.Write(JsonEncodedText.Encode(replaced, JavaScriptEncoder.UnsafeRelaxedJsonEscaping).EncodedUtf8Bytes);
                        copied = start + reader.ValueSpan.Length;
                    }
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            return null;
        }

        result.Write(utf8.AsSpan(copied));
        return Encoding.UTF8.GetString(result.GetBuffer(), 0, (int)result.Length);
    }

    private static bool IsIdentifier(string name)
    {
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_')
            {
                return false;
            }
        }

        return name.Length > 0 && !char.IsAsciiDigit(name[0]);
    }
}
