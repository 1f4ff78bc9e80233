namespace AotLayers.Interop;

/// <summary>Which buffer sizes stream reads may ask for.</summary>
public enum StreamReadMode
{
    /// <summary>Any: the recorded bytes are served in whatever sizes are asked for.</summary>
    Elastic,

    /// <summary>The recorded ones only.</summary>
    Exact,
}
