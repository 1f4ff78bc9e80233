namespace AotLayers.Interop;

/// <summary>
/// The functions that a recorder gave to libraries. One that was registered for later stays, and stands for the same function of the
/// program each time, so that a library recognises what it is asked to forget; one that served a single call serves again. Thread-safe.
/// </summary>
internal sealed class CallbackWrappers
{
    // A library that was given a function may call it after the recorder is gone.
    private static readonly System.Collections.Concurrent.ConcurrentBag<RecordedCallback> s_kept = [];

    private readonly Lock _lock = new();
    private readonly Dictionary<(Type Signature, nint Target, Delegate? Function), RecordedCallback> _registered = [];
    private readonly Dictionary<Type, Stack<RecordedCallback>> _free = [];

    /// <summary>The function that stands for one of the program's.</summary>
    public T Get<T>(nint target, Delegate? function, bool isRegistered, Func<T> create)
        where T : RecordedCallback
    {
        lock (_lock)
        {
            if (isRegistered)
            {
                if (!_registered.TryGetValue((typeof(T), target, function), out RecordedCallback? known))
                {
                    known = create();
                    _registered.Add((typeof(T), target, function), known);
                    s_kept.Add(known);
                }

                return (T)known;
            }

            return _free.TryGetValue(typeof(T), out Stack<RecordedCallback>? free) && free.TryPop(out RecordedCallback? again)
                ? (T)again
                : create();
        }
    }

    /// <summary>A call is over that lent a function.</summary>
    public void Return(RecordedCallback callback)
    {
        callback.Forget();
        lock (_lock)
        {
            if (!_free.TryGetValue(callback.Signature, out Stack<RecordedCallback>? free))
            {
                free = [];
                _free.Add(callback.Signature, free);
            }

            free.Push(callback);
        }
    }
}
