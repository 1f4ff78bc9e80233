using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>The recording of one process, from its shared memory to its file.</summary>
internal sealed class ProcessRecording : IDisposable
{
    private readonly Recorder _recorder;
    private readonly RemoteRecording _remote;
    private readonly string _path;
    private Exception? _failure;

    public ProcessRecording(string path, string ring, ProgramRecordingOptions options)
    {
        _path = path;
        _recorder = Recorder.Create(path, new RecorderOptions
        {
            Origin = RecordingOrigin.Current(RecordingOrigin.Live, Path.GetFileName(options.Program)),
            Data = options.Data,
            Timing = options.Timing,
        });
        try
        {
            _remote = RemoteRecording.Create(ring, _recorder, options.Room);
        }
        catch
        {
            _recorder.Dispose();
            throw;
        }
    }

    /// <summary>The process, or 0.</summary>
    public int ProcessId => _remote.ProcessId;

    /// <summary>Processes that came and were not recorded.</summary>
    public int OtherProcesses => _remote.OtherProcesses;

    /// <summary>Takes what is there.</summary>
    /// <returns>Whether there was anything.</returns>
    public bool Take(bool isDead)
    {
        if (_failure is not null)
        {
            return false;
        }

        try
        {
            bool any = _remote.Take(isDead);
            if (_recorder.Failure is not null)
            {
                // A file that cannot be written: the program is not kept waiting for it.
                _failure = _recorder.Failure;
                _remote.Stop();
            }

            return any;
        }
        catch (InvalidDataException e)
        {
            _failure = e;
            return false;
        }
    }

    /// <summary>Ends the recording of a process that has ended.</summary>
    /// <param name="wasCut">It was ended from outside, or by a fault of its own.</param>
    public RecordedProcess End(bool wasCut)
    {
        Take(isDead: true);
        bool complete = _failure is null && !wasCut && _remote is { InFlight: 0, Torn: 0 };
        if (complete)
        {
            _recorder.Complete();
        }

        _failure ??= _recorder.Failure;
        return new RecordedProcess
        {
            Path = _path,
            ProcessId = ProcessId,
            Calls = _remote.Calls,
            InFlight = _remote.InFlight,
            Complete = complete && _failure is null,
            Unrecorded = _remote.Unrecorded,
            Failure = _failure,
        };
    }

    public void Dispose()
    {
        _remote.Dispose();
        _recorder.Dispose();
    }
}
