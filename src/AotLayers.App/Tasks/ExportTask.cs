using AotLayers.Formats;

namespace AotLayers.App;

/// <summary>Writes a layer as a tar, from request to result.</summary>
public static class ExportTask
{
    /// <summary>Exports.</summary>
    /// <param name="request">What to export, and with <see cref="LayerRequest.Output"/> the file to write, which appears whole or not at
    /// all.</param>
    /// <param name="output">Takes the tar when the request names no file.</param>
    /// <param name="progress">Told after each entry; null for nobody.</param>
    /// <param name="done">Told the result. Afterwards the recording is completed: one that cannot be does not make the tar a wrong
    /// one.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="UsageException">The request makes no sense. Nothing was done.</exception>
    /// <exception cref="LayerTaskException">Reading or writing failed. No file appeared, unless <paramref name="done"/> was
    /// called.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. No file appeared.</exception>
    public static void Run(
        LayerRequest request,
        Stream? output,
        IProgress<ExportProgress>? progress,
        Action<ExportResult> done,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(done);
        using var task = LayerTask.Start(request);
        var options = new ExportOptions
        {
            Compression = request.Compression,
            ComputeDigests = request.Digest,
            Progress = progress,
            Tar = new LayerTarWriterOptions { UnknownReparsePoints = request.Unsupported, Lossless = request.Lossless },
        };
        try
        {
            ExportSummary summary;
            if (request.Output is null)
            {
                summary = Export(task, output ?? throw new ArgumentNullException(nameof(output)), options, cancellationToken);
            }
            else
            {
                using var file = AtomicOutputFile.Create(request.Output);
                summary = Export(task, file.Stream, options, cancellationToken);

                // The last chance to stop: afterwards the file is there.
                cancellationToken.ThrowIfCancellationRequested();
                file.Commit();
            }

            done(new ExportResult(request.Source, request.Output ?? "-", summary));
        }
        catch (Exception e) when (task.Explain(e) is { } explained)
        {
            throw explained;
        }

        task.CompleteRecording();
    }

    private static ExportSummary Export(LayerTask task, Stream output, ExportOptions options, CancellationToken cancellationToken)
    {
        task.OpenReader(cancellationToken);
        ExportSummary summary = LayerExporter.Export(task.Reader, output, options, cancellationToken);
        task.CloseReader(complete: true);
        return summary;
    }
}
