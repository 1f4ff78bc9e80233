using System.Globalization;
using AotLayers.App;
using AotLayers.Interop;

namespace AotLayers.Cli.Output;

/// <summary>A recording for people: a few lines about it, then one line per call.</summary>
internal static class RecordingText
{
    /// <summary>Writes the facts of the header.</summary>
    public static void WriteHeader(TextWriter writer, CallRecording recording)
    {
        RecordingOrigin origin = recording.Origin;
        writer.WriteLine($"{recording.Source}: {origin.Kind}, {origin.Os}, {origin.Arch}, by "
            + $"{origin.Tool}{(origin.Program is null ? "" : ", of " + origin.Program)}");
        foreach ((string name, RecordedApi api) in recording.Apis)
        {
            string exports = api.Missing
                ? "library missing"
                : api.Absent.Count == 0 ? "all exports present" : "absent: " + string.Join(", ", api.Absent);
            writer.WriteLine($"api {name}: {api.Library}, {exports}");
        }

        string state = recording.Complete ? "complete" : "INCOMPLETE";
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{recording.Calls.Count} calls, {state}, data: {Name(recording.Data)}"));
    }

    /// <summary>Writes calls.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="calls">Calls and callbacks of it.</param>
    /// <param name="inFlight">Whether the calls that were open at the end follow.</param>
    public static void WriteCalls(TextWriter writer, CallRecording recording, IReadOnlyList<RecordedCall> calls, bool inFlight)
    {
        foreach (RecordedCall call in calls)
        {
            writer.WriteLine(CallText.Line(call));
        }

        foreach (InFlightCall call in inFlight ? recording.InFlight : [])
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{call.Seq,5} t{call.Thread} {call.Function} IN FLIGHT when the recording ended"));
        }
    }

    /// <summary>The name of a policy as the command line and the file have it.</summary>
    public static string Name(DataPolicy policy) => OptionWords.RecordData.NameOf(policy);
}
