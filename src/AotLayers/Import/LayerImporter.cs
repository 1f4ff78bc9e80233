using System.Buffers;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Makes a layer of a layer tar (plain, gzip or zstd, by content), in one pass and all or nothing: the layer is there when the tar was
/// read to its end, was whole, and had the digests that were demanded.
/// </summary>
public static class LayerImporter
{
    /// <summary>Imports.</summary>
    /// <param name="machine">The calls.</param>
    /// <param name="layer">The layer to make, which must not be there, and its parents.</param>
    /// <param name="tar">The tar; read to its end and closed. It need not be able to seek.</param>
    /// <param name="name">What to call the tar in errors.</param>
    /// <param name="options">How; null for the defaults.</param>
    /// <param name="kind">Which writer.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="LayerException">Reading or writing failed, or a digest is not the demanded one; nothing was imported.</exception>
    /// <exception cref="ArgumentException">A demanded digest is none.</exception>
    /// <exception cref="OperationCanceledException">The token was cancelled; nothing was imported.</exception>
    public static ImportSummary Import(
        HcsMachine machine,
        LayerLocation layer,
        Stream tar,
        string name,
        ImportOptions? options = null,
        LayerWriterKind kind = LayerWriterKind.Auto,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(layer);
        ArgumentNullException.ThrowIfNull(tar);
        options ??= new ImportOptions();
        CheckDigest(options.ExpectDiffId, nameof(options.ExpectDiffId));
        CheckDigest(options.ExpectDigest, nameof(options.ExpectDigest));
        using var reader = TarLayerReader.OpenHashed(tar, name, cancellationToken);
        LayerWriter? writer = null;
        var run = new Run(reader, options);
        try
        {
            writer = LayerWriter.Open(machine, layer, kind, cancellationToken);
            run.Copy(writer, cancellationToken);
            Demand("diffID", options.ExpectDiffId, reader.DiffId!, reader.ErrorContext);
            Demand("digest", options.ExpectDigest, reader.Digest!, reader.ErrorContext);
            cancellationToken.ThrowIfCancellationRequested();
            writer.Commit();
            return run.Summarize(writer);
        }
        catch (Exception e) when (LayerErrors.IsPlaceable(e))
        {
            writer?.Dispose();
            var error = LayerException.From(e, layer.ErrorContext);
            string left = writer is { Warnings: [var warning, ..] } ? warning : "nothing was imported";
            throw new LayerException($"{error.Reason}; {left} ({run.Count} entries were written before)", error.Context, error, error.Hint);
        }
        finally
        {
            writer?.Dispose();
        }
    }

    /// <summary>Whether a text is <c>sha256:</c> and 64 lower-case hex digits.</summary>
    public static bool IsDigest(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        const string Prefix = "sha256:";
        return text.Length == Prefix.Length + 64 && text.StartsWith(Prefix, StringComparison.Ordinal)
            && !text.AsSpan(Prefix.Length).ContainsAnyExcept(s_hexDigits);
    }

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");

    private static void CheckDigest(string? digest, string parameter)
    {
        if (digest is not null && !IsDigest(digest))
        {
            throw new ArgumentException($"'{digest}' is no digest: sha256: and 64 lower-case hexadecimal digits", parameter);
        }
    }

    private static void Demand(string what, string? expected, string actual, LayerErrorContext place)
    {
        if (expected is not null && expected != actual)
        {
            throw new LayerException($"the {what} is {actual}, not {expected} as demanded", place);
        }
    }

    /// <summary>One import: what was done so far.</summary>
    private sealed class Run(TarLayerReader reader, ImportOptions options)
    {
        private long _entries;
        private long _tombstones;
        private long _hardLinks;
        private long _fileBytes;

        public long Count => _entries + _tombstones;

        public void Copy(LayerWriter writer, CancellationToken cancellationToken)
        {
            while (reader.GetNextEntry() is { } entry)
            {
                cancellationToken.ThrowIfCancellationRequested();
                Write(writer, entry);
                options.Progress?.Report(new ImportProgress(Count, reader.TarBytes, entry.Name));
            }
        }

        public ImportSummary Summarize(LayerWriter writer) => new()
        {
            Entries = _entries,
            Tombstones = _tombstones,
            HardLinks = _hardLinks,
            FileBytes = _fileBytes,
            TarBytes = reader.TarBytes,
            Bytes = reader.Bytes,
            DiffId = reader.DiffId!,
            Digest = reader.Digest!,
            Writer = writer.Kind,
            Warnings = [.. reader.Warnings, .. writer.Warnings],
        };

        private void Write(LayerWriter writer, LayerEntry entry)
        {
            if (entry.IsTombstone)
            {
                writer.WriteTombstone(entry.Name);
                _tombstones++;
                return;
            }

            if (entry.HardLinkTarget is { } target)
            {
                writer.WriteHardLink(entry.Name, target);
                _hardLinks++;
            }
            else
            {
                writer.WriteEntry(entry.Name, entry.Info, entry.OpenBackupStream());
                _fileBytes += entry.Size;
            }

            _entries++;
        }
    }
}
