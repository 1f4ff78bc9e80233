using System.Runtime.ExceptionServices;
using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Reads a layer entry by entry, forward only, in the manner of <c>System.Formats.Tar.TarReader</c>. Parents come before children.
/// Not thread-safe. <see cref="Open"/> chooses one for a layer of a machine; the readers themselves can also be opened one by one.
/// </summary>
public abstract class LayerReader : IDisposable
{
    private readonly List<LayerLossRecord> _losses = [];
    private int _lossesOfInner;
    private readonly List<string> _warnings = [];
    private LayerEntry? _current;
    private string? _last;
    private string? _at;
    private Exception? _walkFailure;
    private bool _readFailed;
    private bool _ended;
    private bool _closed;

    /// <summary>Starts a reader.</summary>
    /// <param name="context">Layer and parents, for errors.</param>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    private protected LayerReader(LayerErrorContext context, CancellationToken cancellationToken)
    {
        ErrorContext = context;
        CancellationToken = cancellationToken;
    }

    /// <summary>Which reader this is: <c>stream</c>, <c>folder</c>, <c>base</c> or <c>tar</c>.</summary>
    public abstract string Kind { get; }

    /// <summary>What the reader met that a tar does not carry. Complete once the last entry was read.</summary>
    public IReadOnlyList<LayerLossRecord> Losses => _losses;

    /// <summary>
    /// What went wrong without touching the result: a temporary folder that could not be removed, times that a source does not have.
    /// </summary>
    public IReadOnlyList<string> Warnings => _warnings;

    /// <summary>
    /// Whether the entries come from calls, which tell no hard links, and which a replay answers only where the recorded program asked:
    /// then each stream is to be read.
    /// </summary>
    internal virtual bool IsOfCalls => false;

    /// <summary>
    /// Where the reader is, or was when it was closed: the layer and its parents, the entry whose stream can be read, or between two
    /// entries the one before.
    /// </summary>
    public LayerErrorContext Place =>
        ErrorContext with { Entry = _at, AfterEntry = _at is null ? _last : null };

    /// <summary>
    /// Whether all of an entry is read before the reader goes on, also what nobody asked for: a replay serves the calls of a recorded
    /// export, which reads everything.
    /// </summary>
    public bool ReadsWhole { get; set; }

    /// <summary>Layer and parents, for errors.</summary>
    internal LayerErrorContext ErrorContext { get; }

    /// <summary>Stops reading between entries and between reads.</summary>
    internal CancellationToken CancellationToken { get; }

    /// <summary>Where in the current entry's backup stream its reader is, for errors.</summary>
    internal BackupStreamTracker Tracker { get; } = new();

    /// <summary>Opens the reader that fits the layer and the machine (docs/windows/reading-a-layer.md#which-reader).</summary>
    /// <param name="machine">The calls to use.</param>
    /// <param name="layer">What to read.</param>
    /// <param name="kind">Which reader; by default the one that fits.</param>
    /// <param name="cancellationToken">Stops reading between entries and between reads; what was created is removed on
    /// <see cref="Dispose"/>.</param>
    /// <exception cref="LayerException">The layer cannot be opened. Nothing is left behind.</exception>
    public static LayerReader Open(
        HcsMachine machine,
        LayerLocation layer,
        LayerReaderKind kind = LayerReaderKind.Auto,
        CancellationToken cancellationToken = default) =>
        LayerReaderSelection.Open(machine, layer, kind, cancellationToken);

    /// <summary>Goes on to the next entry. The previous one, and its stream, end their life.</summary>
    /// <returns>The entry, or null at the end of the layer.</returns>
    /// <exception cref="LayerException">Reading failed. Every further call throws the same error.</exception>
    /// <exception cref="ObjectDisposedException">The reader was closed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public LayerEntry? GetNextEntry()
    {
        ObjectDisposedException.ThrowIf(_closed, this);
        if (_walkFailure is not null)
        {
            ExceptionDispatchInfo.Throw(_walkFailure);
        }

        if (_ended)
        {
            return null;
        }

        try
        {
            if (ReadsWhole)
            {
                _current?.OpenBackupStream().CopyTo(Stream.Null);
            }

            ReleaseCurrent();
            _at = null;
            CancellationToken.ThrowIfCancellationRequested();
            _current = ReadNextEntry();
            _ended = _current is null;
            if (_current is not null)
            {
                _current.Reader ??= this;
                _last = _at = _current.Name;
            }

            return _current;
        }
        catch (LayerException e) when (_last is not null && e.Context is { Entry: null, AfterEntry: null })
        {
            var placed = LayerException.From(e, ErrorContext with { AfterEntry = _last });
            _walkFailure = placed;
            throw placed;
        }
        catch (Exception e)
        {
            _walkFailure = e;
            throw;
        }
    }

    /// <summary>
    /// Ends reading and gives back everything. After a layer was read to its end, an error of the final call is thrown: it means that the
    /// export is not to be trusted. After a failure or half-way, that error is only a consequence and is not thrown. A second call does
    /// nothing.
    /// </summary>
    public void Close()
    {
        if (_closed)
        {
            return;
        }

        _closed = true;
        try
        {
            ReleaseCurrent();
        }
        finally
        {
            CloseCore(reportErrors: _ended && !_readFailed && _walkFailure is null);
        }
    }

    /// <summary>As <see cref="Close"/>.</summary>
    public void Dispose()
    {
        Close();
        GC.SuppressFinalize(this);
    }

    /// <summary>Reads the next entry; null at the end.</summary>
    private protected abstract LayerEntry? ReadNextEntry();

    /// <summary>The next entry of the reader that this one wraps, with the losses that came since the last.</summary>
    private protected LayerEntry? ReadNextEntryOf(LayerReader inner)
    {
        LayerEntry? entry = inner.GetNextEntry();
        for (; _lossesOfInner < inner._losses.Count; _lossesOfInner++)
        {
            AddLoss(inner._losses[_lossesOfInner]);
        }

        return entry;
    }

    /// <summary>Closes the reader that this one wraps, and takes its warnings over.</summary>
    private protected void CloseInner(LayerReader inner, bool reportErrors)
    {
        _warnings.AddRange(inner._warnings);
        if (reportErrors)
        {
            inner.Close();
        }
        else
        {
            inner.Dispose();
        }
    }

    /// <summary>Gives back everything. Called once.</summary>
    /// <param name="reportErrors">Whether errors are to be thrown; everything is given back in any case.</param>
    private protected abstract void CloseCore(bool reportErrors);

    /// <summary>Goes past an entry whose content is not wanted.</summary>
    internal void PassOver(LayerEntry entry)
    {
        if (IsOfCalls)
        {
            entry.OpenBackupStream().CopyTo(Stream.Null);
        }
    }

    /// <summary>Notes that reading an entry's stream failed: the error of the final call is then no news.</summary>
    internal void NoteReadFailure() => _readFailed = true;

    /// <summary>Adds to <see cref="Losses"/>.</summary>
    private protected void AddLoss(LayerLossRecord loss) => _losses.Add(loss);

    /// <summary>Adds to <see cref="Warnings"/>.</summary>
    private protected void AddWarning(string warning) => _warnings.Add(warning);

    private void ReleaseCurrent()
    {
        LayerEntry? entry = _current;
        _current = null;
        entry?.Release();
    }
}
