using Spectre.Console;

namespace AotLayers.Cli.Output;

/// <summary>
/// Standard error as a terminal. Only the ANSI writer of Spectre.Console is used: its capability detection brings the regular expression
/// engine and its live displays 1.2 MB, which is a third of the whole program.
/// </summary>
internal static class Terminal
{
    /// <summary>Whether standard error is a terminal that understands cursor movement.</summary>
    public static bool IsInteractive { get; } = !Console.IsErrorRedirected
        && Environment.GetEnvironmentVariable("TERM") != "dumb"
        && (!OperatingSystem.IsWindows() || WindowsConsole.TryEnableAnsi());

    /// <summary>Whether colours are wanted on standard error (https://no-color.org).</summary>
    public static bool HasColor => IsInteractive && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR"));

    /// <summary>Standard output for text: names and messages from outside cannot steer the terminal.</summary>
    public static TextWriter Out { get; } = new LineWriter(Console.Out);

    /// <summary>Standard error for text, in the same way.</summary>
    public static TextWriter Error { get; } = new LineWriter(Console.Error);

    /// <summary>A writer on standard error that leaves colours out where they are not wanted.</summary>
    public static AnsiWriter CreateWriter() => new(Console.Error, new AnsiCapabilities
    {
        Ansi = IsInteractive,
        ColorSystem = HasColor ? ColorSystem.Standard : ColorSystem.NoColors,
    });
}
