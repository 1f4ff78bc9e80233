using AotLayers.Formats;

namespace AotLayers;

/// <summary>There are no opaque whiteouts. (docs/verify/AOTV050.md)</summary>
internal sealed class OpaqueWhiteoutRule() : VerifyRule(
    "AOTV050", "opaque-whiteout", VerifySeverity.Error, "There are no opaque whiteouts.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Kind == VerifyEntryKind.Whiteout && entry.Name.EndsWith(WhiteoutName.Opaque, StringComparison.Ordinal))
        {
            run.Report(this, entry, "opaque whiteouts do not exist on Windows: it is taken for the deletion of a file '.wh..opq'");
        }
    }
}
