using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>
/// One task with one layer: the machine it was asked of, the recording of it, privileges, the reader, and the place that its errors get.
/// What leaves it as an exception says where it happened, and of a replay the first departure from the recording. Not thread-safe.
/// </summary>
public sealed class LayerTask : IDisposable
{
    private const int BufferSize = 128 * 1024;

    private readonly LayerRequest _request;
    private readonly HcsSession? _session;
    private HcsSession? _replay;
    private PrivilegeScope? _privileges;
    private ScratchLayerScope? _scratch;
    private LayerReader? _reader;

    private LayerTask(LayerRequest request, HcsSession? session)
    {
        _request = request;
        _session = session;
    }

    /// <summary>Reads the layer.</summary>
    /// <exception cref="InvalidOperationException"><see cref="OpenReader"/> was not called.</exception>
    public LayerReader Reader => _reader ?? throw new InvalidOperationException("the layer is not open");

    /// <summary>Checks the request and opens its machine; no call is made.</summary>
    /// <param name="request">What to do.</param>
    /// <exception cref="UsageException">The request makes no sense.</exception>
    /// <exception cref="LayerTaskException">The machine cannot be opened, or the recording cannot be created.</exception>
    public static LayerTask Start(LayerRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Check();
        try
        {
            return new LayerTask(request, request.Hcs is null ? null : HcsSession.Open(request.SessionOptions));
        }
        catch (FormatException e)
        {
            throw new UsageException($"{request.Spelling.Name("hcs")} sim: {e.Message}");
        }
        catch (Exception e) when (e is not UsageException)
        {
            throw new LayerTaskException(e, request.Place);
        }
    }

    /// <summary>Enables privileges, activates a scratch layer, and opens the layer.</summary>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    /// <exception cref="LayerTaskException">That failed.</exception>
    public void OpenReader(CancellationToken cancellationToken)
    {
        try
        {
            if (_session is null)
            {
                _reader = OpenFile(cancellationToken);
                return;
            }

            LayerLocation layer = _request.Location;
            _privileges = _session.EnablePrivileges(PrivilegeScope.Backup);
            _scratch = _request.Scratch ? ScratchLayerScope.Enter(_session.Machine.Vmcompute, layer) : null;
            _reader = LayerReader.Open(_session.Machine, layer, _request.Reader, cancellationToken);
        }
        catch (Exception e) when (Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>The machine, for calls that are no reading, with privileges enabled until the task ends.</summary>
    /// <param name="privileges">Names such as <see cref="PrivilegeScope.Restore"/>; none for none.</param>
    /// <exception cref="InvalidOperationException">The request names no machine.</exception>
    /// <exception cref="HcsException">A privilege is not held.</exception>
    public HcsMachine UseMachine(IReadOnlyList<string> privileges)
    {
        HcsSession session = _session ?? throw new InvalidOperationException("the request names no machine");
        _privileges = privileges.Count > 0 ? session.EnablePrivileges([.. privileges]) : null;
        return session.Machine;
    }

    /// <summary>Enables privileges, and makes the layer of a tar: all of it or nothing.</summary>
    /// <param name="tar">The tar; closed.</param>
    /// <param name="name">What to call it in errors.</param>
    /// <param name="options">How.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="LayerTaskException">That failed, or a replay is not used up.</exception>
    internal ImportSummary Import(Stream tar, string name, ImportOptions options, CancellationToken cancellationToken)
    {
        try
        {
            HcsSession session = _session ?? throw new InvalidOperationException("a layer is made by an HCS");
            ImportSummary summary;
            try
            {
                _privileges = session.EnablePrivileges(PrivilegeScope.Backup, PrivilegeScope.Restore);
                summary = LayerImporter.Import(
                    session.Machine,
                    _request.Location,
                    tar,
                    name,
                    options,
                    cancellationToken: cancellationToken);
            }
            finally
            {
                Leave();
            }

            session.VerifyReplay();
            return summary;
        }
        catch (Exception e) when (Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Closes the reader and gives privileges back.</summary>
    /// <param name="complete">Whether the layer was read to its end without a failure: then a recording that is replayed must be used
    /// up.</param>
    /// <exception cref="LayerTaskException">The layer or the replay is not to be trusted.</exception>
    public void CloseReader(bool complete)
    {
        try
        {
            try
            {
                _reader?.Close();
            }
            finally
            {
                Leave();
            }

            if (complete)
            {
                _session?.VerifyReplay();
            }
        }
        catch (Exception e) when (Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>Completes the recording, if one is written.</summary>
    /// <exception cref="LayerTaskException">It could not be written to its end; the layer is as it was read.</exception>
    public void CompleteRecording()
    {
        try
        {
            _session?.CompleteRecording();
        }
        catch (Exception e) when (Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    /// <summary>
    /// The error to tell for an exception: with its place, and in place of what only follows from it the first departure from a replayed
    /// recording.
    /// </summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="entry">The entry at work; null when none is.</param>
    /// <returns>The exception to throw; null when the one that was thrown is that already.</returns>
    public Exception? Explain(Exception error, string? entry = null)
    {
        if (error is LayerTaskException or UsageException or OperationCanceledException)
        {
            return null;
        }

        LayerErrorContext place = _request.Place with { Entry = entry };
        Exception cause = (_replay ?? _session)?.Departure ?? error;
        return new LayerTaskException(cause is LayerFormatException ? LayerException.From(cause, place) : cause, place);
    }

    /// <summary>Closes everything without a word about the layer.</summary>
    public void Dispose()
    {
        try
        {
            _reader?.Dispose();
        }
        finally
        {
            Leave();
            _replay?.Dispose();
            _session?.Dispose();
        }
    }

    private void Leave()
    {
        _scratch?.Dispose();
        _scratch = null;
        _privileges?.Dispose();
        _privileges = null;
    }

    /// <summary>What a file or folder is, is told by its content, not by its name.</summary>
    private LayerReader OpenFile(CancellationToken cancellationToken)
    {
        string path = _request.Source;
        if (Directory.Exists(path))
        {
            return TransportFolderReader.Open(path, cancellationToken);
        }

        FileStream file = new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize);
        try
        {
            if (!IsRecording(file))
            {
                return TarLayerReader.Open(file, path, cancellationToken: cancellationToken);
            }
        }
        catch
        {
            file.Dispose();
            throw;
        }

        file.Dispose();
        return OpenRecording(path, cancellationToken);
    }

    /// <summary>Replays the layer that a recording reads; calls around it are not asked for.</summary>
    private LayerReader OpenRecording(string path, CancellationToken cancellationToken)
    {
        (LayerLocation layer, LayerReaderKind kind) = RecordedLayer.Find(CallRecording.Load(path), path);
        _replay = HcsSession.Open(new HcsSessionOptions
        {
            Choice = new HcsChoice(HcsChoiceKind.Replay, path),
            ReplayOrder = ReplayOrder.PerHandle
        });
        return LayerReader.Open(_replay.Machine, layer, kind, cancellationToken);
    }

    /// <summary>A recording is a JSON object; no tar and no compressed file begins with a brace.</summary>
    private static bool IsRecording(FileStream file)
    {
        bool brace = file.ReadByte() == '{';
        if (file.CanSeek)
        {
            file.Position = 0;
        }

        return brace;
    }
}
