using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers;

/// <summary>
/// Writes a layer entry by entry: all or nothing. The layer is there after <see cref="Commit"/>; without it, or when that fails,
/// everything that was made is taken back. Parents come before children. Not thread-safe.
/// </summary>
public abstract class LayerWriter : IDisposable
{
    private readonly LayerEntryRules _rules = new();
    private readonly BackupStreamTracker _tracker = new();
    private readonly List<string> _warnings = [];
    private bool _failed;
    private bool _over;

    private protected LayerWriter(LayerErrorContext place, CancellationToken cancellationToken)
    {
        Place = place;
        CancellationToken = cancellationToken;
    }

    /// <summary>Which writer this is: <c>stream</c>, <c>folder</c> or <c>base</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>What went wrong without touching the result.</summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>Layer and parents, for errors.</summary>
    private protected LayerErrorContext Place { get; }

    /// <summary>Stops between entries and between pieces of data.</summary>
    private protected CancellationToken CancellationToken { get; }

    /// <summary>Opens the writer that fits the layer and the machine. The layer must not be there yet.</summary>
    /// <param name="machine">The calls to use.</param>
    /// <param name="layer">The layer to make, and its parents.</param>
    /// <param name="kind">Which writer; by default the one that fits.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="LayerException">The layer is there already, or a call failed. Nothing is left behind.</exception>
    public static LayerWriter Open(
        HcsMachine machine, LayerLocation layer, LayerWriterKind kind = LayerWriterKind.Auto, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(layer);
        layer.Validate();
        cancellationToken.ThrowIfCancellationRequested();
        try
        {
            return Choose(machine, layer, kind) switch
            {
                LayerWriterKind.Stream => StreamingLayerWriter.Begin(machine.Vmcompute, layer, cancellationToken),
                LayerWriterKind.Base => BaseLayerWriter.Begin(machine, layer, cancellationToken),
                _ => FolderLayerWriter.Begin(machine, layer, cancellationToken),
            };
        }
        catch (HcsException e)
        {
            throw LayerException.From(e, layer.ErrorContext);
        }
    }

    /// <summary>Writes a file, a directory or a link.</summary>
    /// <param name="name">Name relative to the layer, with backslashes.</param>
    /// <param name="info">Times and attributes.</param>
    /// <param name="backupStream">Its Win32 backup stream; read to its end.</param>
    /// <exception cref="LayerException">The entry cannot be part of the layer, or writing it failed: the layer cannot be
    /// completed.</exception>
    public void WriteEntry(string name, in LayerFileInfo info, Stream backupStream)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(backupStream);
        LayerFileInfo given = info;
        Write(name, () =>
        {
            _rules.Add(name, given);
            _tracker.Reset();
            WriteEntryCore(name, given, backupStream);
            if (_tracker.HasSeen(BackupStreamId.ReparseData))
            {
                _rules.MarkLink(name);
            }
        });
    }

    /// <summary>Writes one more name of a file of this layer or of a parent.</summary>
    /// <param name="name">The name.</param>
    /// <param name="target">The other name.</param>
    /// <exception cref="LayerException">The link cannot be part of the layer, or this writer cannot make links.</exception>
    public void WriteHardLink(string name, string target)
    {
        ArgumentNullException.ThrowIfNull(name);
        ArgumentNullException.ThrowIfNull(target);
        Write(name, () =>
        {
            _rules.AddLink(name, target);
            WriteHardLinkCore(name, target);
        });
    }

    /// <summary>Hides something of the parents.</summary>
    /// <param name="name">Its name.</param>
    /// <exception cref="LayerException">The tombstone cannot be part of the layer, or writing it failed.</exception>
    public void WriteTombstone(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        Write(name, () =>
        {
            _rules.AddTombstone(name);
            WriteTombstoneCore(name);
        });
    }

    /// <summary>Makes the layer of what was written.</summary>
    /// <exception cref="LayerException">That failed; nothing is left of the layer.</exception>
    /// <exception cref="InvalidOperationException">An entry failed, or the writer was closed.</exception>
    public void Commit()
    {
        ThrowIfUnusable();
        _over = true;
        try
        {
            CommitCore();
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            AbortCore();
            throw LayerException.From(e, Place);
        }
        catch
        {
            AbortCore();
            throw;
        }
    }

    /// <summary>Without <see cref="Commit"/>: takes back what was made.</summary>
    public void Dispose()
    {
        if (!_over)
        {
            _over = true;
            AbortCore();
        }

        GC.SuppressFinalize(this);
    }

    private protected abstract void WriteEntryCore(string name, in LayerFileInfo info, Stream backupStream);

    private protected abstract void WriteHardLinkCore(string name, string target);

    private protected abstract void WriteTombstoneCore(string name);

    private protected abstract void CommitCore();

    /// <summary>Takes back what was made; what cannot be is a warning.</summary>
    private protected abstract void AbortCore();

    /// <summary>Whether this layer has an entry of that name.</summary>
    private protected bool HasEntry(string name) => _rules.Contains(name);

    /// <summary>Reads the next piece of the entry's backup stream; 0 at its end.</summary>
    private protected int ReadPiece(Stream backupStream, byte[] buffer)
    {
        int read = backupStream.Read(buffer, 0, buffer.Length);
        CancellationToken.ThrowIfCancellationRequested();
        _tracker.Advance(buffer.AsSpan(0, read));
        return read;
    }

    private protected void AddWarning(string warning) => _warnings.Add(warning);

    /// <summary>As hcsshim did while there were streaming calls, and does since there are none.</summary>
    internal static LayerWriterKind Choose(HcsMachine machine, LayerLocation layer, LayerWriterKind kind) =>
        kind != LayerWriterKind.Auto ? kind
        : machine.Vmcompute.Probe("ImportLayerBegin") == ExportStatus.Present ? LayerWriterKind.Stream
        : layer.Parents.Count == 0 ? LayerWriterKind.Base
        : LayerWriterKind.Folder;

    private void Write(string name, Action write)
    {
        ThrowIfUnusable();
        CancellationToken.ThrowIfCancellationRequested();
        _failed = true;
        try
        {
            write();
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw LayerException.From(e, Place with { Entry = name });
        }

        _failed = false;
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_over, this);
        if (_failed)
        {
            throw new InvalidOperationException("an entry of this layer failed: it cannot be continued or completed");
        }
    }
}
