namespace AotLayers.Simulator;

/// <summary>State behind a file handle.</summary>
internal sealed class OpenFile(SimulatedNode node, FileAccessRights access, uint share)
{
    private ContentSource? _backup;

    public SimulatedNode Node => node;

    public SimulatedFile File => node.File;

    public bool CanRead => access.Reads;

    public bool CanWrite => access.Writes;

    /// <summary>Name of the layer whose folder this is; null when it is none.</summary>
    public string? HeldLayer { get; init; }

    /// <summary>Times were set through this handle: what is written through it afterwards leaves them.</summary>
    public bool TimesAreSet { get; set; }

    /// <summary>File position of ReadFile and WriteFile.</summary>
    public long Position { get; set; }

    /// <summary>Context of BackupRead or BackupWrite; 0 before its first call and after its abort form.</summary>
    public nint BackupContext { get; private set; }

    /// <summary>Position in the backup stream that is read.</summary>
    public long BackupPosition { get; set; }

    /// <summary>The backup stream of the open context.</summary>
    public ContentSource Backup => _backup ?? ContentSource.Empty;

    /// <summary>The backup stream that is written; null when none is.</summary>
    public WrittenContent? Written { get; private set; }

    /// <summary>Whether security of the stream that is written counts.</summary>
    public bool WritesSecurity { get; private set; }

    /// <summary>Whether this handle and another one to the same file may be open at a time.</summary>
    public bool GoesWith(FileAccessRights other, uint otherShare) =>
        !access.CountsForSharing || !other.CountsForSharing || (access.IsAllowedBy(otherShare) && other.IsAllowedBy(share));

    /// <summary>Starts to read a backup; the stream's parts are fixed by its first call.</summary>
    public void BeginBackup(nint context, bool withSecurity)
    {
        BackupContext = context;
        BackupPosition = 0;
        _backup = BackupStreamContent.Create(File, withSecurity);
    }

    /// <summary>Starts to write a backup.</summary>
    public void BeginRestore(nint context, bool withSecurity, StreamStore store)
    {
        BackupContext = context;
        Written = new WrittenContent(store);
        WritesSecurity = withSecurity;
    }

    /// <summary>Ends a backup.</summary>
    public void EndBackup()
    {
        BackupContext = 0;
        _backup = null;
        Written = null;
    }
}

/// <summary>What of an access mask the simulated volume looks at.</summary>
internal readonly record struct FileAccessRights(bool Reads, bool Writes, bool Deletes)
{
    private const uint GenericRead = 0x80000000;
    private const uint GenericWrite = 0x40000000;
    private const uint GenericAll = 0x10000000;
    private const uint FileReadData = 1;
    private const uint FileWriteData = 2;
    private const uint FileAppendData = 4;
    private const uint Delete = 0x10000;
    private const uint ShareRead = 1;
    private const uint ShareWrite = 2;
    private const uint ShareDelete = 4;

    /// <summary>A handle that only asks for attributes is in nobody's way.</summary>
    public bool CountsForSharing => Reads || Writes || Deletes;

    public static FileAccessRights Of(uint mask) => new(
        (mask & (GenericRead | GenericAll | FileReadData)) != 0,
        (mask & (GenericWrite | GenericAll | FileWriteData | FileAppendData)) != 0,
        (mask & (GenericAll | Delete)) != 0);

    public bool IsAllowedBy(uint share) =>
        (!Reads || (share & ShareRead) != 0) && (!Writes || (share & ShareWrite) != 0) && (!Deletes || (share & ShareDelete) != 0);
}
