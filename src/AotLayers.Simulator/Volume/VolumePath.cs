using System.Buffers;

namespace AotLayers.Simulator;

/// <summary>A Windows path split into a drive or volume and names, with the rules that CreateFileW applies first.</summary>
/// <param name="Volume"><c>C:</c> or <c>Volume{guid}</c>.</param>
/// <param name="Names">The names below it.</param>
internal readonly record struct VolumePath(string Volume, IReadOnlyList<string> Names)
{
    // MAX_PATH with its NUL: longer paths need the \\?\ prefix.
    private const int MaxUnprefixed = 260;
    private const int MaxPrefixed = 32767;

    private static readonly SearchValues<char> s_forbidden = SearchValues.Create("<>|\"?*:");

    /// <summary>Splits a path. Returns a Win32 code, 0 for success.</summary>
    public static uint Parse(string text, out VolumePath path)
    {
        path = default;
        bool verbatim = text.StartsWith(@"\\?\", StringComparison.Ordinal);
        if (text.Length == 0 || text.Length >= (verbatim ? MaxPrefixed : MaxUnprefixed) || text.Contains('\0'))
        {
            return text.Contains('\0') ? Win32Error.InvalidName : Win32Error.PathNotFound;
        }

        string rest = verbatim ? text[4..] : text.Replace('/', '\\');
        if (!verbatim && rest.StartsWith(@"\\", StringComparison.Ordinal))
        {
            return Win32Error.PathNotFound;
        }

        string volume = "C:";
        string[] parts = rest.Split('\\');
        if (verbatim || (rest.Length >= 2 && rest[1] == ':'))
        {
            volume = parts[0];
            parts = parts[1..];
        }

        if (volume.Length == 0 || (verbatim && rest.Contains('/')))
        {
            return Win32Error.InvalidName;
        }

        var names = new List<string>(parts.Length);
        for (int i = 0; i < parts.Length; i++)
        {
            string name = verbatim ? parts[i] : Clean(parts[i]);
            if (name.Length == 0 && (i == parts.Length - 1 || !verbatim))
            {
                continue;
            }

            if (name.Length is 0 or > 255 || name.AsSpan().ContainsAny(s_forbidden))
            {
                return Win32Error.InvalidName;
            }

            if (name == ".." && !verbatim)
            {
                names.RemoveRange(Math.Max(names.Count - 1, 0), Math.Min(names.Count, 1));
            }
            else
            {
                names.Add(name);
            }
        }

        path = new VolumePath(volume, names);
        return 0;
    }

    // Without the prefix, "." vanishes and so do dots and spaces at the end of a name.
    private static string Clean(string name) => name == ".." ? name : name.TrimEnd('.', ' ');
}
