namespace AotLayers.App;

/// <summary>Extracts entries of a layer to a folder, from request to result.</summary>
public static class ExtractTask
{
    /// <summary>Extracts.</summary>
    /// <param name="request">The layer.</param>
    /// <param name="standardInput">What the source <c>-</c> stands for; null where it is a name like others.</param>
    /// <param name="folder">The folder; made where it is missing.</param>
    /// <param name="patterns">Which entries; none for all.</param>
    /// <param name="existing">What becomes of files that are there.</param>
    /// <param name="metadata">File for what a folder does not carry, which appears whole or not at all; null for none.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <returns>What was done; problems of single entries are in it.</returns>
    /// <exception cref="UsageException">The request makes no sense. Nothing was done.</exception>
    /// <exception cref="LayerTaskException">Reading or writing failed; the message says what was extracted before.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ExtractSummary Run(
        LayerRequest request,
        Stream? standardInput,
        string folder,
        IReadOnlyList<NamePattern> patterns,
        ExistingFiles existing,
        string? metadata,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(patterns);
        using var task = LayerTask.Start(request with { ReadAgain = patterns.Count > 0 }, standardInput);
        LayerExtractor? extractor = null;
        try
        {
            using AtomicOutputFile? side = metadata is null ? null : AtomicOutputFile.Create(metadata);
            extractor = new LayerExtractor(folder, existing, side?.Stream, cancellationToken);
            SourceTask.Read(
                task,
                entry =>
                {
                    if (NamePattern.MatchesAny(patterns, entry.Name))
                    {
                        extractor.Add(entry);
                    }
                },
                cancellationToken);
            if (patterns.Count > 0 && extractor.NeedsTargets)
            {
                SourceTask.Read(task, extractor.AddTarget, cancellationToken);
            }

            task.CloseReader(complete: true);
            extractor.Complete();
            side?.Commit();
        }
        catch (Exception e) when (e is not (UsageException or OperationCanceledException))
        {
            Exception explained = task.Explain(e) ?? e;
            throw extractor is null ? explained : Tell(explained, extractor.Summary, request.Place);
        }

        task.CompleteRecording();
        return extractor.Summary;
    }

    /// <summary>The error with what is in the folder all the same.</summary>
    private static LayerTaskException Tell(Exception error, ExtractSummary summary, LayerErrorContext place)
    {
        Exception cause = error is LayerTaskException task ? task.Cause : error;
        var layer = LayerException.From(cause, place);
        string before = summary.Files == 1 ? "1 file was" : $"{summary.Files} files were";
        return new LayerTaskException(
            new LayerException($"{layer.Reason}; {before} extracted before, links and times of directories are not made",
                layer.Context, layer, layer.Hint),
            place);
    }
}
