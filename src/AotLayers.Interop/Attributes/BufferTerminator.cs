namespace AotLayers.Interop;

/// <summary>What ends the text that a callee writes into a buffer.</summary>
public enum BufferTerminator
{
    /// <summary>The count covers everything that was written: there is no NUL behind it, or it is counted.</summary>
    Counted,

    /// <summary>The callee writes a NUL behind the counted elements (<c>snprintf</c>, <c>GetTempPathW</c>).</summary>
    NotCounted,

    /// <summary>Nothing counts: what was written ends with its first NUL (<c>getcwd</c>, <c>strerror_r</c>).</summary>
    Ends,
}
