using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;

namespace AotLayers.Cli.Commands;

/// <summary><c>doctor [LAYER]</c>: what this machine has of what layers need, and what would work.</summary>
internal sealed class DoctorCommand
{
    private readonly Argument<string?> _layer = new("LAYER")
    {
        Description = "Path of a layer folder to look at as well.",
        Arity = ArgumentArity.ZeroOrOne,
    };

    private readonly Option<string[]> _parents = new("--parent")
    {
        Description = "Path of a parent layer that has to be there. Repeat it.",
        HelpName = "PATH",
        DefaultValueFactory = _ => [],
    };

    private readonly HcsOptions _hcs = new();

    private DoctorCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var doctor = new DoctorCommand();
        var command = new Command(
            "doctor", "Tell what this machine has of what layers need: libraries, rights, volumes, filters; and what would work here.");
        command.Add(doctor._layer);
        command.Add(doctor._parents);
        doctor._hcs.AddTo(command);
        command.Add(CommonOptions.Json);
        command.SetAction(doctor.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string? layer = parsed.GetValue(_layer);
        string[] parents = parsed.GetValue(_parents) ?? [];
        if (layer is null && parents.Length > 0)
        {
            throw new UsageException("--parent needs LAYER");
        }

        LayerRequest request = _hcs.Read(parsed, new LayerRequest
        {
            Spelling = OptionSpelling.CommandLine,
            Source = layer ?? "",
            WithoutLayer = layer is null,
            Parents = parents,
        });
        bool json = parsed.GetValue(CommonOptions.Json);
        DoctorTask.Run(request, result => DoctorText.Print(result, json));
        return ExitStatus.Done;
    }
}
