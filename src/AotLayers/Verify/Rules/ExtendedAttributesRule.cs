using System.Text;
using AotLayers.Formats;

namespace AotLayers;

/// <summary>Extended attributes are a well-formed list, each name once. (docs/verify/AOTV063.md)</summary>
internal sealed class ExtendedAttributesRule() : VerifyRule(
    "AOTV063", "extended-attributes", VerifySeverity.Error, "Extended attributes are a well-formed list, each name once.")
{
    private readonly HashSet<string> _names = new(StringComparer.OrdinalIgnoreCase);

    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.StreamProblemId == BackupStreamId.EaData)
        {
            run.Report(this, entry, entry.StreamProblem!);
            return;
        }

        _names.Clear();
        for (int i = 0; entry.Header is { } header && i < header.Records.Count; i++)
        {
            if (header.Records.KeyAt(i).StartsWith("MSWINDOWS.xattr."u8))
            {
                Take(run, entry, Encoding.Latin1.GetString(header.Records.KeyAt(i)["MSWINDOWS.xattr.".Length..]));
            }
        }

        for (int i = 0; entry.Metadata is { } metadata && i < metadata.ExtendedAttributes.Count; i++)
        {
            Take(run, entry, metadata.ExtendedAttributes[i].NameText);
        }
    }

    private void Take(VerifyRun run, VerifyEntry entry, string name)
    {
        if (!_names.Add(name))
        {
            run.Report(this, entry, $"it has the extended attribute '{name}' twice, as Windows sees names");
        }
    }
}
