using AotLayers.Formats;

namespace AotLayers;

/// <summary>What the target of a symbolic link or junction becomes in a folder: a relative path that stays inside of it.</summary>
internal static class ExtractLink
{
    private static readonly string[] s_drives = [@"UtilityVM\Files", "Files"];

    /// <summary>
    /// The text of the link. A relative target is kept, in its simplest form; <c>C:\x</c> and <c>\x</c> are below the tree of files that
    /// the link is in.
    /// </summary>
    /// <param name="name">Name of the link's entry.</param>
    /// <param name="target">Target as Windows has it.</param>
    /// <param name="folder">The folder, for the case of names.</param>
    /// <returns>A path with slashes; null when the target is outside of the layer.</returns>
    public static string? Translate(string name, string target, ExtractFolder folder)
    {
        string directory = WindowsPath.DirectoryName(name);
        target = target.StartsWith(@"\\?\", StringComparison.Ordinal) || target.StartsWith(@"\??\", StringComparison.Ordinal)
            ? target[4..]
            : target;
        string[] above = Parts(directory);
        var parts = new List<string>();
        if (target.Length >= 2 && target[1] == ':')
        {
            if (target[0] is not ('C' or 'c')
                || DriveOf(directory) is not { } drive
                || (target.Length > 2 && target[2] is not ('\\' or '/')))
            {
                return null;
            }

            parts.AddRange(Parts(drive));
            target = target[2..];
        }
        else if (target.StartsWith(@"\\", StringComparison.Ordinal) || target.StartsWith("//", StringComparison.Ordinal))
        {
            return null;
        }
        else if (target.StartsWith('\\') || target.StartsWith('/'))
        {
            if (DriveOf(directory) is not { } drive)
            {
                return null;
            }

            parts.AddRange(Parts(drive));
        }
        else
        {
            parts.AddRange(above);
        }

        foreach (string part in Parts(target))
        {
            if (part == "..")
            {
                if (parts.Count == 0)
                {
                    return null;
                }

                parts.RemoveAt(parts.Count - 1);
            }
            else if (part != ".")
            {
                parts.Add(part);
            }
        }

        string place = string.Join('\\', parts);
        if (place.Length > 0 && !WindowsPath.IsSafeRelative(place, out _))
        {
            return null;
        }

        return Path(above, folder.Find(place) is { } real ? folder.Relative(real).Split('/') : [.. parts.Select(ExtractFolder.FileName)]);
    }

    /// <summary>
    /// From one directory to a place: up as far as needed, then down. Nothing goes up behind a name, which could be a link itself.
    /// </summary>
    private static string Path(string[] from, string[] to)
    {
        int same = 0;
        while (same < from.Length && same < to.Length && NtfsNameComparer.Equals(from[same], to[same]))
        {
            same++;
        }

        string text = string.Concat(Enumerable.Repeat("../", from.Length - same)) + string.Join('/', to[same..]);
        return text.Length == 0 ? "." : text;
    }

    private static string? DriveOf(string directory)
    {
        foreach (string drive in s_drives)
        {
            if (NtfsNameComparer.Equals(directory, drive) || WindowsPath.IsBelow(directory, drive))
            {
                return drive;
            }
        }

        return null;
    }

    private static string[] Parts(string path) => path.Split(['\\', '/'], StringSplitOptions.RemoveEmptyEntries);
}
