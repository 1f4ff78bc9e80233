namespace AotLayers.Cli.Output;

/// <summary>
/// Standard error as a terminal: the four styles and the one movement that are needed (ECMA-48, "select graphic rendition").
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

    /// <summary>Writes to standard error: in a style where colours are wanted, else plain.</summary>
    /// <param name="text">Text that is safe on a terminal.</param>
    /// <param name="style">The style.</param>
    public static void WriteError(string text, TextStyle style) =>
        Console.Error.Write(HasColor ? $"\e[{(int)style}m{text}\e[0m" : text);

    /// <summary>Empties the line of standard error that the cursor is in. Only where <see cref="IsInteractive"/>.</summary>
    public static void ClearErrorLine() => Console.Error.Write("\r\e[2K");
}
