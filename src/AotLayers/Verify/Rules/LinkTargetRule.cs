using AotLayers.Formats;

namespace AotLayers;

/// <summary>A symbolic link or mount point has a target, in its print name. (docs/verify/AOTV044.md)</summary>
internal sealed class LinkTargetRule() : VerifyRule(
    "AOTV044", "link-target", VerifySeverity.Error, "A symbolic link or mount point has a target, in its print name.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Kind != VerifyEntryKind.ReparsePoint)
        {
            return;
        }

        if (entry.Header is { } header)
        {
            if (entry.Target.Length == 0 && !LayerTarRecords.HasOwn(header))
            {
                run.Report(this, entry, "it has no target: its print name was empty when it was exported");
            }
        }
        else if (entry.Metadata?.ReparsePoint is { PrintName.Length: 0 } point)
        {
            run.Report(
                this, entry, $"its print name is empty: programs that look at no other name lose its target '{point.SubstituteName}'");
        }
    }
}
