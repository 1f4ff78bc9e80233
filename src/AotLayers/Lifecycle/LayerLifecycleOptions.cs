namespace AotLayers;

/// <summary>How the verbs of <see cref="Layer"/> work.</summary>
public sealed record LayerLifecycleOptions
{
    /// <summary>Told every call when it has come back, on the thread that made it.</summary>
    public Action<LayerStep>? Log { get; init; }

    /// <summary>Pause before ActivateLayer and PrepareLayer are tried again: 100 ms, as hcsshim makes it.</summary>
    public TimeSpan MountRetryDelay { get; init; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Pause before DestroyLayer is tried again, times the number of attempts.</summary>
    public TimeSpan RemoveRetryDelay { get; init; } = TimeSpan.FromMilliseconds(30);
}
