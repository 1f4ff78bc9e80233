namespace AotLayers.Interop;

/// <summary>What a <see cref="CallWriter"/> needs from the recorder or replayer that it writes for.</summary>
internal interface ICallWriterHost
{
    /// <summary>How much of the buffers is written.</summary>
    DataPolicy Data { get; }

    /// <summary>True when the content is already in the file, or is not wanted.</summary>
    bool IsStored(in ContentHash hash);

    /// <summary>Symbol of a handle that a call uses. The value is not zero.</summary>
    string Use(string kind, nint value);

    /// <summary>Symbol of a handle that a call made.</summary>
    string Produce(string kind, nint value);

    /// <summary>Symbol of a handle that a call ends.</summary>
    string Consume(string kind, nint value);

    /// <summary>Symbol of a handle that went in and came out, or was made.</summary>
    string Keep(string kind, nint value);

    /// <summary>Symbol of a handle that came out and is nobody's to end.</summary>
    string Borrow(string kind, nint value);
}
