namespace AotLayers.App;

/// <summary>Compares two layers, or two images, from request to result.</summary>
public static class DiffTask
{
    /// <summary>Compares.</summary>
    /// <param name="before">The first layer. Of an image with several layers and none named, the chain.</param>
    /// <param name="after">The second layer.</param>
    /// <param name="standardInput">What the source <c>-</c>, which one of the two may be, stands for; null where it is a name like
    /// others.</param>
    /// <param name="ignored">What does not count as a difference.</param>
    /// <param name="cancellationToken">Stops between entries and between reads.</param>
    /// <exception cref="UsageException">A request makes no sense. Nothing was done.</exception>
    /// <exception cref="LayerTaskException">Reading failed.</exception>
    public static IReadOnlyList<LayerDifference> Run(
        LayerRequest before,
        LayerRequest after,
        Stream? standardInput,
        EntryAspects ignored,
        CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(before);
        ArgumentNullException.ThrowIfNull(after);
        if (before.Record is not null)
        {
            throw new UsageException($"{before.Spelling.Name("record")} is for one layer, and two are read");
        }

        if (standardInput is not null && before.Source == LayerSource.StandardInput && after.Source == LayerSource.StandardInput)
        {
            throw new UsageException("only one of the two can be standard input");
        }

        LayerPrint first = Read(before, standardInput, cancellationToken);
        return LayerComparer.Compare(first, Read(after, standardInput, cancellationToken), ignored);
    }

    private static LayerPrint Read(LayerRequest request, Stream? standardInput, CancellationToken cancellationToken)
    {
        var print = new LayerPrint();
        SourceTask.Run(request with { MergesImages = true }, standardInput, print.Add, done: null, cancellationToken);
        return print;
    }
}
