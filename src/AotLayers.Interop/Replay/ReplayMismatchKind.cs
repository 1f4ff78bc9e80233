namespace AotLayers.Interop;

/// <summary>How a replayed program left the recording.</summary>
public enum ReplayMismatchKind
{
    /// <summary>The function was recorded, but all its recorded calls (or bytes) were already served.</summary>
    Exhausted,

    /// <summary>The recording has no call of this function at all.</summary>
    Unexpected,

    /// <summary>The call is in the recording, but other calls come before it.</summary>
    OutOfOrder,

    /// <summary>The expected function was called with other arguments.</summary>
    ArgumentMismatch,
}
