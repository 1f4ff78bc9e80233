namespace AotLayers.App;

/// <summary>A task with a layer failed. <see cref="ErrorReport"/> makes one story of the cause and the place.</summary>
public sealed class LayerTaskException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="cause">What failed.</param>
    /// <param name="place">What the task was about; the cause may know better.</param>
    public LayerTaskException(Exception cause, LayerErrorContext place)
        : base(cause?.Message, cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        Cause = cause;
        Place = place;
    }

    /// <summary>What failed.</summary>
    public Exception Cause { get; }

    /// <summary>What the task was about.</summary>
    public LayerErrorContext Place { get; }
}
