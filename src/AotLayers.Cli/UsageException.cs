namespace AotLayers.Cli;

/// <summary>The command line is wrong in a way that the parser cannot see.</summary>
/// <param name="message">What is wrong, as a sentence without a full stop.</param>
internal sealed class UsageException(string message) : Exception(message);
