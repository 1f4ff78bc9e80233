using AotLayers.Formats;

namespace AotLayers;

/// <summary>Which files of a layer are registry hives (docs/formats/registry-hives.md, docs/formats/base-layer.md).</summary>
internal static class HiveFiles
{
    private static readonly string[] s_config = ["DEFAULT", "SAM", "SECURITY", "SOFTWARE", "SYSTEM"];
    private static readonly string[] s_folders = [@"Files\Windows\System32\config\", @"UtilityVM\Files\Windows\System32\config\"];
    private static readonly string[] s_endings = ["_Delta", "_Base"];

    /// <summary>How the hive's own errors begin.</summary>
    private const string Invalid = "invalid registry hive: ";

    /// <summary>Whether a file has to be one.</summary>
    /// <param name="name">Name with backslashes.</param>
    public static bool Contains(string name)
    {
        if (NtfsNameComparer.Equals(name, @"UtilityVM\Files\EFI\Microsoft\Boot\BCD"))
        {
            return true;
        }

        const string Hives = @"Hives\";
        if (StartsWith(name, Hives))
        {
            return Array.Exists(s_endings, ending => name.EndsWith(ending, StringComparison.OrdinalIgnoreCase))
                && name.LastIndexOf('\\') == Hives.Length - 1;
        }

        foreach (string folder in s_folders)
        {
            if (StartsWith(name, folder) && Array.Exists(s_config, hive => NtfsNameComparer.Equals(name.AsSpan(folder.Length), hive)))
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>What is wrong with a hive; null where nothing is. Errors of what it is read from pass through.</summary>
    /// <param name="content">Its bytes; read as far as needed.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static string? FindProblem(Stream content, CancellationToken cancellationToken)
    {
        try
        {
            RegistryHive.Check(content, cancellationToken);
            return null;
        }
        catch (LayerFormatException e) when (e.Reason.StartsWith(Invalid, StringComparison.Ordinal))
        {
            return e.Reason[Invalid.Length..];
        }
    }

    private static bool StartsWith(string name, string start) =>
        name.Length >= start.Length && NtfsNameComparer.Equals(name.AsSpan(0, start.Length), start);
}
