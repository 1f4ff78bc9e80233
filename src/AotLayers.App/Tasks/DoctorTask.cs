using AotLayers.Hcs;

namespace AotLayers.App;

/// <summary>Examines a machine, from request to result.</summary>
public static class DoctorTask
{
    /// <summary>Examines. Nothing is changed.</summary>
    /// <param name="request">Which machine; and which layer, unless it has none (<see cref="LayerRequest.WithoutLayer"/>).</param>
    /// <param name="done">Told the result.</param>
    /// <exception cref="UsageException">The request makes no sense. Nothing was done.</exception>
    /// <exception cref="LayerTaskException">The chosen machine cannot be opened.</exception>
    public static void Run(LayerRequest request, Action<DoctorResult> done)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(done);
        request.Check();
        HcsChoice choice = request.Hcs ?? HcsChoice.Native;
        if (choice.Kind == HcsChoiceKind.Replay && !request.WithoutLayer)
        {
            string source = request.Spelling.Source;
            throw new UsageException($"a recording has no folder of {source} to look at: leave {source} away");
        }

        LayerLocation? layer = request.WithoutLayer ? null : request.Location;

        // Where there is no HCS, that is the finding.
        if (choice.Kind == HcsChoiceKind.Native && !OperatingSystem.IsWindows())
        {
            done(new DoctorResult(choice.ToString(), Doctor.Examine(null, null, layer)));
            return;
        }

        bool native = choice.Kind is HcsChoiceKind.Native or HcsChoiceKind.Library;
        using var task = LayerTask.Start(request);
        try
        {
            HcsMachine machine = task.UseMachine([]);
            done(new DoctorResult(
                choice.ToString(),
                Doctor.Examine(machine, native ? WindowsHost.Native() : null, layer, native)));
        }
        catch (Exception e) when (task.Explain(e) is { } explained)
        {
            throw explained;
        }

        task.CompleteRecording();
    }
}
