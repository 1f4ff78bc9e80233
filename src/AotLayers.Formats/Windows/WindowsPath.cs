namespace AotLayers.Formats;

/// <summary>
/// Layer entry names as Windows spells them: backslashes, relative, no trailing separator. Path.* cannot do this: off Windows it takes
/// a backslash for a letter (docs/formats/names.md#separators). Names are UTF-16 units and may hold lone surrogates.
/// </summary>
public static class WindowsPath
{
    /// <summary>The separator.</summary>
    public const char Separator = '\\';

    /// <summary>Longest path in UTF-16 units that Windows takes.</summary>
    public const int MaxLength = 32767;

    /// <summary>Backslashes become slashes, as in tar (docs/formats/layer-tar.md#names).</summary>
    public static string ToSlash(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Replace('\\', '/');
    }

    /// <summary>Slashes become backslashes.</summary>
    public static string FromSlash(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.Replace('/', '\\');
    }

    /// <summary>Drops separators at the front.</summary>
    public static string TrimLeading(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.TrimStart('\\', '/');
    }

    /// <summary>Drops separators at the end.</summary>
    public static string TrimTrailing(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.TrimEnd('\\', '/');
    }

    /// <summary>Joins two names with exactly one separator; an empty one vanishes.</summary>
    public static string Join(string first, string second)
    {
        ArgumentNullException.ThrowIfNull(first);
        ArgumentNullException.ThrowIfNull(second);
        first = TrimTrailing(first);
        second = TrimLeading(second);
        return first.Length == 0 ? second : second.Length == 0 ? first : string.Concat(first, @"\", second);
    }

    /// <summary>The part after the last separator.</summary>
    public static string BaseName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name[(name.LastIndexOfAny(['\\', '/']) + 1)..];
    }

    /// <summary>The part before the last separator; empty for a top-level name.</summary>
    public static string DirectoryName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        int at = name.LastIndexOfAny(['\\', '/']);
        return at < 0 ? "" : name[..at];
    }

    /// <summary>
    /// Whether <paramref name="name"/> lies strictly below <paramref name="directory"/>, ignoring case as NTFS does
    /// (docs/formats/names.md#separators).
    /// </summary>
    public static bool IsBelow(string name, string directory)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(directory);
        return name.Length > directory.Length + 1
            && name[directory.Length] is '\\' or '/'
            && name.StartsWith(directory, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>
    /// Checks that a name can only mean something inside its root (docs/formats/names.md#safe-names): relative, no empty, <c>.</c> or
    /// <c>..</c> part, no colon (an alternate stream or a drive), no NUL, at most 32767 units.
    /// </summary>
    /// <param name="name">Name with backslashes or slashes.</param>
    /// <param name="problem">What is wrong, when the result is false.</param>
    public static bool IsSafeRelative(ReadOnlySpan<char> name, out string? problem)
    {
        problem = null;
        if (name.IsEmpty)
        {
            problem = "empty name";
        }
        else if (name.Length > MaxLength)
        {
            problem = "name longer than 32767 characters";
        }
        else if (name.ContainsAny(':', '\0'))
        {
            problem = name.Contains(':') ? "name contains ':'" : "name contains NUL";
        }
        else
        {
            foreach (Range part in name.SplitAny('\\', '/'))
            {
                ReadOnlySpan<char> segment = name[part];
                if (segment.IsEmpty || segment is "." or "..")
                {
                    problem = segment.IsEmpty ? "name has an empty part" : $"name has a '{segment}' part";
                    break;
                }
            }
        }

        return problem is null;
    }
}
