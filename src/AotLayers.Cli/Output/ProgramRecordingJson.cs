using System.Text.Json;
using AotLayers.App;

namespace AotLayers.Cli.Output;

/// <summary>What came of recording a program, as JSON.</summary>
internal static class ProgramRecordingJson
{
    /// <summary>Writes the members of an object.</summary>
    public static void Write(Utf8JsonWriter json, ProgramRecordingResult result)
    {
        json.WriteNumber("exitStatus", result.ExitStatus);
        json.WriteString("failure", result.Failure);
        json.WriteStartArray("recordings");
        foreach (RecordedProcess process in result.Processes)
        {
            json.WriteStartObject();
            json.WriteString("path", process.Path);
            json.WriteNumber("process", process.ProcessId);
            json.WriteNumber("calls", process.Calls);
            json.WriteNumber("inFlight", process.InFlight);
            json.WriteBoolean("complete", process.Complete);
            json.WriteStartObject("unrecorded");
            foreach ((string function, long count) in process.Unrecorded)
            {
                json.WriteNumber(function, count);
            }

            json.WriteEndObject();
            json.WriteString("failure", process.Failure?.Message);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteNumber("otherProcesses", result.OtherProcesses);
    }
}
