namespace AotLayers.Interop;

/// <summary>surface</summary>
public sealed class Replayer : IDisposable
{
    /// <summary>Makes a replayer that stands at the beginning of a recording.</summary>
    public Replayer(Recording recording, ReplayOptions? options = null)
    {
        Recording = recording;
        Options = options ?? new ReplayOptions();
    }

    /// <summary>The recording that answers.</summary>
    public Recording Recording { get; }

    /// <summary>How strictly it is followed.</summary>
    public ReplayOptions Options { get; }

    /// <summary>Tells whether an export was there when the recording was made.</summary>
    public ExportStatus Probe(NativeApiInfo api, string export) => throw new NotSupportedException(export + api + Options);

    /// <summary>Begins a call. Throws what the native binding throws when the export was absent.</summary>
    public ReplayCall Enter(NativeApiInfo api, string function) => throw new NotSupportedException(function + api + Options);

    /// <summary>Throws when calls were never made or handles never ended.</summary>
    public void VerifyComplete() => throw new NotSupportedException(Options.ToString());

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
