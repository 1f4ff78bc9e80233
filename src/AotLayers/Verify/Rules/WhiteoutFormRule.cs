using AotLayers.Formats;

namespace AotLayers;

/// <summary>A whiteout is an empty file below Files or UtilityVM\Files that names something. (docs/verify/AOTV051.md)</summary>
internal sealed class WhiteoutFormRule() : VerifyRule(
    "AOTV051", "whiteout-form", VerifySeverity.Error, @"A whiteout is an empty file below Files or UtilityVM\Files that names something.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Kind != VerifyEntryKind.Whiteout || entry.Name.EndsWith(WhiteoutName.Opaque, StringComparison.Ordinal))
        {
            return;
        }

        if (entry.Target.Length == 0)
        {
            run.Report(this, entry, "the whiteout names nothing that Windows has");
        }
        else if (!HardLinkTargets.IsLinkable(entry.Target))
        {
            run.Report(this, entry, @"whiteouts can only be below Files and UtilityVM\Files");
        }
        else if (entry.Header is { } header && (header.TypeFlag != TarTypeFlag.RegularFile || header.Size > 0))
        {
            run.Report(this, entry, "a whiteout is an empty regular file");
        }
    }
}
