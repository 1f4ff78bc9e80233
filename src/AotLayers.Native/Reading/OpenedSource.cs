using AotLayers.Hcs;
using AotLayers.Simulator;

namespace AotLayers.Native;

/// <summary>An open source with all that it needs: its machine, the recording of it, privileges, the reader.</summary>
internal sealed class OpenedSource : IDisposable
{
    private readonly HcsSession? _session;
    private readonly PrivilegeScope? _privileges;

    private OpenedSource(LayerReader reader, LayerErrorContext context, HcsSession? session, PrivilegeScope? privileges)
    {
        Reader = reader;
        Context = context;
        _session = session;
        _privileges = privileges;
    }

    /// <summary>Reads the layer.</summary>
    public LayerReader Reader { get; }

    /// <summary>The source, for errors.</summary>
    public LayerErrorContext Context { get; }

    /// <summary>Opens a source.</summary>
    /// <param name="source">A file or folder; with an HCS a layer.</param>
    /// <param name="options">The caller's.</param>
    /// <param name="cancellationToken">Stops reading.</param>
    public static OpenedSource Open(string source, SourceOptions options, CancellationToken cancellationToken)
    {
        if (source.Length == 0)
        {
            throw new NativeCallException(ResultCodes.InvalidArgument, "source is empty");
        }

        var context = new LayerErrorContext { Layer = source, Parents = options.Parents };
        if (options.Hcs is null)
        {
            return new OpenedSource(LayerSource.Open(source, cancellationToken), context, null, null);
        }

        HcsSession session = HcsSession.Open(
            new HcsSessionOptions { Choice = options.Hcs, RecordPath = options.Record, RecordData = options.RecordData, ReplayOrder = options.ReplayOrder },
            SimulatorChoice.Open);
        PrivilegeScope? privileges = null;
        try
        {
            privileges = session.EnablePrivileges(PrivilegeScope.Backup);
            LayerReader reader = LayerReader.Open(
                session.Machine,
                new LayerReaderOptions
                {
                    Layer = source,
                    Parents = options.Parents,
                    Reader = options.Reader,
                    Driver = new DriverInfo { Flavour = options.Flavour ?? DriverInfo.FullPaths.Flavour, HomeDir = options.Home ?? "" },
                },
                cancellationToken);
            return new OpenedSource(reader, context, session, privileges);
        }
        catch
        {
            privileges?.Dispose();
            session.Dispose();
            throw;
        }
    }

    /// <summary>Closes the reader; throws when the layer or the replay is not to be trusted. <see cref="CompleteRecording"/> and <see cref="Dispose"/> are to follow.</summary>
    /// <param name="complete">Whether the layer was read to its end without a failure: then a recording that is replayed must be used up.</param>
    public void CloseReader(bool complete)
    {
        Reader.Close();
        if (complete)
        {
            _session?.VerifyReplay();
        }
    }

    /// <summary>Completes the recording, if one is written.</summary>
    /// <exception cref="RecordingFailedException">It could not be written to its end; the layer is as it was read.</exception>
    public void CompleteRecording() => _session?.CompleteRecording();

    /// <inheritdoc/>
    public void Dispose()
    {
        try
        {
            Reader.Dispose();
        }
        finally
        {
            _privileges?.Dispose();
            _session?.Dispose();
        }
    }
}
