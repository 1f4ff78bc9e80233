using AotLayers.Hcs;

namespace AotLayers.App;

/// <summary>One verb of a layer's life, from request to result.</summary>
public static class LifecycleTask
{
    /// <summary>Does it.</summary>
    /// <param name="request">Which layer of which machine.</param>
    /// <param name="log">Told every call; null for nobody.</param>
    /// <param name="verb">What to do with the layer.</param>
    /// <param name="done">Told the result. Afterwards the recording is completed: one that cannot be does not undo what was done.</param>
    /// <param name="cancellationToken">Stops between calls.</param>
    /// <exception cref="UsageException">The request makes no sense. Nothing was done.</exception>
    /// <exception cref="LayerTaskException">A call failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void Run<T>(
        LayerRequest request, Action<LayerStep>? log, Func<Layer, T> verb, Action<T> done, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(verb);
        OnMachine(
            request,
            machine => verb(new Layer(machine, request.Location, new LayerLifecycleOptions { Log = log }, cancellationToken)),
            done);
    }

    /// <summary>Does something on a machine that is not about one layer.</summary>
    /// <param name="request">Which machine.</param>
    /// <param name="action">What to do.</param>
    /// <param name="done">Told the result.</param>
    /// <exception cref="UsageException">The request makes no sense. Nothing was done.</exception>
    /// <exception cref="LayerTaskException">A call failed.</exception>
    public static void OnMachine<T>(LayerRequest request, Func<HcsMachine, T> action, Action<T> done)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(action);
        ArgumentNullException.ThrowIfNull(done);
        using var task = LayerTask.Start(request);
        try
        {
            // Layers are taken apart and removed with the rights of a restoring program; the other verbs need neither.
            T result = action(task.UseMachine(request.Privileges));
            task.CloseReader(complete: true);
            done(result);
        }
        catch (Exception e) when (task.Explain(e) is { } explained)
        {
            throw explained;
        }

        task.CompleteRecording();
    }
}
