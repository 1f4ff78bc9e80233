using System.Globalization;
using AotLayers.Formats;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>Reads the layer that a recording is about once more: from the recording, or from a machine.</summary>
public static class RecordedLayerTask
{
    // docs/formats/transport-folder.md, docs/formats/base-layer.md
    private static readonly string[] s_fixedNames =
    [
        "Files", "Hives", "UtilityVM", "tombstones.txt", "layout", "layerchain.json", "WcSandboxState", "sandbox.vhdx", "blank.vhdx",
        "blank-base.vhdx", "SystemTemplate.vhdx", "SystemTemplateBase.vhdx", "$Recycle.Bin", "System Volume Information",
        "System_Delta", "Software_Delta", "Sam_Delta", "Security_Delta", "DefaultUser_Delta",
        "System_Base", "Software_Base", "Sam_Base", "Security_Base", "DefaultUser_Base",
    ];

    /// <summary>The ends of names that programs look for in layers.</summary>
    public static IReadOnlyList<string> FixedSuffixes { get; } = [TransportEntry.DirectoryMetadataSuffix];

    /// <summary>
    /// Whether a name is the same in the layers of every machine, or one of the temporary folders that <c>export</c> makes (<c>hcs1</c>):
    /// a redaction keeps it, since programs pass it or look for it.
    /// </summary>
    public static bool IsFixedName(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Array.Exists(s_fixedNames, known => known.Equals(name, StringComparison.OrdinalIgnoreCase))
            || (name.StartsWith("hcs", StringComparison.Ordinal) && name.Length > 3 && name.AsSpan(3).Trim("0123456789").IsEmpty);
    }

    /// <summary>What reading the layer of a recording comes to: its size, or how it fails.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="path">Its file.</param>
    /// <param name="outcome">In one line; null when the recording reads no layer.</param>
    /// <returns>Whether the recording answered all that was asked.</returns>
    public static bool TryReplay(CallRecording recording, string path, out string? outcome)
    {
        outcome = null;
        if (!ReadsALayer(recording, path))
        {
            return true;
        }

        try
        {
            string? read = null;
            var request = new LayerRequest { Spelling = OptionSpelling.CommandLine, Source = path, Digest = false };
            ExportTask.Run(
                request,
                Stream.Null,
                null,
                result => read = string.Create(
                    CultureInfo.InvariantCulture,
                    $"{result.Summary.Entries} entries, {result.Summary.FileBytes} bytes in files"),
                CancellationToken.None);
            outcome = read;
            return true;
        }
        catch (LayerTaskException e)
        {
            var report = ErrorReport.From(e, OptionSpelling.CommandLine);
            outcome = string.Create(CultureInfo.InvariantCulture, $"{report.Call ?? "no call"} fails with 0x{report.Code:x8}");
            if (e.Cause is not ReplayException)
            {
                return true;
            }

            outcome = report.Lines[0];
            return false;
        }
    }

    /// <summary>Makes the recorded calls of a layer on a machine, and compares.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="choice">The machine.</param>
    /// <returns>The recording as the first run, the machine as the second one.</returns>
    /// <exception cref="LayerException">The recording reads no layer.</exception>
    /// <exception cref="LayerTaskException">The machine cannot be opened, or fails in another way than the recorded one.</exception>
    public static RecordingDiff Verify(CallRecording recording, HcsChoice choice)
    {
        ArgumentNullException.ThrowIfNull(recording);
        ArgumentNullException.ThrowIfNull(choice);

        // The recording does not say what its run did with reparse points that a tar has no form for.
        RecordingDiff diff = Verify(recording, choice, UnknownReparsePoints.Fail);
        if (diff.Count == 0)
        {
            return diff;
        }

        RecordingDiff other = Verify(recording, choice, UnknownReparsePoints.Drop);
        return other.Count < diff.Count ? other : diff;
    }

    private static RecordingDiff Verify(CallRecording recording, HcsChoice choice, UnknownReparsePoints unsupported)
    {
        (LayerLocation layer, LayerReaderKind kind) = RecordedLayer.Find(recording, recording.Source);
        string folder = Directory.CreateTempSubdirectory("aotlayers").FullName;
        try
        {
            string made = Path.Combine(folder, "run.json");
            var request = new LayerRequest
            {
                Spelling = OptionSpelling.CommandLine,
                Source = layer.Id,
                Parents = layer.Parents,
                Home = layer.Driver.HomeDir.Length > 0 ? layer.Driver.HomeDir : null,
                Flavour = layer.Driver.Flavour,
                Reader = kind,
                Hcs = choice,
                Scratch = recording.Calls.Any(static call => call.Function == "ActivateLayer"),
                Record = made,
                RecordData = recording.Data,
                Digest = false,
                Unsupported = unsupported,
            };
            Exception? failure = null;
            try
            {
                ExportTask.Run(request, Stream.Null, null, static _ => { }, CancellationToken.None);
            }
            catch (LayerTaskException e)
            {
                // The recorded run may have failed likewise: the calls tell.
                failure = e;
            }

            CallRecording run = File.Exists(made) ? CallRecording.Load(made) : throw failure!;
            return run.Calls.Count > 0 || failure is null ? RecordingDiff.Compare(recording, run) : throw failure;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static bool ReadsALayer(CallRecording recording, string path)
    {
        try
        {
            RecordedLayer.Find(recording, path);
            return true;
        }
        catch (LayerException)
        {
            return false;
        }
    }
}
