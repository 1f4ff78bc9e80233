using AotLayers.Formats;

namespace AotLayers;

/// <summary>UtilityVM holds nothing but Files; that of a base layer has its boot configuration. (docs/verify/AOTV027.md)</summary>
internal sealed class UtilityVmRule() : VerifyRule(
    "AOTV027", "utility-vm", VerifySeverity.Error, "UtilityVM holds nothing but Files; that of a base layer has its boot configuration.")
{
    private const string Bcd = @"UtilityVM\Files\EFI\Microsoft\Boot\BCD";

    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Top == LayerTop.UtilityVm
            && entry.Kind != VerifyEntryKind.Stream
            && entry.Name.Length > "UtilityVM".Length
            && !NtfsNameComparer.Equals(entry.Name, @"UtilityVM\Files")
            && !WindowsPath.IsBelow(entry.Name, @"UtilityVM\Files"))
        {
            run.Report(this, entry, @"only UtilityVM\Files can be in UtilityVM");
        }
    }

    internal override void OnEnd(VerifyRun run)
    {
        if (run.IsCut || !run.Has(LayerTop.UtilityVm) || run.Has(LayerTop.Hives))
        {
            return;
        }

        int node = run.Names.Find(Bcd);
        if (node < 0 || (run.Names[node] & NameFlags.Present) == 0)
        {
            run.Report(this, null, -1, $"the utility VM of a base layer needs {Bcd}");
        }
    }
}
