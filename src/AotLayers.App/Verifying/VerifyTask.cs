namespace AotLayers.App;

/// <summary>Verifies a layer, from request to result.</summary>
public static class VerifyTask
{
    /// <summary>Verifies.</summary>
    /// <param name="request">What to verify.</param>
    /// <param name="standardInput">What <c>-</c> stands for as the source; null where it stands for nothing. Closed.</param>
    /// <param name="onFinding">Told of each finding at once.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="UsageException">The request makes no sense. Nothing was read.</exception>
    /// <exception cref="LayerTaskException">The source or a parent cannot be read; what is wrong in it is a finding.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static VerifyResult Run(
        VerifyRequest request, Stream? standardInput, Action<VerifyFinding> onFinding, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(onFinding);
        request.ToOptions([], null, onFinding);
        var parents = new List<LayerNames>();
        foreach (string parent in request.Parents)
        {
            parents.Add(ReadNames(request, parent, cancellationToken));
        }

        using var task = LayerTask.Start(request.Layer with { HashSource = true }, standardInput);
        task.OpenReader(cancellationToken);
        try
        {
            VerifySummary summary = LayerVerifier.Verify(task.Reader, request.ToOptions(parents, task.ImageLayer, onFinding));
            task.CloseReader(complete: true);
            task.CompleteRecording();
            return new VerifyResult(request.Layer.Source, summary);
        }
        catch (Exception e) when (task.Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    private static LayerNames ReadNames(VerifyRequest request, string parent, CancellationToken cancellationToken)
    {
        using var task = LayerTask.Start(new LayerRequest { Spelling = request.Layer.Spelling, Source = parent });
        task.OpenReader(cancellationToken);
        try
        {
            var names = LayerNames.Read(task.Reader);
            task.CloseReader(complete: true);
            return names;
        }
        catch (Exception e) when (task.Explain(e) is { } explained)
        {
            throw explained;
        }
    }
}
