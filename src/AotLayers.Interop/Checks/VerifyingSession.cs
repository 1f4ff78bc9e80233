namespace AotLayers.Interop;

/// <summary>
/// Calls the real library and compares every finished call with a reference recording. Wrap the native API in the generated recording
/// decorator over <see cref="Recorder"/>, run the program, then ask for <see cref="Complete"/>. Nothing is thrown into the program:
/// differences are collected. Calls are compared in the order in which they come back, so the program and the recorded one are expected
/// to call from one thread at a time.
/// </summary>
public sealed class VerifyingSession : IDisposable
{
    private readonly Lock _lock = new();
    private readonly CallDifferences _differences;
    private readonly BoundedJson _line = new("the call");

    /// <summary>Makes a session.</summary>
    /// <param name="reference">The recording to compare with.</param>
    /// <param name="rules">What was kept out of the recording; null for nothing.</param>
    public VerifyingSession(CallRecording reference, CallRules? rules = null)
    {
        ArgumentNullException.ThrowIfNull(reference);
        _differences = new CallDifferences(reference);

        // Content is compared by its digest, so nothing is gained by keeping it.
        DataPolicy data = reference.Data == DataPolicy.Lengths ? DataPolicy.Lengths : DataPolicy.Digest;
        Recorder = new Recorder(new NullRecordingSink(), new RecorderOptions { Data = data, Rules = rules }, Compare, reference.CheckApi);
    }

    /// <summary>Takes the calls, for a generated recording decorator.</summary>
    public Recorder Recorder { get; }

    /// <summary>The differences so far, in the order of the program's calls.</summary>
    public IReadOnlyList<ReplayMismatch> Differences
    {
        get
        {
            lock (_lock)
            {
                return _differences.Found;
            }
        }
    }

    /// <summary>To be called when the program is through: adds the recorded calls that were never made.</summary>
    /// <returns>All differences; none when the library still does what was recorded.</returns>
    public IReadOnlyList<ReplayMismatch> Complete()
    {
        lock (_lock)
        {
            return _differences.Complete();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Recorder.Dispose();

    private void Compare(ReadOnlyMemory<byte> line)
    {
        lock (_lock)
        {
            _line.Reread(line);
            BoundedJsonValue call = _line.Root;
            string api = call.Find("api"u8).TextOrNull()!;
            if (call.Find("callback"u8).TextOrNull() is string callback)
            {
                _differences.AddCallback(api, callback, call);
            }
            else
            {
                _differences.Add(api, call.Find("fn"u8).TextOrNull()!, call);
            }
        }
    }
}
