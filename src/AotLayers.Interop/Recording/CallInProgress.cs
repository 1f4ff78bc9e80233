using System.Buffers;

namespace AotLayers.Interop;

/// <summary>
/// One call on its way into a recording. Generated code writes <see cref="In"/>, calls <see cref="Start"/>, makes the native call, writes
/// <see cref="Out"/>, calls <see cref="Return"/>, and disposes. A call that is disposed without a return never happened: the recorded
/// object threw.
/// </summary>
public sealed partial class CallInProgress : IDisposable
{
    private readonly Recorder _recorder;

    internal CallInProgress(Recorder recorder)
    {
        _recorder = recorder;
        In = recorder.CreateIn();
        Out = recorder.CreateOut();
    }

    /// <summary>The arguments that go in.</summary>
    public CallWriter In { get; }

    /// <summary>The arguments that come out. Written to only when the call succeeded.</summary>
    public CallWriter Out { get; }

    internal NativeApiInfo Api { get; set; } = null!;

    internal string Function { get; set; } = "";

    internal CallState State { get; set; }

    internal long Seq { get; set; }

    internal int Thread { get; set; }

    internal long Started { get; set; }

    /// <summary>Where the journal names the call while it is in flight, or -1.</summary>
    internal int Slot { get; set; } = -1;

    internal ArrayBufferWriter<byte> Opening { get; } = new(128);

    /// <summary>The in-arguments are written: the open call is named on disk, the native call follows.</summary>
    public void Start() => _recorder.Start(this);

    /// <summary>The native call came back: writes the finished line. <see cref="Out"/> is left out unless the call succeeded.</summary>
    public void Return(in ReturnValue value) => _recorder.Return(this, value);

    /// <summary>Gives the object back to the recorder.</summary>
    public void Dispose() => _recorder.Release(this);

    internal void Reset()
    {
        In.Reset();
        Out.Reset();
        Api = null!;
        Function = "";
        State = CallState.Free;
        ResetCallback();
    }
}

internal enum CallState
{
    Free,
    Entered,
    Started,
    Returned,
}
