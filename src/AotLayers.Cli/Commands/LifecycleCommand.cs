using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;

namespace AotLayers.Cli.Commands;

/// <summary>A command that does one thing with a layer and tells what came of it.</summary>
internal sealed class LifecycleCommand
{
    private readonly LayerOptions _layer = new();
    private readonly HcsOptions _hcs = new();
    private readonly Option<bool> _verbose = new("--verbose", "-v") { Description = "Print every call with its code to standard error." };
    private readonly Func<ParseResult, LifecycleVerb> _verb;
    private readonly ApiOption? _api;

    private LifecycleCommand(Func<ParseResult, LifecycleVerb> verb, bool api) => (_verb, _api) = (verb, api ? new ApiOption() : null);

    /// <summary>Makes a command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="verb">Reads from the command line what is to be done.</param>
    /// <param name="api">Whether both libraries can do it.</param>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(
        string name,
        string description,
        Func<ParseResult, LifecycleVerb> verb,
        bool api,
        CancellationToken interrupted)
    {
        var lifecycle = new LifecycleCommand(verb, api);
        var command = new Command(name, description);
        lifecycle._layer.AddTo(command);
        lifecycle._api?.AddTo(command);
        lifecycle._hcs.AddTo(command);
        command.Add(lifecycle._verbose);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => lifecycle.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        LifecycleVerb verb = _verb(parsed);
        LayerRequest request = _hcs.Read(parsed, _layer.Read(parsed));
        request = _api?.Read(parsed, request) ?? request;
        bool json = parsed.GetValue(CommonOptions.Json);
        Action<LayerStep>? log = parsed.GetValue(_verbose) ? static step => Terminal.Error.WriteLine(step.ToString()) : null;
        int status = ExitStatus.Done;
        LifecycleTask.Run(
            request,
            verb,
            log,
            result =>
            {
                Print(result, json);
                status = result.Outcome.Answer == false ? ExitStatus.Findings : ExitStatus.Done;
            },
            interrupted);
        return status;
    }

    private static void Print(LifecycleResult result, bool json)
    {
        if (!json)
        {
            Terminal.Out.WriteLine(result.Outcome.Text);
            return;
        }

        using Stream stream = Console.OpenStandardOutput();
        JsonText.WriteLine(stream, result.WriteMembers);
    }
}
