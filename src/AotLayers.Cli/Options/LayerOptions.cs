using System.CommandLine;
using AotLayers.Hcs;

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
    /// <exception cref="UsageException">They do not fit together.</exception>
    public LayerReaderOptions Read(ParseResult parsed)
    {
        string layer = Require(parsed.GetRequiredValue(_layer), "LAYER");
        string? home = parsed.GetValue(_home) is { } directory ? Require(directory, "--home") : null;
        int? flavour = parsed.GetValue(_flavour);
        if (home is not null && layer.AsSpan().ContainsAny('/', '\\'))
        {
            throw new UsageException($"with --home, LAYER is a bare id, not a path: '{layer}'");
        }

        if (flavour is not (null or 0 or 1))
        {
            throw new UsageException($"--flavour is 0 or 1, not {flavour}");
        }

        string[] parents = parsed.GetValue(_parents) ?? [];
        foreach (string parent in parents)
        {
            Require(parent, "--parent");
        }

        return new LayerReaderOptions
        {
            Layer = layer,
            Parents = parents,
            Driver = new DriverInfo { Flavour = flavour ?? DriverInfo.FullPaths.Flavour, HomeDir = home ?? "" },
        };
    }

    private static string Require(string text, string name) =>
        text.Length == 0 ? throw new UsageException(name + " is empty")
        : text.Contains('\0', StringComparison.Ordinal) ? throw new UsageException(name + " contains a NUL character")
        : text;
}
