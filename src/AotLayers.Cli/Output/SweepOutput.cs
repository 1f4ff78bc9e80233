using System.Globalization;
using System.Text.Json;
using AotLayers.App;

namespace AotLayers.Cli.Output;

/// <summary>What became of a command under faults, for people and for programs.</summary>
internal static class SweepOutput
{
    /// <summary>Writes a table.</summary>
    public static void Write(TextWriter writer, FaultSweep sweep, int broken, bool all)
    {
        bool heading = false;
        foreach (SweepRun run in sweep.Runs)
        {
            if (!all && !run.IsBroken)
            {
                continue;
            }

            if (!heading)
            {
                heading = true;
                writer.WriteLine("   seq  outcome      status      ms  fault, and what broke");
            }

            string leaks = run.Leaks.Count == 0 ? "" : "; leaked " + string.Join(", ", run.Leaks);
            string leftovers = run.Leftovers.Count == 0 ? "" : "; left " + string.Join(", ", run.Leftovers);
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{run.Seq,6}  {NameOf(run.Outcome),-11} {run.ExitStatus,7} {run.Milliseconds,7}  {run.Fault}{leaks}{leftovers}"));
        }

        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{sweep.Runs.Count} runs: ")
            + string.Join(", ", Enum.GetValues<SweepOutcome>().Select(outcome => Count(sweep, outcome)))
            + string.Create(CultureInfo.InvariantCulture, $"; {broken} broke"));
    }

    /// <summary>Writes the members of the result.</summary>
    public static void Write(Utf8JsonWriter json, IReadOnlyList<string> command, FaultSweep sweep, int broken)
    {
        json.WriteStrings("command", command);
        json.WriteNumber("broken", broken);
        json.WriteStartObject("baseline");
        WriteRun(json, sweep.Baseline);
        json.WriteEndObject();
        json.WriteStartArray("runs");
        foreach (SweepRun run in sweep.Runs)
        {
            json.WriteStartObject();
            json.WriteNumber("seq", run.Seq);
            json.WriteString("fault", run.Fault);
            json.WriteBoolean("broken", run.IsBroken);
            WriteRun(json, run);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteRun(Utf8JsonWriter json, SweepRun run)
    {
        json.WriteString("outcome", NameOf(run.Outcome));
        json.WriteNumber("status", run.ExitStatus);
        json.WriteNumber("ms", run.Milliseconds);
        json.WriteStrings("leaks", run.Leaks);
        json.WriteStrings("leftovers", run.Leftovers);
        json.WriteString("message", run.Message);
    }

    private static string Count(FaultSweep sweep, SweepOutcome outcome) =>
        string.Create(CultureInfo.InvariantCulture, $"{sweep.Runs.Count(run => run.Outcome == outcome)} {NameOf(outcome)}");

    private static string NameOf(SweepOutcome outcome) => outcome switch
    {
        SweepOutcome.Failed => "failed",
        SweepOutcome.Survived => "survived",
        SweepOutcome.Crashed => "crashed",
        SweepOutcome.Hung => "hung",
        _ => "not reached",
    };
}
