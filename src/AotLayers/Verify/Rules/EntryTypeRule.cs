using AotLayers.Formats;

namespace AotLayers;

/// <summary>Entries are files, directories, links and whiteouts. (docs/verify/AOTV004.md)</summary>
internal sealed class EntryTypeRule() : VerifyRule(
    "AOTV004", "entry-type", VerifySeverity.Error, "Entries are files, directories, links and whiteouts.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Kind == VerifyEntryKind.Special)
        {
            string type = entry.Header!.TypeFlag switch
            {
                TarTypeFlag.CharacterDevice => "a character device",
                TarTypeFlag.BlockDevice => "a block device",
                TarTypeFlag.Fifo => "a FIFO",
                _ => $"of type '{(char)entry.Header.TypeFlag}'",
            };
            run.Report(this, entry, $"it is {type}, which Windows has nothing for");
        }
    }
}
