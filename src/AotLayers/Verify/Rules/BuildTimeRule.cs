using AotLayers.Formats;

namespace AotLayers;

/// <summary>Files and Hives have no time of the build, which makes another digest each time. (docs/verify/AOTV018.md)</summary>
internal sealed class BuildTimeRule() : VerifyRule(
    "AOTV018", "build-time", VerifySeverity.Note, "Files and Hives have no time of the build, which makes another digest each time.")
{
    private const long Apart = 10_000_000_000;

    private long? _files;
    private long? _hives;
    private long _latest = long.MinValue;

    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Header?.ModificationTime is not { } time || entry.Kind is VerifyEntryKind.Whiteout)
        {
            return;
        }

        if (NtfsNameComparer.Equals(entry.Name, "Files"))
        {
            _files = time;
        }
        else if (NtfsNameComparer.Equals(entry.Name, "Hives"))
        {
            _hives = time;
        }
        else
        {
            _latest = Math.Max(_latest, time);
        }
    }

    internal override void OnEnd(VerifyRun run)
    {
        if (_files is { } files && _hives is { } hives && _latest != long.MinValue
            && Math.Abs(files - hives) < Apart && files - Apart > _latest && hives - Apart > _latest)
        {
            run.Report(
                this,
                "Files",
                -1,
                $"Files and Hives are of {FileTime.ToText(FileTime.FromUnixNanoseconds(files))}, later than all else: the time of the build");
        }
    }
}
