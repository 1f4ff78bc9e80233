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
    private readonly LayerRequest _request;
    private readonly HcsSession? _session;
    private readonly Stream? _standardInput;
    private readonly List<LayerSource> _sources = [];
    private Func<CancellationToken, LayerReader>? _open;
    private PrivilegeScope? _privileges;
    private ScratchLayerScope? _scratch;
    private LayerReader? _reader;

    private LayerTask(LayerRequest request, HcsSession? session, Stream? standardInput)
    {
        _request = request;
        _session = session;
        _standardInput = standardInput;
    }

    /// <summary>Reads the layer.</summary>
    /// <exception cref="InvalidOperationException"><see cref="OpenReader"/> was not called.</exception>
    public LayerReader Reader => _reader ?? throw new InvalidOperationException("the layer is not open");

    /// <summary>The image that the layer is of; null for a layer without one.</summary>
    public ContainerImage? Image => _sources.Count > 0 ? _sources[^1].Image : null;

    /// <summary>The layer of <see cref="Image"/> that is read; null for a layer without an image, and for a chain.</summary>
    public ContainerImageLayer? ImageLayer { get; private set; }

    /// <summary>Checks the request and opens its machine; no call is made.</summary>
    /// <param name="request">What to do.</param>
    /// <param name="standardInput">What the source <c>-</c> stands for; null where it is a name like others. Closed by the reader.</param>
    /// <exception cref="UsageException">The request makes no sense.</exception>
    /// <exception cref="LayerTaskException">The machine cannot be opened, or the recording cannot be created.</exception>
    public static LayerTask Start(LayerRequest request, Stream? standardInput = null)
    {
        ArgumentNullException.ThrowIfNull(request);
        request.Check();
        try
        {
            return new LayerTask(request, request.Hcs is null ? null : HcsSession.Open(request.SessionOptions), standardInput);
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

    /// <summary>
    /// Enables privileges, activates a scratch layer, and opens the layer. After <see cref="CloseReader"/>, opens it once more; a source
    /// that comes only once has to be asked for with <see cref="LayerRequest.ReadAgain"/>.
    /// </summary>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    /// <exception cref="LayerTaskException">That failed.</exception>
    public void OpenReader(CancellationToken cancellationToken)
    {
        try
        {
            if (_session is null)
            {
                _open ??= FindSource(cancellationToken);
                _reader = _open(cancellationToken);
                return;
            }

            LayerLocation layer = _request.Location;
            _privileges = _session.EnablePrivileges(PrivilegeScope.Backup);
            _scratch = _request.Scratch ? ScratchLayerScope.Enter(_session.Machine.Vmcompute, layer) : null;
            _reader = _request.Merged
                ? MergedLayerReader.Open(MachineLayers(layer), layer.Path, cancellationToken)
                : LayerReader.Open(_session.Machine, layer, _request.Reader, cancellationToken);
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
                    _request.Writer,
                    cancellationToken);
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
        Exception cause = _session?.Departure ?? DepartureOfSources() ?? error;
        if (entry is null && cause is ReplayException && _reader?.Place is { } at)
        {
            // A replay knows calls, not entries.
            place = place with { Entry = at.Entry, AfterEntry = at.AfterEntry };
        }

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
            foreach (LayerSource source in _sources)
            {
                source.Dispose();
            }

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

    /// <summary>Finds the layer of a source, or the chain of it: the result opens it.</summary>
    private Func<CancellationToken, LayerReader> FindSource(CancellationToken cancellationToken)
    {
        var layers = new List<Func<CancellationToken, LayerReader>>();
        for (int i = _request.Parents.Count - 1; i >= 0; i--)
        {
            layers.AddRange(Open(_request.Parents[i], null, null, cancellationToken).Layers);
        }

        LayerSource source = Open(_request.Source, _standardInput, _request.Image, cancellationToken);
        int? chosen = _request.ImageLayer is { } text ? source.FindLayer(text) : null;
        if (_request.Merged || (_request.MergesImages && chosen is null && source.Layers.Count > 1))
        {
            layers.AddRange(source.Layers.Take((chosen ?? source.Layers.Count) + 1));
            return token => MergedLayerReader.Open(layers, source.Name, token);
        }

        if (chosen is null && source.Layers.Count != 1)
        {
            throw new LayerException(
                $"the image has {source.Layers.Count} layers: choose one with {_request.Spelling.Name("layer")}, or see all of them as a "
                    + $"container does with {_request.Spelling.Name("merged")}",
                new LayerErrorContext { Layer = source.Name },
                hint: "its layers, base first: " + source.DescribeLayers());
        }

        ImageLayer = source.Image?.Layers[chosen ?? 0];
        return source.Layers[chosen ?? 0];
    }

    private LayerSource Open(string path, Stream? standardInput, string? image, CancellationToken cancellationToken)
    {
        bool again = _request.Merged || _request.ReadAgain;
        var source = LayerSource.Open(path, standardInput, image, again, cancellationToken, _request.HashSource);
        _sources.Add(source);
        return source;
    }

    /// <summary>The layer and its parents, base first, each with those below it as its parents.</summary>
    private List<Func<CancellationToken, LayerReader>> MachineLayers(LayerLocation layer)
    {
        HcsMachine machine = _session!.Machine;
        var layers = new List<Func<CancellationToken, LayerReader>>();
        for (int i = layer.Parents.Count - 1; i >= 0; i--)
        {
            var parent = new LayerLocation { Id = layer.Parents[i], Parents = [.. layer.Parents.Skip(i + 1)] };
            layers.Add(token => LayerReader.Open(machine, parent, LayerReaderKind.Auto, token));
        }

        layers.Add(token => LayerReader.Open(machine, layer, _request.Reader, token));
        return layers;
    }

    private ReplayException? DepartureOfSources()
    {
        foreach (LayerSource source in _sources)
        {
            if (source.Departure is { } departure)
            {
                return departure;
            }
        }

        return null;
    }
}
