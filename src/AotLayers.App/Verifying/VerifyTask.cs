namespace AotLayers.App;

/// <summary>Verifies a layer, from request to result.</summary>
public static class VerifyTask
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Verifies.</summary>
    /// <param name="request">What to verify.</param>
    /// <param name="standardInput">What <c>-</c> stands for as the source; null where it stands for nothing.</param>
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
        request.ToOptions([], onFinding);
        var parents = new List<LayerNames>();
        foreach (string parent in request.Parents)
        {
            parents.Add(ReadNames(request, parent, cancellationToken));
        }

        VerifyOptions options = request.ToOptions(parents, onFinding);
        string source = standardInput is null ? request.Source : "standard input";
        try
        {
            if (standardInput is not null || IsTar(request.Source))
            {
                Stream file = standardInput ?? OpenFile(request.Source);
                return new VerifyResult(request.Source, LayerVerifier.VerifyTar(file, options, cancellationToken));
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new LayerTaskException(e, new LayerErrorContext { Layer = source });
        }

        using var task = LayerTask.Start(new LayerRequest { Spelling = request.Spelling, Source = request.Source });
        try
        {
            task.OpenReader(cancellationToken);
            VerifySummary summary = LayerVerifier.Verify(task.Reader, options);
            task.CloseReader(complete: true);
            return new VerifyResult(request.Source, summary);
        }
        catch (Exception e) when (task.Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    private static LayerNames ReadNames(VerifyRequest request, string parent, CancellationToken cancellationToken)
    {
        using var task = LayerTask.Start(new LayerRequest { Spelling = request.Spelling, Source = parent });
        try
        {
            task.OpenReader(cancellationToken);
            var names = LayerNames.Read(task.Reader);
            task.CloseReader(complete: true);
            return names;
        }
        catch (Exception e) when (task.Explain(e) is { } explained)
        {
            throw explained;
        }
    }

    private static bool IsTar(string path)
    {
        if (Directory.Exists(path))
        {
            return false;
        }

        using FileStream file = OpenFile(path);
        return file.ReadByte() != '{';
    }

    private static FileStream OpenFile(string path) =>
        new(path, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, BufferSize);
}
