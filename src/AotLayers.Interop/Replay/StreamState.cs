namespace AotLayers.Interop;

/// <summary>Where a stream stands when the program reads on, and so what the read is answered from.</summary>
internal enum StreamState
{
    /// <summary>Sizes are not to differ from the recorded ones, or no handle tells the stream: the next recorded call answers.</summary>
    BySizes,

    /// <summary>A recorded read was served in part: its other bytes come first.</summary>
    InsideChunk,

    /// <summary>The next recorded call on the handle answers; it is a read, or the program has left the recording.</summary>
    BeforeChunk,

    /// <summary>The program asks for nothing where the recorded one asked for something: nothing is used up.</summary>
    NothingAsked,

    /// <summary>The recorded end was served, or nothing is asked for: the end is answered again.</summary>
    AfterEnd,

    /// <summary>All recorded bytes were served, and the recorded program read no further.</summary>
    PastRecording,
}
