namespace AotLayers.App;

/// <summary>Goes through the entries of a source, from request to end: what all commands that look into layers have in common.</summary>
public static class SourceTask
{
    /// <summary>Visits every entry.</summary>
    /// <param name="request">What to read.</param>
    /// <param name="standardInput">What the source <c>-</c> stands for; null where it is a name like others.</param>
    /// <param name="visit">Told of each entry.</param>
    /// <param name="done">Told of the reader after the last entry, when the layer turned out to be whole.</param>
    /// <param name="cancellationToken">Stops between entries and between reads.</param>
    /// <exception cref="UsageException">The request makes no sense. Nothing was done.</exception>
    /// <exception cref="LayerTaskException">Reading failed, or the layer is not what its digests say.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static void Run(
        LayerRequest request,
        Stream? standardInput,
        Action<LayerEntry> visit,
        Action<LayerReader>? done,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(visit);
        using var task = LayerTask.Start(request, standardInput);
        Read(task, visit, cancellationToken);
        task.CloseReader(complete: true);
        done?.Invoke(task.Reader);
        task.CompleteRecording();
    }

    /// <summary>Reads a task's layer to its end, once; it can be read again then, and has to be closed as complete in the end.</summary>
    internal static void Read(LayerTask task, Action<LayerEntry> visit, CancellationToken cancellationToken)
    {
        string? at = null;
        try
        {
            task.OpenReader(cancellationToken);
            while (task.Reader.GetNextEntry() is { } entry)
            {
                at = entry.Name;
                visit(entry);
                at = null;
            }

            task.CloseReader(complete: false);
        }
        catch (Exception e) when (task.Explain(e, at) is { } explained)
        {
            throw explained;
        }
    }
}
