namespace AotLayers.App;

/// <summary>Makes a layer of a layer tar, from request to result.</summary>
public static class ImportTask
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Imports.</summary>
    /// <param name="request">What to import, and with <see cref="LayerRequest.Input"/> the tar to read.</param>
    /// <param name="input">Gives the tar when the request names no file; closed.</param>
    /// <param name="progress">Told after each entry; null for nobody.</param>
    /// <param name="done">Told the result. Afterwards the recording is completed: one that cannot be does not undo the layer.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="UsageException">The request makes no sense. Nothing was done.</exception>
    /// <exception cref="LayerTaskException">Reading or writing failed. There is no layer, unless <paramref name="done"/> was
    /// called.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. There is no layer.</exception>
    public static void Run(
        LayerRequest request,
        Stream? input,
        IProgress<ImportProgress>? progress,
        Action<ImportResult> done,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(done);
        using var task = LayerTask.Start(request);
        string name = request.Input ?? "standard input";
        ImportSummary summary;
        try
        {
            Stream tar = request.Input is null
                ? input ?? throw new ArgumentNullException(nameof(input))
                : new FileStream(request.Input, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize);
            var options =
                new ImportOptions { ExpectDiffId = request.ExpectDiffId, ExpectDigest = request.ExpectDigest, Progress = progress };
            summary = task.Import(tar, name, options, cancellationToken);
        }
        catch (Exception e) when (task.Explain(e) is { } explained)
        {
            throw explained;
        }

        done(new ImportResult(request.Source, request.Input ?? "-", summary));
        task.CompleteRecording();
    }
}
