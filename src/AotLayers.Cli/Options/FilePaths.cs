namespace AotLayers.Cli.Options;

/// <summary>Compares what users type as file names.</summary>
internal static class FilePaths
{
    /// <summary>Whether two names mean the same file, as far as names tell.</summary>
    public static bool AreSame(string first, string second) =>
        string.Equals(Path.GetFullPath(first), Path.GetFullPath(second), OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal);
}
