namespace AotLayers;

/// <summary>Files and directories say their attributes in MSWINDOWS.fileattr. (docs/verify/AOTV010.md)</summary>
internal sealed class FileAttributesMissingRule() : VerifyRule(
    "AOTV010", "file-attributes-missing", VerifySeverity.Warning, "Files and directories say their attributes in MSWINDOWS.fileattr.")
{
    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Header is { } header && entry.IsFileOrDirectory && !header.Records.TryGet("MSWINDOWS.fileattr"u8, out _))
        {
            run.Report(this, entry, "it has no MSWINDOWS.fileattr: attributes are lost");
        }
    }
}
