namespace AotLayers.Simulator;

/// <summary>State behind a file handle.</summary>
internal sealed class OpenFile(SimulatedNode node, bool canRead)
{
    private ContentSource? _backup;

    public SimulatedNode Node => node;

    public SimulatedFile File => node.File;

    public bool CanRead => canRead;

    /// <summary>File position of ReadFile.</summary>
    public long Position { get; set; }

    /// <summary>Context of BackupRead; 0 before its first call and after its abort form.</summary>
    public nint BackupContext { get; private set; }

    /// <summary>Position in the backup stream.</summary>
    public long BackupPosition { get; set; }

    /// <summary>The backup stream of the open context.</summary>
    public ContentSource Backup => _backup ?? ContentSource.Empty;

    /// <summary>Starts a backup; the stream's parts are fixed by its first call.</summary>
    public void BeginBackup(nint context, bool withSecurity)
    {
        BackupContext = context;
        BackupPosition = 0;
        _backup = BackupStreamContent.Create(File, withSecurity);
    }

    /// <summary>Ends a backup.</summary>
    public void EndBackup()
    {
        BackupContext = 0;
        _backup = null;
    }
}
