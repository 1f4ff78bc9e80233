using System.CommandLine;
using AotLayers.App;

namespace AotLayers.Cli.Options;

/// <summary>Which library's calls a command makes, of commands that both libraries have calls for.</summary>
internal sealed class ApiOption
{
    private readonly Option<string> _api = new("--api")
    {
        Description = "Which library's calls are made: vmcompute, computestorage (Windows 10 1809, Server 2019 and later), or vmcompute "
            + "where it has them.",
        HelpName = OptionWords.Api.Alternatives,
        DefaultValueFactory = _ => "auto",
    };

    public ApiOption() => _api.AcceptOnlyFromAmong(OptionWords.Api.Words);

    /// <summary>Adds the option to a command.</summary>
    public void AddTo(Command command) => command.Add(_api);

    /// <summary>Reads the option into a request.</summary>
    public LayerRequest Read(ParseResult parsed, LayerRequest request) =>
        OptionWords.Api.TryRead(parsed.GetValue(_api), out StorageApi api) ? request with { Api = api } : request;
}
