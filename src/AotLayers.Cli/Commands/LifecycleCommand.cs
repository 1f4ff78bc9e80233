using System.CommandLine;
using System.Text.Json;
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
    private readonly Func<ParseResult, Layer, LifecycleOutcome> _verb;
    private readonly IReadOnlyList<string> _privileges;

    private LifecycleCommand(Func<ParseResult, Layer, LifecycleOutcome> verb, IReadOnlyList<string> privileges) =>
        (_verb, _privileges) = (verb, privileges);

    /// <summary>Makes a command.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="description">What it does.</param>
    /// <param name="privileges">Privileges that it needs.</param>
    /// <param name="verb">Does it.</param>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(
        string name,
        string description,
        IReadOnlyList<string> privileges,
        Func<ParseResult, Layer, LifecycleOutcome> verb,
        CancellationToken interrupted)
    {
        var lifecycle = new LifecycleCommand(verb, privileges);
        var command = new Command(name, description);
        lifecycle._layer.AddTo(command);
        lifecycle._hcs.AddTo(command);
        command.Add(lifecycle._verbose);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => lifecycle.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        LayerRequest request = _hcs.Read(parsed, _layer.Read(parsed)) with { Privileges = _privileges };
        bool json = parsed.GetValue(CommonOptions.Json);
        bool verbose = parsed.GetValue(_verbose);
        int status = ExitStatus.Done;
        var steps = new List<LayerStep>();
        LifecycleTask.Run(
            request,
            step =>
            {
                steps.Add(step);
                if (verbose)
                {
                    Terminal.Error.WriteLine(step.ToString());
                }
            },
            layer => _verb(parsed, layer),
            outcome =>
            {
                Print(outcome, request, steps, json);
                status = outcome.Status;
            },
            interrupted);
        return status;
    }

    private static void Print(LifecycleOutcome outcome, LayerRequest request, List<LayerStep> steps, bool json)
    {
        if (!json)
        {
            Terminal.Out.WriteLine(outcome.Text);
            return;
        }

        using Stream stream = Console.OpenStandardOutput();
        JsonText.WriteLine(stream, members =>
        {
            members.WriteString("layer", request.Location.Path);
            outcome.WriteMembers?.Invoke(members);
            members.WriteStartArray("calls");
            foreach (LayerStep step in steps)
            {
                members.WriteStartObject();
                members.WriteString("call", step.Call);
                members.WriteNumber("attempt", step.Attempt);
                members.WriteString("code", $"0x{step.Code:x8}");
                members.WriteString("remark", step.Remark);
                members.WriteEndObject();
            }

            members.WriteEndArray();
        });
    }
}

/// <summary>What came of a verb.</summary>
/// <param name="Text">For people.</param>
/// <param name="WriteMembers">For programs: members beside the layer and the calls.</param>
/// <param name="Status">What the process returns.</param>
internal sealed record LifecycleOutcome(string Text, Action<Utf8JsonWriter>? WriteMembers = null, int Status = ExitStatus.Done);
