using System.Globalization;

namespace AotLayers;

/// <summary>A file has at most 1024 names. (docs/verify/AOTV045.md)</summary>
internal sealed class LinkCountRule() : VerifyRule(
    "AOTV045", "link-count", VerifySeverity.Error, "A file has at most 1024 names.")
{
    private const int MaxNames = 1024;

    private readonly Dictionary<int, int> _first = [];
    private readonly Dictionary<int, int> _names = [];

    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.LinkCount > MaxNames)
        {
            Tell(run, entry, entry.LinkCount);
            return;
        }

        if (entry.Kind != VerifyEntryKind.HardLink || entry.Node < 0 || run.Names.Find(entry.Target) is var target && target < 0)
        {
            return;
        }

        int file = _first.GetValueOrDefault(target, target);
        _first[entry.Node] = file;
        int count = _names[file] = _names.GetValueOrDefault(file, 1) + 1;
        if (count == MaxNames + 1)
        {
            Tell(run, entry, count);
        }
    }

    private void Tell(VerifyRun run, VerifyEntry entry, long count) => run.Report(
        this, entry, string.Create(CultureInfo.InvariantCulture, $"it makes {count} names of one file: NTFS has at most {MaxNames} (0x80070476)"));
}
