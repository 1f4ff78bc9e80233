using System.ComponentModel;

namespace AotLayers.Interop;

/// <summary>
/// Base of the generated functions that a recorder gives a library in place of the program's. They write down what comes and pass it on.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class RecordedCallback
{
    private readonly Lock _lock = new();
    private readonly Dictionary<nint, long> _passedWith = [];
    private Recorder _recorder = null!;
    private NativeApiInfo _api = null!;
    private string _name = "";
    private long _of;

    /// <summary>The native function.</summary>
    public nint Pointer { get; protected init; }

    /// <summary>The program's function, or 0.</summary>
    protected nint Target { get; private set; }

    /// <summary>The program's delegate, or null.</summary>
    protected Delegate? TargetDelegate { get; private set; }

    /// <summary>The key under which functions of this kind are kept for another use.</summary>
    internal Type Signature => GetType();

    /// <summary>A call passes the function to the library.</summary>
    internal void Pass(Recorder recorder, CallInProgress call, string parameter, nint target, Delegate? function, nint context)
    {
        lock (_lock)
        {
            _recorder = recorder;
            _api = call.Api;
            _name = $"{call.Function}.{parameter}";
            _of = call.Seq;
            _passedWith[context] = call.Seq;
            Target = target;
            TargetDelegate = function;
        }
    }

    /// <summary>The call that passed it is over, and the library keeps nothing.</summary>
    internal void Forget()
    {
        lock (_lock)
        {
            _passedWith.Clear();
            Target = 0;
            TargetDelegate = null;
        }
    }

    /// <summary>
    /// Begins a callback: write what comes to <see cref="CallInProgress.In"/>, start, call the program, write its answer, return. Dispose
    /// the result.
    /// </summary>
    /// <param name="context">The context that came with it; 0 when there is none.</param>
    protected CallInProgress Enter(nint context)
    {
        lock (_lock)
        {
            CallInProgress call = _recorder.Enter(_api, _name);
            call.Turn(_passedWith.GetValueOrDefault(context, _of));
            return call;
        }
    }
}
