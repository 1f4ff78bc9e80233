namespace AotLayers.Interop;

/// <summary>What a call does with a handle.</summary>
public enum HandleUse
{
    /// <summary>The call uses a live handle.</summary>
    Used,

    /// <summary>The call makes the handle, when it succeeds.</summary>
    Produced,

    /// <summary>The call ends the handle's life, whether it succeeds or not.</summary>
    Consumed,

    /// <summary>
    /// An in-out parameter: zero goes in and a new handle comes out, or a live handle goes in and stays (see
    /// <see cref="HandleAttribute.ConsumedWhen"/>).
    /// </summary>
    InOut,

    /// <summary>The call ends the handle's life when it succeeds; a close that fails (BUSY) leaves it alive.</summary>
    ConsumedOnSuccess,

    /// <summary>
    /// The handle is not the program's to end: the callee lends it (<c>GetStdHandle</c>, <c>sqlite3_db_handle</c>), or it was made
    /// elsewhere. Several calls may give the same one, and nobody has to end it.
    /// </summary>
    Borrowed,
}
