using System.CommandLine;
using System.Globalization;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Interop;

namespace AotLayers.Cli.Commands;

/// <summary><c>record -o FILE -- PROGRAM ARGS...</c>: runs a program with the recorder inside it.</summary>
internal sealed class RecordCommand
{
    private static readonly OptionWords<DataPolicy> s_payload =
        new(("full", DataPolicy.All), ("digest", DataPolicy.Digest), ("none", DataPolicy.Lengths));

    private readonly Argument<string[]> _program = new("PROGRAM")
    {
        Description = "The program, after --, and its arguments.",
        Arity = ArgumentArity.OneOrMore,
        HelpName = "-- PROGRAM ARGS...",
    };

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "The recording to write. It can be loaded at every moment, whatever becomes of the program.",
        HelpName = "FILE",
        Required = true,
    };

    private readonly Option<string?> _apis = new("--api")
    {
        Description = "Only these APIs, separated by commas: vmcompute,computestorage. All are recorded without it.",
        HelpName = "NAMES",
    };

    private readonly Option<string?> _payload = new("--payload")
    {
        Description = "How much of the buffers is kept: everything (can be replayed), a digest, or lengths alone.",
        HelpName = s_payload.Alternatives,
    };

    private readonly Option<bool> _timing = new("--timing")
    {
        Description = "Record the duration of every call. Without it, the same run records the same bytes.",
    };

    private readonly Option<bool> _follow = new("--follow", "-f")
    {
        Description = "Record the processes that the program starts as well: FILE.json, FILE.2.json, ...",
    };

    private readonly Option<string?> _recorder = new("--recorder")
    {
        Description = "The library that is put inside the program, when it is not the one beside aotlayers.",
        HelpName = "LIBRARY",
    };

    private RecordCommand() => _payload.AcceptOnlyFromAmong(s_payload.Words);

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var record = new RecordCommand();
        var command = new Command(
            "record",
            "Run a program that is not ours, and record what it asks of the Host Compute Service. Ends with the program's exit status.");
        command.Add(record._program);
        command.Add(record._output);
        command.Add(record._apis);
        command.Add(record._payload);
        command.Add(record._timing);
        command.Add(record._follow);
        command.Add(record._recorder);
        command.Add(CommonOptions.Json);
        command.SetAction(record.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string[] program = parsed.GetRequiredValue(_program);
        string[] apis = parsed.GetValue(_apis)?.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (Array.Find(apis, name => !RecordableApis.Names.Contains(name)) is { } unknown)
        {
            throw new UsageException($"--api {unknown}: expected {string.Join(", ", RecordableApis.Names)}");
        }

        ProgramRecordingResult result = ProgramRecording.Run(new ProgramRecordingOptions
        {
            Program = program[0],
            Arguments = program[1..],
            Output = parsed.GetRequiredValue(_output),
            Data = s_payload.TryRead(parsed.GetValue(_payload), out DataPolicy data) ? data : DataPolicy.All,
            Timing = parsed.GetValue(_timing),
            Apis = apis,
            Follow = parsed.GetValue(_follow),
            Recorder = parsed.GetValue(_recorder),
        });
        if (parsed.GetValue(CommonOptions.Json))
        {
            // Standard output is the program's.
            using Stream error = Console.OpenStandardError();
            JsonText.WriteLine(error, json => ProgramRecordingJson.Write(json, result));
        }
        else
        {
            Tell(result);
        }

        return result.ExitStatus;
    }

    // Standard error is the program's too: nothing is said where all went well, except to somebody who looks on.
    private static void Tell(ProgramRecordingResult result)
    {
        if (result.Failure is not null)
        {
            Warn($"the program was not recorded: {result.Failure}");
        }

        foreach (RecordedProcess process in result.Failure is null ? result.Processes : [])
        {
            if (process.Failure is { } failure)
            {
                Warn($"the recording {process.Path} is incomplete: {failure.Message}");
            }
            else if (process.ProcessId == 0)
            {
                Warn($"{process.Path} has no calls: the program looked up none of the functions that can be recorded");
            }
            else if (!process.Complete)
            {
                string open = process.InFlight switch
                {
                    0 => "",
                    1 => " within a call",
                    int count => string.Create(CultureInfo.InvariantCulture, $" within {count} calls"),
                };
                Warn(string.Create(CultureInfo.InvariantCulture, $"{process.Path} has {process.Calls} calls: the program was ended{open}"));
            }
            else if (Terminal.IsInteractive)
            {
                Warn(string.Create(CultureInfo.InvariantCulture, $"{process.Path} has {process.Calls} calls"));
            }

            foreach ((string function, long count) in process.Unrecorded)
            {
                Warn(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{count} calls of {function} are not in {process.Path}: a pointer or a length was one that the declaration excludes"));
            }
        }

        if (result.OtherProcesses > 0)
        {
            Warn(string.Create(
                CultureInfo.InvariantCulture,
                $"{result.OtherProcesses} other processes asked for functions and were not recorded: --follow records them"));
        }
    }

    private static void Warn(string message)
    {
        Terminal.WriteError("aotlayers: ", TextStyle.Yellow);
        Terminal.Error.WriteLine(message);
    }
}
