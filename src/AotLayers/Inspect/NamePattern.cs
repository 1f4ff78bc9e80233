using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// A pattern for names of entries, with slashes or backslashes, whatever the case: <c>*</c> and <c>?</c> within a part, <c>**</c> over
/// parts. Without a wildcard it means the entry and all below it; a wildcard without a separator means names at any depth. <c>C:\x</c> is
/// <c>Files\x</c>, as a container sees it.
/// </summary>
public sealed class NamePattern
{
    private readonly string[] _parts;

    private NamePattern(string text, string[] parts, bool isLiteral)
    {
        Text = text;
        _parts = parts;
        IsLiteral = isLiteral;
    }

    /// <summary>What the user wrote.</summary>
    public string Text { get; }

    /// <summary>Whether there is no wildcard in it.</summary>
    public bool IsLiteral { get; }

    /// <summary>The name that a pattern without wildcards means, with backslashes.</summary>
    public string LiteralName => string.Join('\\', _parts);

    /// <summary>Reads a pattern.</summary>
    /// <param name="text">The text; an empty one, or a separator alone, means everything.</param>
    public static NamePattern Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        string name = WindowsPath.FromSlash(text);
        if (name.Length >= 2 && name[1] == ':' && name[0] is 'C' or 'c' && (name.Length == 2 || name[2] == '\\'))
        {
            name = "Files" + name[2..];
        }

        bool isLiteral = !name.AsSpan().ContainsAny('*', '?');
        string[] parts = name.Split('\\', StringSplitOptions.RemoveEmptyEntries);
        if (parts is [not "**"] && !isLiteral)
        {
            parts = ["**", parts[0]];
        }

        return new NamePattern(text, parts, isLiteral);
    }

    /// <summary>Whether a name fits.</summary>
    /// <param name="name">Name of an entry, with backslashes.</param>
    public bool Matches(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return _parts.Length == 0 || Matches(_parts, name);
    }

    /// <summary>Whether a name fits at least one of some patterns, or there is none.</summary>
    /// <param name="patterns">The patterns.</param>
    /// <param name="name">Name of an entry, with backslashes.</param>
    public static bool MatchesAny(IReadOnlyList<NamePattern> patterns, string name)
    {
        ArgumentNullException.ThrowIfNull(patterns);
        foreach (NamePattern pattern in patterns)
        {
            if (pattern.Matches(name))
            {
                return true;
            }
        }

        return patterns.Count == 0;
    }

    private bool Matches(ReadOnlySpan<string> parts, ReadOnlySpan<char> name)
    {
        while (true)
        {
            if (parts.IsEmpty)
            {
                // What a pattern without wildcards names has all below it with it.
                return name.IsEmpty || IsLiteral;
            }

            if (parts[0] == "**")
            {
                return MatchesAtAnyDepth(parts[1..], name);
            }

            if (name.IsEmpty)
            {
                return false;
            }

            int end = name.IndexOf('\\');
            ReadOnlySpan<char> part = end < 0 ? name : name[..end];
            if (!MatchesPart(parts[0], part))
            {
                return false;
            }

            parts = parts[1..];
            name = end < 0 ? [] : name[(end + 1)..];
        }
    }

    private bool MatchesAtAnyDepth(ReadOnlySpan<string> parts, ReadOnlySpan<char> name)
    {
        while (!parts.IsEmpty && parts[0] == "**")
        {
            parts = parts[1..];
        }

        if (parts.IsEmpty)
        {
            return !name.IsEmpty;
        }

        while (!Matches(parts, name))
        {
            int end = name.IndexOf('\\');
            if (end < 0)
            {
                return false;
            }

            name = name[(end + 1)..];
        }

        return true;
    }

    /// <summary>One part of a name; goes back to the last asterisk only, so the time is bounded by the product of the lengths.</summary>
    private static bool MatchesPart(ReadOnlySpan<char> pattern, ReadOnlySpan<char> part)
    {
        int at = 0;
        int next = 0;
        int star = -1;
        int taken = 0;
        while (next < part.Length)
        {
            if (at < pattern.Length && pattern[at] == '*')
            {
                star = at++;
                taken = next;
            }
            else if (at < pattern.Length
                && (pattern[at] == '?' || NtfsNameComparer.ToUpper(pattern[at]) == NtfsNameComparer.ToUpper(part[next])))
            {
                at++;
                next++;
            }
            else if (star >= 0)
            {
                at = star + 1;
                next = ++taken;
            }
            else
            {
                return false;
            }
        }

        return pattern[at..].TrimStart('*').IsEmpty;
    }
}
