using AotLayers.Formats;

namespace AotLayers;

/// <summary>Targets of symbolic links are paths in the container, which has no Files. (docs/verify/AOTV043.md)</summary>
internal sealed class LinkTargetTreeRule() : VerifyRule(
    "AOTV043", "link-target-tree", VerifySeverity.Warning, "Targets of symbolic links are paths in the container, which has no Files.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Kind != VerifyEntryKind.ReparsePoint)
        {
            return;
        }

        string target = entry.Header is null ? entry.Metadata?.ReparsePoint?.Target ?? "" : entry.Target;
        string path = WindowsPath.TrimLeading(WindowsPath.FromSlash(target));
        if (WindowsPath.IsBelow(path, "Files") || WindowsPath.IsBelow(path, @"UtilityVM\Files"))
        {
            run.Report(this, entry, $"its target '{target}' names the layer's tree, which a container does not see");
        }
    }
}
