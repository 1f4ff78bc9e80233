namespace AotLayers;

/// <summary>What becomes of files that are in the folder already.</summary>
public enum ExistingFiles
{
    /// <summary>The entry is a problem, and the file stays.</summary>
    Fail,

    /// <summary>The entry is left out, and the file stays.</summary>
    Skip,

    /// <summary>The file is removed first. Never a directory, and what a link leads to never.</summary>
    Replace,
}

/// <summary>An entry that could not be extracted.</summary>
public sealed class ExtractProblem
{
    internal ExtractProblem(string entry, string reason)
    {
        Entry = entry;
        Reason = reason;
    }

    /// <summary>Name of the entry, with backslashes.</summary>
    public string Entry { get; }

    /// <summary>Why.</summary>
    public string Reason { get; }
}

/// <summary>What an extraction did, and what of the layer is not in the folder.</summary>
public sealed class ExtractSummary
{
    /// <summary>Files that were written.</summary>
    public long Files { get; internal set; }

    /// <summary>Directories of the layer that are there now.</summary>
    public long Directories { get; internal set; }

    /// <summary>Symbolic links, also those made of junctions.</summary>
    public long SymbolicLinks { get; internal set; }

    /// <summary>Hard links.</summary>
    public long HardLinks { get; internal set; }

    /// <summary>Hard links that became copies: the file system has none, or the target was not asked for.</summary>
    public long CopiedLinks { get; internal set; }

    /// <summary>Bytes of the files, holes included.</summary>
    public long Bytes { get; internal set; }

    /// <summary>Entries that were left out because a file was there.</summary>
    public long Skipped { get; internal set; }

    /// <summary>Names of what the layer hides of its parents.</summary>
    public List<string> Tombstones { get; } = [];

    /// <summary>What could not be extracted.</summary>
    public List<ExtractProblem> Problems { get; } = [];

    /// <summary>Security descriptors of entries, which a folder does not carry.</summary>
    public long SecurityDescriptors { get; internal set; }

    /// <summary>Extended attributes, which a folder does not carry.</summary>
    public long ExtendedAttributes { get; internal set; }

    /// <summary>Alternate streams, which a folder does not carry.</summary>
    public long AlternateStreams { get; internal set; }

    /// <summary>Reparse points that are no links, object ids and other records, which a folder does not carry.</summary>
    public long OtherRecords { get; internal set; }
}
