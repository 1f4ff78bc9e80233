using System.CommandLine;
using System.Globalization;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Interop;

namespace AotLayers.Cli.Commands;

/// <summary><c>sweep -- COMMAND</c>: runs a command once per recorded call, with that call failing.</summary>
internal sealed class SweepCommand
{
    private readonly Argument<string[]> _command = new("COMMAND")
    {
        Description = "The program and its arguments; {dir} in an argument stands for a new folder for each run.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<string?> _recording = new("--recording")
    {
        Description = "The calls to fail one by one; without it, those that COMMAND makes in a run without a fault.",
        HelpName = "FILE",
    };

    private readonly Option<string> _code = new("--code")
    {
        Description = "What the failing calls return or leave as last error.",
        HelpName = "CODE",
        DefaultValueFactory = _ => "0x80004005",
    };

    private readonly Option<int> _jobs = new("--jobs")
    {
        Description = "How many runs at once; without it, one for each processor.",
        HelpName = "N",
    };

    private readonly Option<int> _timeout = new("--timeout")
    {
        Description = "After how many seconds a run hangs and is ended.",
        HelpName = "SECONDS",
        DefaultValueFactory = _ => 60,
    };

    private readonly Option<string[]> _watch = new("--watch")
    {
        Description = "A folder that is looked at for what runs leave, beside {dir} and the folder for temporary files that each run "
            + "has for itself. Runs are one after another then. Repeat it for more.",
        HelpName = "DIR",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _all = new("--all") { Description = "List every run, not only those that broke." };

    private readonly CallFilterOptions _filter = new();

    private SweepCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(CancellationToken interrupted)
    {
        var sweep = new SweepCommand();
        var command = new Command(
            "sweep",
            "Run a command once per recorded call with that call failing, and tell what broke: crashes, hangs, leaked handles, files left "
                + "behind. Exit status 3 when something did.");
        command.Add(sweep._command);
        command.Add(sweep._recording);
        sweep._filter.AddTo(command);
        command.Add(sweep._code);
        command.Add(sweep._jobs);
        command.Add(sweep._timeout);
        command.Add(sweep._watch);
        command.Add(sweep._all);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => sweep.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        string[] watched = parsed.GetValue(_watch) ?? [];
        int jobs = parsed.GetValue(_jobs);
        int timeout = parsed.GetValue(_timeout);
        if (jobs < 0 || timeout < 1)
        {
            throw new UsageException(jobs < 0 ? "--jobs is at least 1" : "--timeout is at least 1 second");
        }

        if (watched.Length > 0 && jobs > 1)
        {
            throw new UsageException("with --watch runs are one after another: leave --jobs away, or use {dir} in the command");
        }

        string code = parsed.GetRequiredValue(_code);
        Check(code);
        var options = new SweepOptions
        {
            Command = parsed.GetRequiredValue(_command),
            Recording = parsed.GetValue(_recording) is { } file ? RecordingFile.Load(file) : null,
            Filter = _filter.Read(parsed),
            Code = code,
            Jobs = watched.Length > 0 ? 1 : jobs == 0 ? Environment.ProcessorCount : jobs,
            Timeout = TimeSpan.FromSeconds(timeout),
            Watched = watched,
        };
        var sweep = FaultSweep.Run(options, Terminal.IsInteractive ? Progress : null, interrupted);
        if (Terminal.IsInteractive)
        {
            Terminal.ClearErrorLine();
        }

        int broken = sweep.Runs.Count(static run => run.IsBroken);
        if (parsed.GetValue(CommonOptions.Json))
        {
            using Stream output = Console.OpenStandardOutput();
            JsonText.WriteLine(output, json => SweepOutput.Write(json, options.Command, sweep, broken));
        }
        else
        {
            SweepOutput.Write(Terminal.Out, sweep, broken, parsed.GetValue(_all));
        }

        return broken > 0 ? ExitStatus.Findings : ExitStatus.Done;
    }

    private static void Check(string code)
    {
        try
        {
            new FaultPlan().Add("#1=" + code);
        }
        catch (FormatException)
        {
            throw new UsageException($"--code is a code other than 0, such as 0x80070005, not '{code}'");
        }
    }

    private static void Progress(int done, int all)
    {
        Terminal.ClearErrorLine();
        Console.Error.Write(string.Create(CultureInfo.InvariantCulture, $"sweep {done} of {all}"));
    }
}
