using AotLayers.Formats;

namespace AotLayers;

/// <summary>
/// Names have only characters that Windows allows, no dot or blank at the end, at most 255 units.
/// (docs/verify/AOTV031.md)
/// </summary>
internal sealed class InvalidNameRule() : VerifyRule(
    "AOTV031",
    "invalid-name",
    VerifySeverity.Error,
    "Names have only characters that Windows allows, no dot or blank at the end, at most 255 units.")
{
    private const WindowsNameProblems Told =
        WindowsNameProblems.TooLong | WindowsNameProblems.InvalidCharacter | WindowsNameProblems.TrailingDotOrSpace;

    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Node < 0)
        {
            return;
        }

        // What is above was an entry of its own, or is a finding already.
        string name = entry.Kind == VerifyEntryKind.Whiteout ? entry.Target : entry.Name;
        WindowsNameProblems problems = WindowsName.Check(name.AsSpan(name.LastIndexOf('\\') + 1)) & Told;
        if (problems != 0)
        {
            run.Report(this, entry, string.Join("; ", WindowsName.Describe(problems)));
        }
    }
}
