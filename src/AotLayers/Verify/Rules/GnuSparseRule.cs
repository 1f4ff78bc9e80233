namespace AotLayers;

/// <summary>
/// Sparse files are written out: readers of layers do not agree on the sparse formats of GNU.
/// (docs/verify/AOTV007.md)
/// </summary>
internal sealed class GnuSparseRule() : VerifyRule(
    "AOTV007",
    "gnu-sparse",
    VerifySeverity.Warning,
    "Sparse files are written out: readers of layers do not agree on the sparse formats of GNU.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Header?.SparseRanges is not null)
        {
            run.Report(this, entry, "it is sparse in a format of GNU, which .NET and others read wrong");
        }
        else if (entry.Header is not null
            && entry.Kind == VerifyEntryKind.File
            && entry.Name.Contains(@"\GNUSparseFile.", StringComparison.Ordinal))
        {
            run.Report(this, entry, "it is the raw form of a GNU sparse file, which a program took for a name");
        }
    }
}
