namespace AotLayers;

/// <summary>How bad a finding is.</summary>
public enum VerifySeverity
{
    /// <summary>Worth knowing; nothing has to be changed.</summary>
    Note,

    /// <summary>Some programs fail on it, or the layer is not what its author means.</summary>
    Warning,

    /// <summary>Windows or the programs that import layers refuse it, or do harm with it.</summary>
    Error,
}
