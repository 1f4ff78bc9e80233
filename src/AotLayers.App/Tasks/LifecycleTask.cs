using AotLayers.Hcs;

namespace AotLayers.App;

/// <summary>One verb of a layer's life, from request to result.</summary>
public static class LifecycleTask
{
    /// <summary>Does it.</summary>
    /// <param name="request">Which layer of which machine.</param>
    /// <param name="verb">What to do with the layer.</param>
    /// <param name="log">Told every call when it has come back; null for nobody.</param>
    /// <param name="done">Told the result. Afterwards the recording is completed: one that cannot be does not undo what was done.</param>
    /// <param name="cancellationToken">Stops between calls; what was done is taken back.</param>
    /// <exception cref="UsageException">The request makes no sense. Nothing was done.</exception>
    /// <exception cref="LayerTaskException">A call failed.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void Run(
        LayerRequest request,
        LifecycleVerb verb,
        Action<LayerStep>? log,
        Action<LifecycleResult> done,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(verb);
        ArgumentNullException.ThrowIfNull(done);
        var steps = new List<LayerStep>();
        var options = new LayerLifecycleOptions
        {
            Log = step =>
            {
                steps.Add(step);
                log?.Invoke(step);
            },
        };
        OnMachine(
            request with { Privileges = verb.Privileges },
            machine => verb.Run(new Layer(machine, request.Location, options, cancellationToken)),
            outcome => done(new LifecycleResult(request.Location.Path, outcome, steps)));
    }

    /// <summary>Asks for the base images of a machine.</summary>
    /// <param name="request">Which machine.</param>
    /// <param name="done">Told the result.</param>
    /// <exception cref="UsageException">The request makes no sense. Nothing was done.</exception>
    /// <exception cref="LayerTaskException">The call failed.</exception>
    public static void List(LayerRequest request, Action<BaseImagesResult> done)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(done);
        OnMachine(request, Layer.GetBaseImages, images => done(new BaseImagesResult(images)));
    }

    private static void OnMachine<T>(LayerRequest request, Func<HcsMachine, T> action, Action<T> done)
    {
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
