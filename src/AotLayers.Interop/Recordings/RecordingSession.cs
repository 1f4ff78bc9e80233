namespace AotLayers.Interop;

/// <summary>
/// One test that records where the library is and replays where it is not. <see cref="Use"/> gives the API that the test calls;
/// <see cref="Complete"/> at its end keeps the recording, or checks that all of it was used. A session that is disposed without it
/// keeps nothing: a test that failed leaves no recording.
/// </summary>
public sealed class RecordingSession : IDisposable
{
    /// <summary>
    /// Environment variable that says the mode of sessions that are opened without one: <c>none</c>, <c>once</c>, <c>all</c> or
    /// <c>verify</c>.
    /// </summary>
    public const string ModeVariable = "AOTLAYERS_RECORDING_MODE";

    private readonly string? _unfinished;
    private readonly Recorder? _recorder;
    private readonly Replayer? _replayer;
    private readonly VerifyingSession? _verifying;
    private bool _completed;

    private RecordingSession(string path, RecordingMode mode, RecordingSessionOptions options)
    {
        Path = path;
        Mode = mode;
        switch (mode)
        {
            case RecordingMode.All:
                _unfinished = path + ".unfinished" + (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? ".gz" : "");
                _recorder = Recorder.Create(_unfinished, options.Recorder with { Rules = options.Rules ?? options.Recorder.Rules });
                break;
            case RecordingMode.Verify:
                _verifying = new VerifyingSession(CallRecording.Load(path), options.Rules ?? options.Replay.Rules);
                break;
            default:
                _replayer = new Replayer(CallRecording.Load(path), options.Replay with { Rules = options.Rules ?? options.Replay.Rules });
                break;
        }
    }

    /// <summary>The recording.</summary>
    public string Path { get; }

    /// <summary>What the session does: never <see cref="RecordingMode.Once"/>, which has been decided.</summary>
    public RecordingMode Mode { get; }

    /// <summary>Whether calls are answered from the recording.</summary>
    public bool IsReplaying => _replayer is not null;

    /// <summary>The replayer of a session that answers from its recording, or null.</summary>
    public Replayer? Replayer => _replayer;

    /// <summary>Opens a session.</summary>
    /// <param name="path">The recording; <c>.json.gz</c> is compressed.</param>
    /// <param name="mode">What to do; null is what <see cref="ModeVariable"/> says, and without it
    /// <see cref="RecordingMode.Once"/>.</param>
    /// <param name="options">How to do it.</param>
    /// <exception cref="FileNotFoundException">The mode needs a recording and there is none. Under continuous integration
    /// (<c>CI=true</c>) none is made by the way.</exception>
    /// <exception cref="RecordingFormatException">The recording cannot be read.</exception>
    public static RecordingSession Open(string path, RecordingMode? mode = null, RecordingSessionOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        RecordingMode chosen = mode ?? ModeOfEnvironment();
        bool exists = File.Exists(path);
        bool automated = string.Equals(Environment.GetEnvironmentVariable("CI"), "true", StringComparison.OrdinalIgnoreCase);
        if (!exists && (chosen is RecordingMode.None or RecordingMode.Verify || (chosen == RecordingMode.Once && automated)))
        {
            string why = chosen == RecordingMode.Once ? "CI=true, so none is made" : $"mode {chosen} needs one";
            throw new FileNotFoundException(
                $"There is no recording {path}, and {why}. Make it where the library is, with {ModeVariable}=once.",
                path);
        }

        chosen = chosen == RecordingMode.Once ? (exists ? RecordingMode.None : RecordingMode.All) : chosen;
        return new RecordingSession(path, chosen, options ?? new RecordingSessionOptions());
    }

    /// <summary>
    /// The API to call: the library behind a recorder, or the recording. Generated <c>Open</c> methods of each API call it.
    /// </summary>
    /// <param name="native">Makes what calls the library; not called when the recording answers.</param>
    /// <param name="recording">Makes the generated recorder.</param>
    /// <param name="replaying">Makes the generated replayer.</param>
    public T Use<T>(Func<T> native, Func<T, Recorder, T> recording, Func<Replayer, T> replaying)
        where T : INativeApi
    {
        ArgumentNullException.ThrowIfNull(native);
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(replaying);
        return _replayer is not null ? replaying(_replayer) : recording(native(), _recorder ?? _verifying!.Recorder);
    }

    /// <summary>
    /// The test did all that it does: keeps the recording, checks that all of it was used, or that the library still does what was
    /// recorded.
    /// </summary>
    /// <exception cref="ReplayException">The test did not do all that was recorded, or the library differs.</exception>
    /// <exception cref="IOException">The recording could not be written.</exception>
    public void Complete()
    {
        if (_completed)
        {
            return;
        }

        _completed = true;
        _replayer?.VerifyComplete();
        if (_verifying?.Complete() is { Count: > 0 } differences)
        {
            throw new ReplayException($"the library does not do what {Path} says:\n{string.Join("\n", differences)}");
        }

        if (_recorder is not null)
        {
            _recorder.Complete();
            _recorder.Dispose();
            if (_recorder.Failure is { } failure)
            {
                throw new IOException($"{Path} could not be recorded: {failure.Message}", failure);
            }

            File.Move(_unfinished!, Path, overwrite: true);
        }
    }

    /// <summary>Ends the session. What was recorded without <see cref="Complete"/> is deleted.</summary>
    public void Dispose()
    {
        _replayer?.Dispose();
        _verifying?.Dispose();
        _recorder?.Dispose();
        if (_unfinished is not null && File.Exists(_unfinished))
        {
            File.Delete(_unfinished);
        }
    }

    private static RecordingMode ModeOfEnvironment() => Environment.GetEnvironmentVariable(ModeVariable) switch
    {
        null or "" => RecordingMode.Once,
        string text when Enum.TryParse(text, ignoreCase: true, out RecordingMode mode) && Enum.IsDefined(mode) => mode,
        string text => throw new ArgumentException($"{ModeVariable} is {text}: it can be none, once, all or verify."),
    };
}
