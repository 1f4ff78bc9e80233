namespace AotLayers.Interop;

/// <content>Callbacks: the functions that a call passes, and a callback as a call the other way.</content>
public sealed partial class CallInProgress
{
    [ThreadStatic]
    private static CallInProgress? t_current;

    private readonly List<RecordedCallback> _lent = [];
    private CallInProgress? _outer;

    /// <summary>The library called the program.</summary>
    internal bool IsCallback { get; private set; }

    /// <summary>Of a callback: the call that passed the function.</summary>
    internal long Of { get; private set; }

    /// <summary>Of a callback: the call in which it came, on the same thread, or 0.</summary>
    internal long During { get; private set; }

    /// <summary>
    /// Gives the function that stands for one of the program's while it is recorded. To be called after <see cref="Start"/>.
    /// </summary>
    /// <param name="parameter">The parameter that passes the function.</param>
    /// <param name="target">The program's function, or 0 when it is a delegate.</param>
    /// <param name="function">The program's delegate, or null.</param>
    /// <param name="context">The context that the call passes with it.</param>
    /// <param name="isRegistered">The library keeps the function after the call.</param>
    /// <param name="create">Makes another function of this signature.</param>
    public T Callback<T>(string parameter, nint target, Delegate? function, nint context, bool isRegistered, Func<T> create)
        where T : RecordedCallback
    {
        T callback = _recorder.Wrappers.Get(target, function, isRegistered, create);
        callback.Pass(_recorder, this, parameter, target, function, context);
        if (!isRegistered)
        {
            _lent.Add(callback);
        }

        return callback;
    }

    /// <summary>Turns the call into a callback.</summary>
    internal void Turn(long of)
    {
        IsCallback = true;
        Of = of;
        CallInProgress? call = t_current;
        while (call is not null && (call._recorder != _recorder || call.IsCallback))
        {
            call = call._outer;
        }

        During = call?.Seq ?? 0;
    }

    /// <summary>Turns the call into a callback of another process.</summary>
    internal void Turn(long of, long during)
    {
        IsCallback = true;
        Of = of;
        During = during;
    }

    internal void EnterThread()
    {
        _outer = t_current;
        t_current = this;
    }

    internal void LeaveThread()
    {
        if (t_current == this)
        {
            t_current = _outer;
        }

        _outer = null;
    }

    private void ResetCallback()
    {
        foreach (RecordedCallback callback in _lent)
        {
            _recorder.Wrappers.Return(callback);
        }

        _lent.Clear();
        IsCallback = false;
        Of = 0;
        During = 0;
    }
}
