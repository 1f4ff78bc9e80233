namespace AotLayers.Native;

/// <summary>Calls the caller's progress callback, and stops the export or import when it says so.</summary>
internal sealed unsafe class ProgressReporter : IProgress<ExportProgress>, IProgress<ImportProgress>, IDisposable
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
    public void Report(ExportProgress value) => Report(value.Entries, value.TarBytes, value.Entry);

    /// <inheritdoc/>
    public void Report(ImportProgress value) => Report(value.Entries, value.Bytes, value.Entry);

    /// <summary>Calls before anything was done; the callback may stop all of it.</summary>
    /// <exception cref="OperationCanceledException">It did.</exception>
    public void ReportStart()
    {
        Report(0, 0, "");
        Token.ThrowIfCancellationRequested();
    }

    private void Report(long entries, long bytes, string entry)
    {
        if (_callback is null)
        {
            return;
        }

        _name.Set(entry);
        var progress = new AotlProgress
        {
            StructSize = (uint)sizeof(AotlProgress),
            Entries = (ulong)entries,
            Bytes = (ulong)bytes,
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
