namespace AotLayers.Native;

/// <summary>Calls the caller's callback after each native call, and stops the verb when it says so.</summary>
internal sealed unsafe class StepReporter : IDisposable
{
    private readonly delegate* unmanaged[Cdecl]<void*, AotlStep*, int> _callback;
    private readonly void* _user;
    private readonly NativeTextBuffer _call = new();
    private readonly NativeTextBuffer _remark = new();
    private readonly CancellationTokenSource _cancellation = new();

    /// <param name="callback">Null for none.</param>
    /// <param name="user">The caller's.</param>
    public StepReporter(delegate* unmanaged[Cdecl]<void*, AotlStep*, int> callback, void* user)
    {
        _callback = callback;
        _user = user;
    }

    /// <summary>Cancelled when the callback returned something else than 0.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Tells a call.</summary>
    public void Report(LayerStep value)
    {
        if (_callback is null)
        {
            return;
        }

        _call.Set(value.Call);
        _remark.Set(value.Remark ?? "");
        var step = new AotlStep
        {
            StructSize = (uint)sizeof(AotlStep),
            Attempt = (uint)value.Attempt,
            Code = (int)value.Code,
            Call = _call.Pointer,
            Remark = _remark.Pointer,
        };
        if (_callback(_user, &step) != 0)
        {
            _cancellation.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cancellation.Dispose();
        _call.Dispose();
        _remark.Dispose();
    }
}
