using AotLayers.Formats;

namespace AotLayers;

/// <summary>Names and targets of hard links mean something in the layer, whoever unpacks it. (docs/verify/AOTV030.md)</summary>
internal sealed class UnsafeNameRule() : VerifyRule(
    "AOTV030", "unsafe-name", VerifySeverity.Error, "Names and targets of hard links mean something in the layer, whoever unpacks it.")
{
    internal override bool SeesForeignEntries => true;

    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        string name = entry.Kind == VerifyEntryKind.Stream ? entry.Target : entry.Name;
        if (!WindowsPath.IsSafeRelative(name, out string? problem))
        {
            run.Report(this, entry, "unsafe name: " + problem);
        }

        if (entry.Kind == VerifyEntryKind.HardLink && !WindowsPath.IsSafeRelative(entry.Target, out problem))
        {
            run.Report(this, entry, $"unsafe target of a hard link: {problem} ('{entry.Target}')");
        }
    }
}
