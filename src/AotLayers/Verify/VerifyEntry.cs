using AotLayers.Formats;

namespace AotLayers;

/// <summary>What an entry is to the rules: more than a sound layer can have.</summary>
internal enum VerifyEntryKind
{
    File,
    Directory,
    ReparsePoint,
    HardLink,
    Whiteout,

    /// <summary>An alternate stream in a tar.</summary>
    Stream,

    /// <summary>A type of tar entry that Windows has nothing for.</summary>
    Special,
}

/// <summary>Which tree of a layer an entry is in.</summary>
internal enum LayerTop
{
    Files,
    Hives,
    UtilityVm,
    Other,
}

/// <summary>
/// An entry as rules see it: what it says to Windows, and what it was made of, the tar header or the backup stream. One object for all
/// entries of a layer.
/// </summary>
internal sealed class VerifyEntry
{
    public VerifyEntryKind Kind { get; set; }

    /// <summary>Name with backslashes, relative to the layer; of whiteouts the name of the entry itself.</summary>
    public string Name { get; set; } = "";

    /// <summary>Whether the name can only mean something inside the layer.</summary>
    public bool HasSafeName { get; set; }

    /// <summary>Which tree it is in.</summary>
    public LayerTop Top { get; set; }

    /// <summary>Of whiteouts what they hide, empty where they name nothing; of hard links the target; of streams their file.</summary>
    public string Target { get; set; } = "";

    /// <summary>The raw header of a tar; null for other sources.</summary>
    public TarHeader? Header { get; set; }

    /// <summary>Everything that its backup stream holds; null in a tar, and where the stream is malformed.</summary>
    public LayerEntryMetadata? Metadata { get; set; }

    /// <summary>Where its header lies in the tar; -1 for other sources.</summary>
    public long Offset { get; set; }

    /// <summary>Size of a file in bytes.</summary>
    public long Size { get; set; }

    /// <summary>Times and attributes; null where a record is malformed.</summary>
    public LayerFileInfo? Info { get; set; }

    /// <summary>What is known of its security descriptor; null without one.</summary>
    public SecurityVerdict? Security { get; set; }

    /// <summary>Of a registry hive: what is wrong with it; null where nothing is, and for other files.</summary>
    public string? HiveProblem { get; set; }

    /// <summary>Of sources other than tars: why the backup stream cannot be read; null when it can.</summary>
    public string? StreamProblem { get; set; }

    /// <summary>Kind of the record that <see cref="StreamProblem"/> is in; None where it is in no record.</summary>
    public BackupStreamId StreamProblemId { get; set; }

    /// <summary>Names that the file has, where the source tells; otherwise 0.</summary>
    public uint LinkCount { get; set; }

    /// <summary>Its node among the layer's names; -1 for streams and unsafe names.</summary>
    public int Node { get; set; }

    /// <summary>The spelling that the same name had before, where that was another one.</summary>
    public string? OtherSpelling { get; set; }

    /// <summary>Whether it can have a security descriptor and attributes of its own.</summary>
    public bool IsFileOrDirectory => Kind is VerifyEntryKind.File or VerifyEntryKind.Directory;

    public void Reset()
    {
        Kind = VerifyEntryKind.File;
        Name = Target = "";
        HasSafeName = false;
        Top = LayerTop.Other;
        Header = null;
        Metadata = null;
        Offset = -1;
        Size = 0;
        Info = null;
        Security = null;
        HiveProblem = StreamProblem = OtherSpelling = null;
        StreamProblemId = BackupStreamId.None;
        LinkCount = 0;
        Node = -1;
    }
}
