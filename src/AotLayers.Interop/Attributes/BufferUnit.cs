namespace AotLayers.Interop;

/// <summary>What the sizes of a buffer count.</summary>
public enum BufferUnit
{
    /// <summary>Elements.</summary>
    Elements,

    /// <summary>Bytes, also where an element has several.</summary>
    Bytes,
}
