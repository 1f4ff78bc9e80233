using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Output;
using AotLayers.Interop;

namespace AotLayers.Cli.Commands;

/// <summary><c>replay FILE -- PROGRAM ARGS...</c>: runs a program whose calls are answered from a recording.</summary>
internal sealed class ReplayCommand
{
    private readonly Argument<string> _recording = new("FILE") { Description = "The recording that answers." };

    private readonly Argument<string[]> _program = new("PROGRAM")
    {
        Description = "The program, after --, and its arguments.",
        Arity = ArgumentArity.OneOrMore,
        HelpName = "-- PROGRAM ARGS...",
    };

    private readonly Option<string?> _order = new("--replay-order")
    {
        Description = "Which order of calls is accepted: programs with several threads need per-handle.",
        HelpName = OptionWords.ReplayOrder.Alternatives,
    };

    private readonly Option<string?> _recorder = new("--recorder")
    {
        Description = "The library that is put inside the program, when it is not the one beside aotlayers.",
        HelpName = "LIBRARY",
    };

    private ReplayCommand() => _order.AcceptOnlyFromAmong(OptionWords.ReplayOrder.Words);

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var replay = new ReplayCommand();
        var command = new Command(
            "replay",
            "Run a program that is not ours, and answer what it asks of the Host Compute Service from a recording. Ends with the program's "
                + "exit status, or with 3 when that is 0 and the program did something else than the recorded one.");
        command.Add(replay._recording);
        command.Add(replay._program);
        command.Add(replay._order);
        command.Add(replay._recorder);
        command.SetAction(replay.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] program = parsed.GetRequiredValue(_program);
        ProgramReplayResult result = ProgramReplay.Run(new ProgramReplayOptions
        {
            Recording = parsed.GetRequiredValue(_recording),
            Program = program[0],
            Arguments = program[1..],
            Order = OptionWords.ReplayOrder.TryRead(parsed.GetValue(_order), out ReplayOrder order) ? order : ReplayOrder.Strict,
            Recorder = parsed.GetValue(_recorder),
        });
        if (result.Failure is { } failure)
        {
            Warn($"the program was not watched to its end: {failure.Message}");
        }

        if (result.Departure is not null)
        {
            Warn($"the program left the recording: {result.Departure}");
        }

        foreach (string line in result.NeverMade)
        {
            Warn(line);
        }

        bool differs = result.Failure is not null || result.Departure is not null || result.NeverMade.Count > 0;
        return result.ExitStatus != ExitStatus.Done || !differs ? result.ExitStatus : ExitStatus.Findings;
    }

    // Standard error is the program's too: nothing is said where it did what was recorded.
    private static void Warn(string message)
    {
        Terminal.WriteError("aotlayers: ", TextStyle.Yellow);
        Terminal.Error.WriteLine(message);
    }
}
