namespace AotLayers.Interop;

/// <summary>How long a library keeps a function that it was given.</summary>
public enum CallbackLifetime
{
    /// <summary>Until the call returns: it is called back within the call only (<c>qsort</c>, <c>sqlite3_exec</c>).</summary>
    Call,

    /// <summary>
    /// After the call too: it was registered for later (<c>sqlite3_progress_handler</c>), and may be called from any thread.
    /// </summary>
    Registered,
}
