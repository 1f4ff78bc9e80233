using System.Text;

namespace AotLayers.App;

/// <summary>A command line of Windows, from which a C program's start-up code gets back the very arguments.</summary>
internal static class CommandLine
{
    /// <summary>Quotes what needs it: backslashes count only before a quotation mark.</summary>
    public static string Of(string program, IEnumerable<string> arguments)
    {
        StringBuilder line = new();
        line.Append('"').Append(program).Append('"');
        foreach (string argument in arguments)
        {
            line.Append(' ');
            Append(line, argument);
        }

        return line.ToString();
    }

    private static void Append(StringBuilder line, string argument)
    {
        if (argument.Length > 0 && !argument.AsSpan().ContainsAny(" \t\n\v\""))
        {
            line.Append(argument);
            return;
        }

        line.Append('"');
        int backslashes = 0;
        foreach (char c in argument)
        {
            if (c == '"')
            {
                line.Append('\\', backslashes + 1);
            }

            backslashes = c == '\\' ? backslashes + 1 : 0;
            line.Append(c);
        }

        line.Append('\\', backslashes).Append('"');
    }
}
