using System.CommandLine;
using AotLayers.App;

namespace AotLayers.Cli.Options;

/// <summary>Which layer of a machine: its path and parents, or the driver form of old tools.</summary>
internal sealed class LayerOptions
{
    private readonly Argument<string> _layer = new("LAYER")
    {
        Description = "Path of the layer folder; with --home, its bare id.",
    };

    private readonly Option<string[]> _parents = new("--parent")
    {
        Description = "Path of a parent layer. Repeat it, nearest parent first, base layer last.",
        HelpName = "PATH",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string?> _home = new("--home")
    {
        Description = "Directory that holds LAYER, for the driver form of the calls.",
        HelpName = "DIR",
    };

    private readonly Option<int?> _flavour = new("--flavour")
    {
        Description = "Layer driver: 1 the filter driver (default), 0 the diff driver of old tools.",
        HelpName = "N",
    };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_layer);
        command.Add(_parents);
        command.Add(_home);
        command.Add(_flavour);
    }

    /// <summary>Reads the options.</summary>
    public LayerRequest Read(ParseResult parsed) => new()
    {
        Spelling = OptionSpelling.CommandLine,
        Source = parsed.GetRequiredValue(_layer),
        Parents = parsed.GetValue(_parents) ?? [],
        Home = parsed.GetValue(_home),
        Flavour = parsed.GetValue(_flavour),
    };
}
