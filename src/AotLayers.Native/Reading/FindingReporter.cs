namespace AotLayers.Native;

/// <summary>Calls the caller's callback for each finding, and stops the verification when it says so.</summary>
internal sealed unsafe class FindingReporter : IDisposable
{
    private readonly delegate* unmanaged[Cdecl]<void*, AotlFinding*, int> _callback;
    private readonly void* _user;
    private readonly NativeTextBuffer _rule = new();
    private readonly NativeTextBuffer _name = new();
    private readonly NativeTextBuffer _entry = new();
    private readonly NativeTextBuffer _message = new();
    private readonly CancellationTokenSource _cancellation = new();

    /// <param name="callback">Null for none.</param>
    /// <param name="user">The caller's.</param>
    public FindingReporter(delegate* unmanaged[Cdecl]<void*, AotlFinding*, int> callback, void* user)
    {
        _callback = callback;
        _user = user;
    }

    /// <summary>Cancelled when the callback returned something else than 0.</summary>
    public CancellationToken Token => _cancellation.Token;

    /// <summary>Tells a finding.</summary>
    /// <exception cref="OperationCanceledException">The callback asked to stop: now, or before.</exception>
    public void Report(VerifyFinding value)
    {
        Token.ThrowIfCancellationRequested();
        if (_callback is null)
        {
            return;
        }

        _rule.Set(value.Rule.Id);
        _name.Set(value.Rule.Name);
        _entry.Set(value.Entry ?? "");
        _message.Set(value.Message);
        var finding = new AotlFinding
        {
            StructSize = (uint)sizeof(AotlFinding),
            Severity = (uint)value.Rule.Severity,
            Offset = value.Offset,
            Rule = _rule.Pointer,
            Name = _name.Pointer,
            Entry = value.Entry is null ? null : _entry.Pointer,
            Message = _message.Pointer,
        };
        if (_callback(_user, &finding) != 0)
        {
            _cancellation.Cancel();
            Token.ThrowIfCancellationRequested();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _cancellation.Dispose();
        _rule.Dispose();
        _name.Dispose();
        _entry.Dispose();
        _message.Dispose();
    }
}
