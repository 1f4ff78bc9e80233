using System.Text.Json;

namespace AotLayers.Native;

/// <summary>One export, from source to file.</summary>
internal static class ExportTask
{
    /// <summary>Exports.</summary>
    /// <exception cref="NativeCallException">The progress callback stopped it.</exception>
    public static ExportSummary Run(string source, SourceOptions options, string path, ProgressReporter progress)
    {
        if (path.Length == 0)
        {
            throw new NativeCallException(ResultCodes.InvalidArgument, "path is empty");
        }

        if (options.Record is { } record && Path.GetFullPath(record) == Path.GetFullPath(path))
        {
            throw new NativeCallException(ResultCodes.InvalidArgument, "path and the option 'record' name the same file");
        }

        try
        {
            progress.Report(new ExportProgress(0, 0, ""));
            progress.Token.ThrowIfCancellationRequested();
            using OpenedSource opened = OpenedSource.Open(source, options, progress.Token);
            var exportOptions = new ExportOptions
            {
                Compression = options.Compression switch
                {
                    "gzip" => LayerCompression.Gzip,
                    "zstd" => LayerCompression.Zstd,
                    _ => LayerCompression.None,
                },
                ComputeDigests = options.Digest,
                Progress = progress,
            };

            ExportSummary summary;
            using (AtomicOutputFile file = AtomicOutputFile.Create(path))
            {
                summary = LayerExporter.Export(opened.Reader, file.Stream, exportOptions, progress.Token);
                opened.CloseReader(complete: true);

                // The last chance to stop: afterwards the file is there.
                progress.Token.ThrowIfCancellationRequested();
                file.Commit();
            }

            LastError.SetResult(json => Write(json, source, path, summary));

            // Last, because a recording that could not be finished does not make the tar a wrong one.
            opened.CompleteRecording();
            return summary;
        }
        catch (OperationCanceledException)
        {
            throw new NativeCallException(ResultCodes.Cancelled, $"the export of {source} was stopped by the progress callback; nothing was left behind");
        }
    }

    /// <summary>The result as the caller's struct has it.</summary>
    public static AotlSummary Describe(ExportSummary summary)
    {
        var value = new AotlSummary
        {
            Entries = (ulong)summary.Entries,
            Tombstones = (ulong)summary.Tombstones,
            HardLinks = (ulong)summary.HardLinks,
            Bytes = (ulong)summary.Bytes,
            TarBytes = (ulong)summary.TarBytes,
            FileBytes = (ulong)summary.FileBytes,
            Losses = (ulong)summary.Losses.Count,
        };
        NativeString.Write(summary.DiffId ?? "", value.DiffId);
        NativeString.Write(summary.Digest ?? "", value.Digest);
        NativeString.Write(summary.Reader, value.Reader);
        return value;
    }

    private static void Write(Utf8JsonWriter json, string source, string path, ExportSummary summary)
    {
        json.WriteStartObject();
        json.WriteString("layer", source);
        json.WriteString("output", path);
        json.WriteNumber("entries", summary.Entries);
        json.WriteNumber("tombstones", summary.Tombstones);
        json.WriteNumber("hardLinks", summary.HardLinks);
        json.WriteNumber("bytes", summary.Bytes);
        json.WriteNumber("tarBytes", summary.TarBytes);
        json.WriteNumber("fileBytes", summary.FileBytes);
        json.WriteString("diffId", summary.DiffId);
        json.WriteString("digest", summary.Digest);
        json.WriteString("compression", summary.Compression switch
        {
            LayerCompression.Gzip => "gzip",
            LayerCompression.Zstd => "zstd",
            _ => "none",
        });
        json.WriteString("reader", summary.Reader);
        json.WriteStartArray("losses");
        foreach (LayerLossRecord loss in summary.Losses)
        {
            json.WriteStartObject();
            json.WriteString("entry", loss.Entry);
            json.WriteString("reason", loss.Reason);
            json.WriteString("description", loss.Description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("warnings");
        foreach (string warning in summary.Warnings)
        {
            json.WriteStringValue(warning);
        }

        json.WriteEndArray();
        json.WriteEndObject();
    }
}
