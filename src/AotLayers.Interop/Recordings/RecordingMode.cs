namespace AotLayers.Interop;

/// <summary>What a <see cref="RecordingSession"/> does with the library and the recording.</summary>
public enum RecordingMode
{
    /// <summary>Answers from the recording, which has to be there. The library is never called: for continuous integration.</summary>
    None,

    /// <summary>Answers from the recording if there is one, and otherwise calls the library and makes it.</summary>
    Once,

    /// <summary>Calls the library and makes the recording again.</summary>
    All,

    /// <summary>Calls the library and compares what it does with the recording.</summary>
    Verify,
}
