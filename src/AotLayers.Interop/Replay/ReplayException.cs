namespace AotLayers.Interop;

/// <summary>A replay cannot go on, or did not end as it was recorded.</summary>
public class ReplayException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ReplayException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}
