namespace AotLayers;

/// <summary>Everything is in Files, Hives or UtilityVM. (docs/verify/AOTV020.md)</summary>
internal sealed class LayoutRule() : VerifyRule(
    "AOTV020", "layout", VerifySeverity.Error, "Everything is in Files, Hives or UtilityVM.")
{
    private const int MaxTold = 100;

    private readonly List<string> _names = [];
    private readonly List<long> _offsets = [];

    internal override bool SeesForeignEntries => true;

    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Top != LayerTop.Other || !entry.HasSafeName || _names.Count == MaxTold)
        {
            return;
        }

        int end = entry.Name.IndexOf('\\', StringComparison.Ordinal);
        string top = end < 0 ? entry.Name : entry.Name[..end];
        if (!_names.Contains(top))
        {
            _names.Add(top);
            _offsets.Add(entry.Offset);
        }
    }

    internal override void OnEnd(VerifyRun run)
    {
        if (run.LooksLikeLinux)
        {
            return;
        }

        for (int i = 0; i < _names.Count; i++)
        {
            run.Report(this, _names[i], _offsets[i], "it is not in Files, Hives or UtilityVM, the only trees of a layer");
        }
    }
}
