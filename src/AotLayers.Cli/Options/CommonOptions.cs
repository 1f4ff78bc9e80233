using System.CommandLine;

namespace AotLayers.Cli.Options;

/// <summary>Options that every command has.</summary>
internal static class CommonOptions
{
    /// <summary>Name of <see cref="Json"/>.</summary>
    public const string JsonName = "--json";

    /// <summary>One JSON value as the result, and one as the error.</summary>
    public static Option<bool> Json { get; } = new(JsonName)
    {
        Description = "Print the result as one JSON object on standard output; on failure, one JSON object on standard error.",
    };
}
