namespace AotLayers;

/// <summary>
/// Checks a layer against the rules that Windows and the programs that import layers demand (docs/verify/README.md), in one pass and
/// without Windows. Only names are kept in memory, some 25 bytes and the last part of each.
/// </summary>
public static class LayerVerifier
{
    /// <summary>Checks a layer tar, plain or compressed with gzip or zstd.</summary>
    /// <param name="file">The file from its start; read to its end and closed. It need not be able to seek.</param>
    /// <param name="options">What to check; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="IOException">The file cannot be read. A damaged archive is a finding.</exception>
    /// <exception cref="ArgumentException">A rule to be switched off is none, has no reason, or a demanded digest is none.</exception>
    public static VerifySummary VerifyTar(Stream file, VerifyOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(file);
        options ??= new VerifyOptions();
        CheckDigest(options.ExpectDiffId);
        CheckDigest(options.ExpectDigest);
        using var hashed = new HashingReadStream(file);
        using var content = new HashingReadStream(DecompressedStream.Open(hashed));
        return VerifyTar(content, hashed, options, cancellationToken);
    }

    /// <summary>Checks a layer of any kind: a tar, a transport folder, a recording, a layer of a machine.</summary>
    /// <param name="reader">The layer, of which nothing was read; read to its end and closed.</param>
    /// <param name="options">What to check; null for the defaults. Demands on digests are for tars.</param>
    /// <exception cref="LayerException">The layer cannot be read. What is malformed in it is a finding.</exception>
    /// <exception cref="ArgumentException">A rule to be switched off is none, or has no reason.</exception>
    public static VerifySummary Verify(LayerReader reader, VerifyOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(reader);
        using (reader)
        {
            options ??= new VerifyOptions();
            if (reader is TarLayerReader tar)
            {
                HashingReadStream content = tar.Content as HashingReadStream ?? new HashingReadStream(tar.Content);
                return VerifyTar(content, tar.File, options, reader.CancellationToken);
            }

            var run = new VerifyRun(options);
            new VerifyLayerSource(reader, run).Read();
            if (!run.IsCut)
            {
                reader.Close();
            }

            return run.End(reader.Kind);
        }
    }

    private static VerifySummary VerifyTar(
        HashingReadStream content, HashingReadStream? file, VerifyOptions options, CancellationToken cancellationToken)
    {
        var run = new VerifyRun(options) { IsTar = true };
        new VerifyTarSource(content, run, cancellationToken).Read();
        if (!run.IsCut)
        {
            content.CopyTo(Stream.Null);
            file?.CopyTo(Stream.Null);
            run.DiffId = content.GetDigest();
            run.Digest = file?.GetDigest();
        }

        run.TarBytes = content.Position;
        run.Bytes = file?.Position ?? 0;
        return run.End("tar");
    }

    private static void CheckDigest(string? digest)
    {
        if (digest is not null && !LayerImporter.IsDigest(digest))
        {
            throw new ArgumentException($"'{digest}' is no digest: sha256: and 64 lower-case hexadecimal digits", nameof(digest));
        }
    }
}
