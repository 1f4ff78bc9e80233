using System.CommandLine;

namespace AotLayers.Cli;

/// <summary>The command line is wrong.</summary>
/// <param name="message">What is wrong, in one line.</param>
internal sealed class UsageException(string message) : Exception(message)
{
    /// <summary>The first thing that the parser found. What nobody asked for is found last, but explains the rest.</summary>
    public static UsageException FromParser(ParseResult parsed) => new(parsed.UnmatchedTokens is [string token, ..]
        ? $"unrecognized command or argument '{token}'"
        : string.Join(' ', parsed.Errors[0].Message.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)));
}
