using AotLayers.Formats;

namespace AotLayers;

/// <summary>Nothing lies below a file or a link. (docs/verify/AOTV024.md)</summary>
internal sealed class ParentKindRule() : VerifyRule(
    "AOTV024", "parent-kind", VerifySeverity.Error, "Nothing lies below a file or a link.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Node < 0)
        {
            return;
        }

        NameFlags parent = run.Names[run.Names.ParentOf(entry.Node)];
        if ((parent & NameFlags.Present) != 0 && (parent & NameFlags.Directory) == 0)
        {
            string kind = (parent & NameFlags.ReparsePoint) != 0 ? "a link" : "a file";
            run.Report(this, entry, $"it lies below '{WindowsPath.DirectoryName(entry.Name)}', which is {kind}");
        }
    }
}
