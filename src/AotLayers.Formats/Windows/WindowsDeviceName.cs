namespace AotLayers.Formats;

/// <summary>
/// Names that mean a device on Windows, in any directory, in any case and whatever extension follows: <c>CON</c>, <c>nul.tar</c>,
/// <c>C:\aux</c>, <c>COM1</c>.
/// Only paths that begin with <c>\\?\</c> are read as they are.
/// </summary>
public static class WindowsDeviceName
{
    private static readonly string[] s_names = ["CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$"];

    /// <summary>The device that Windows takes a name for.</summary>
    /// <param name="name">One part of a path.</param>
    /// <returns>The device in upper case, without extension; null for a name like others.</returns>
    public static string? Find(ReadOnlySpan<char> name)
    {
        int end = name.IndexOfAny('.', ':');
        ReadOnlySpan<char> bare = (end < 0 ? name : name[..end]).TrimEnd(' ');
        foreach (string device in s_names)
        {
            if (bare.Equals(device, StringComparison.OrdinalIgnoreCase))
            {
                return device;
            }
        }

        // The superscript digits count too: they are digits in the code page that the rule was made for.
        return bare.Length == 4
            && (bare.StartsWith("COM", StringComparison.OrdinalIgnoreCase) || bare.StartsWith("LPT", StringComparison.OrdinalIgnoreCase))
            && bare[3] is (>= '1' and <= '9') or '\u00b9' or '\u00b2' or '\u00b3'
                ? bare.ToString().ToUpperInvariant()
                : null;
    }
}
