using System.CommandLine;

namespace AotLayers.Cli;

/// <summary>What the parser says about a wrong command line.</summary>
internal static class ParseErrors
{
    /// <summary>The first thing that it found, in one line. What nobody asked for is found last, but explains the rest.</summary>
    public static string First(ParseResult parsed) => parsed.UnmatchedTokens is [string token, ..]
        ? $"unrecognized command or argument '{token}'"
        : string.Join(' ', parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries));
}
