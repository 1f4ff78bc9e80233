using AotLayers.Formats;

namespace AotLayers;

/// <summary>The names at the top of a layer (docs/formats/transport-folder.md#tree).</summary>
internal static class LayerTops
{
    public const string Files = "Files";
    public const string Hives = "Hives";
    public const string UtilityVm = "UtilityVM";
    public const string UtilityVmFiles = @"UtilityVM\Files";

    /// <summary>The files of a utility VM that finishing changes, relative to its <c>Files</c>.</summary>
    private const string BootFolder = @"EFI\Microsoft\Boot";

    private static readonly string[] s_bootFiles = ["BCD", "BCD.LOG", "BCD.LOG1", "BCD.LOG2"];

    /// <summary>Whether two names are the same to Windows.</summary>
    public static bool AreSame(string first, string second) => first.Equals(second, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether a name is a directory or lies below it.</summary>
    public static bool IsOrIsBelow(string name, string directory) => AreSame(name, directory) || WindowsPath.IsBelow(name, directory);

    /// <summary>Checks that a name is one that a layer has a place for.</summary>
    /// <exception cref="LayerFormatException">It is not below <c>Files</c>, <c>Hives</c> or <c>UtilityVM\Files</c>.</exception>
    public static void RequireKnown(string name)
    {
        if (!IsOrIsBelow(name, Files) && !IsOrIsBelow(name, Hives) && !IsOrIsBelow(name, UtilityVmFiles) && !AreSame(name, UtilityVm))
        {
            throw new LayerFormatException("a layer holds Files, Hives and UtilityVM\\Files, and nothing else", name);
        }
    }

    /// <summary>
    /// Which boot file of a utility VM a name is, in lower case; null for other ones
    /// (docs/formats/import-rules.md#boot-configuration).
    /// </summary>
    /// <param name="name">Name of an entry.</param>
    public static string? BootFile(string name)
    {
        if (!AreSame(WindowsPath.DirectoryName(name), UtilityVmFiles + "\\" + BootFolder))
        {
            return null;
        }

        string file = WindowsPath.BaseName(name);
        return Array.Exists(s_bootFiles, boot => AreSame(boot, file)) ? file.ToLowerInvariant() : null;
    }
}
