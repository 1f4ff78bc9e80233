namespace AotLayers.Formats;

/// <summary>Names of whiteout entries: the base name of what is gone, behind <c>.wh.</c> (docs/formats/whiteouts.md#in-a-tar).</summary>
public static class WhiteoutName
{
    /// <summary>What precedes the base name.</summary>
    public const string Prefix = ".wh.";

    /// <summary>
    /// Base name of an opaque marker. Windows layers have none; taking it for a deletion would remove a file of an odd name.
    /// </summary>
    public const string Opaque = ".wh..wh..opq";

    /// <summary>The tar name of a tombstone.</summary>
    /// <param name="name">Name of what is gone, with backslashes or slashes.</param>
    public static string FromTombstone(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        string slashed = WindowsPath.ToSlash(name);
        return slashed.Insert(slashed.LastIndexOf('/') + 1, Prefix);
    }

    /// <summary>Whether a tar entry is a whiteout, and of what.</summary>
    /// <param name="tarName">Name of the entry, with slashes.</param>
    /// <param name="tombstone">Name of what is gone, with backslashes.</param>
    /// <exception cref="LayerFormatException">The entry is an opaque marker or names nothing.</exception>
    public static bool TryParse(string tarName, out string tombstone)
    {
        ArgumentNullException.ThrowIfNull(tarName);
        string name = WindowsPath.FromSlash(tarName);
        int start = name.LastIndexOf('\\') + 1;
        tombstone = "";
        if (!name.AsSpan(start).StartsWith(Prefix, StringComparison.Ordinal))
        {
            return false;
        }

        if (name.AsSpan(start).SequenceEqual(Opaque))
        {
            throw new LayerFormatException("opaque whiteouts do not exist in Windows layers", tarName);
        }

        if (name.Length == start + Prefix.Length)
        {
            throw new LayerFormatException("whiteout without a name", tarName);
        }

        tombstone = name.Remove(start, Prefix.Length);
        return true;
    }
}
