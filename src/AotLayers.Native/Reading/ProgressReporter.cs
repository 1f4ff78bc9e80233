namespace AotLayers.Native;

/// <summary>Calls the caller's progress callback, and stops the export when it says so.</summary>
internal sealed unsafe class ProgressReporter : IProgress<ExportProgress>, IDisposable
{
    private readonly delegate* unmanaged[Cdecl]<void*, AotlProgress*, int> _callback;
    private readonly void* _user;
    private readonly NativeTextBuffer _name = new();
    private readonly CancellationTokenSource _cancellation = new();

    /// <param name="callback">Null for none.</param>
    /// <param name="user">The caller's.</param>
    public ProgressReporter(delegate* unmanaged[Cdecl]<void*, AotlProgress*, int> callback, void* user)
    {
        _callback = callback;
        _user = user;
    }

    /// <summary>Cancelled when the callback returned something else than 0.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <inheritdoc/>
    public void Report(ExportProgress value)
    {
        if (_callback is null)
        {
            return;
        }

        _name.Set(value.Entry);
        var progress = new AotlProgress
        {
            StructSize = (uint)sizeof(AotlProgress),
            Entries = (ulong)value.Entries,
            Bytes = (ulong)value.TarBytes,
            Name = _name.Pointer,
        };
        if (_callback(_user, &progress) != 0)
        {
            _cancellation.Cancel();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cancellation.Dispose();
        _name.Dispose();
    }
}
