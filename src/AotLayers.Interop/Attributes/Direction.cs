namespace AotLayers.Interop;

/// <summary>Which way the values behind a pointer, span or array go.</summary>
public enum Direction
{
    /// <summary>The caller fills them, the callee reads them. What a <c>ReadOnlySpan</c> and an array do by default.</summary>
    In,

    /// <summary>The callee fills them. What a <c>Span</c> does by default.</summary>
    Out,

    /// <summary>The caller fills them, and the callee may change them.</summary>
    InOut,
}
