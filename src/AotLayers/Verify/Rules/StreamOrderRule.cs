using AotLayers.Formats;

namespace AotLayers;

/// <summary>Alternate streams follow their file, each once, with a name that a stream can have. (docs/verify/AOTV034.md)</summary>
internal sealed class StreamOrderRule() : VerifyRule(
    "AOTV034",
    "stream-order",
    VerifySeverity.Error,
    "Alternate streams follow their file, each once, with a name that a stream can have.")
{
    private readonly List<string> _streams = [];
    private string _file = "";

    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Kind != VerifyEntryKind.Stream)
        {
            _file = entry.Kind is VerifyEntryKind.Whiteout or VerifyEntryKind.HardLink ? "" : entry.Name;
            _streams.Clear();
            return;
        }

        string stream = entry.Name[(entry.Target.Length + 1)..];
        const string Suffix = ":$DATA";
        stream = stream.EndsWith(Suffix, StringComparison.OrdinalIgnoreCase) ? stream[..^Suffix.Length] : stream;
        if (entry.Target != _file)
        {
            run.Report(this, entry, $"it is an alternate stream and does not follow its file '{entry.Target}'");
        }
        else if (stream.Length is 0 or > 255 || stream.AsSpan().ContainsAny(@":\"))
        {
            run.Report(this, entry, "no alternate stream can have this name");
        }
        else if (_streams.Exists(known => NtfsNameComparer.Equals(known, stream)))
        {
            run.Report(this, entry, "the stream comes twice");
        }
        else
        {
            _streams.Add(stream);
        }
    }
}
