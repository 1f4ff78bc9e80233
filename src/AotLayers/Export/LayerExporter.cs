using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// Writes a layer as an OCI layer tar in one pass, byte for byte as hcsshim and go-winio write it (docs/formats/layer-tar.md#entries).
/// </summary>
public static class LayerExporter
{
    /// <summary>Exports to a stream.</summary>
    /// <param name="reader">The layer. It is read to its end and closed, also when exporting fails: its last call says whether the export
    /// is to be trusted.</param>
    /// <param name="output">Receives the tar; not closed. After a failure it holds a part without the end of an archive.</param>
    /// <param name="options">How; null for a plain tar with digests.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="LayerException">Reading or writing failed; the message says where.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled.</exception>
    public static ExportSummary Export(
        LayerReader reader,
        Stream output,
        ExportOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        ArgumentNullException.ThrowIfNull(output);
        options ??= new ExportOptions();
        try
        {
            using var pipeline = new TarPipeline(output, options);
            var losses = new List<LayerLossRecord>();
            using var tar = new LayerTarWriter(pipeline.Tar, loss => losses.Add(Describe(loss)), options.Tar);
            WriteEntries(reader, tar, pipeline, options.Progress, cancellationToken);

            // Closed before the archive gets its end, so that a failure here cannot leave one that looks complete.
            reader.Close();
            tar.Finish();
            pipeline.Complete();
            losses.AddRange(reader.Losses);
            return new ExportSummary
            {
                Entries = tar.EntryCount,
                Tombstones = tar.TombstoneCount,
                HardLinks = tar.HardLinkCount,
                FileBytes = tar.FileBytes,
                TarBytes = pipeline.TarBytes,
                Bytes = pipeline.OutputBytes,
                DiffId = pipeline.DiffId,
                Digest = pipeline.Digest,
                Compression = options.Compression,
                Reader = reader.Kind,
                Losses = losses,
                Warnings = [.. reader.Warnings],
            };
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw LayerException.From(e, reader.ErrorContext);
        }
        finally
        {
            reader.Close();
        }
    }

    /// <summary>Exports to a file, which appears whole or not at all.</summary>
    /// <param name="reader">The layer; read to its end and closed.</param>
    /// <param name="path">The file. An existing one is replaced when all is done.</param>
    /// <param name="options">How; null for a plain tar with digests.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="LayerException">Reading or writing failed; the message says where. No file appeared.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled. No file appeared.</exception>
    public static ExportSummary ExportToFile(
        LayerReader reader,
        string path,
        ExportOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(reader);
        try
        {
            using var file = AtomicOutputFile.Create(path);
            ExportSummary summary = Export(reader, file.Stream, options, cancellationToken);
            file.Commit();
            return summary;
        }
        catch (LayerException e)
        {
            throw LayerException.From(e, reader.ErrorContext);
        }
        finally
        {
            reader.Close();
        }
    }

    private static void WriteEntries(
        LayerReader reader,
        LayerTarWriter tar,
        TarPipeline pipeline,
        IProgress<ExportProgress>? progress,
        CancellationToken cancellationToken)
    {
        var firstNames = new Dictionary<UInt128, string>();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (reader.GetNextEntry() is not { } entry)
            {
                return;
            }

            WriteEntry(reader, entry, tar, firstNames, cancellationToken);
            progress?.Report(new ExportProgress(tar.EntryCount + tar.TombstoneCount, pipeline.TarBytes, entry.Name));
        }
    }

    private static void WriteEntry(
        LayerReader reader,
        LayerEntry entry,
        LayerTarWriter tar,
        Dictionary<UInt128, string> firstNames,
        CancellationToken cancellationToken)
    {
        try
        {
            if (entry.IsTombstone)
            {
                tar.WriteTombstone(entry.Name);
                return;
            }

            if (entry.HardLinkTarget is { } target)
            {
                tar.WriteHardLink(entry.Name, target, entry.Info);
                return;
            }

            // The volume is no part of the key: a layer lies on one (docs/formats/layer-tar.md#hard-links).
            if (entry.Links is { Count: > 1 } links && !firstNames.TryAdd(links.FileId, entry.Name))
            {
                tar.WriteHardLink(entry.Name, firstNames[links.FileId], entry.Info);
                return;
            }

            tar.WriteEntry(entry.Name, entry.Size, entry.Info, entry.OpenBackupStream(), cancellationToken);
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            throw LayerException.From(e, reader.ErrorContext with { Entry = entry.Name });
        }
    }

    private static LayerLossRecord Describe(in LayerLoss loss) => new(loss.Entry, ToCamelCase(loss.Reason.ToString()), loss.Describe());

    private static string ToCamelCase(string name) => char.ToLowerInvariant(name[0]) + name[1..];
}
