using AotLayers.App;
using AotLayers.Interop;

namespace AotLayers.Shim;

/// <summary>
/// Tells what an HRESULT cannot: the text of a failure, one line each, appended to the file that <c>AOTLAYERS_SHIM_LOG</c> names. Without
/// it nothing is written, since the process and its standard streams are somebody else's.
/// </summary>
internal static class ShimLog
{
    private const string Variable = "AOTLAYERS_SHIM_LOG";

    private static readonly Lock s_lock = new();

    public static void Write(string export, Exception exception)
    {
        if (Environment.GetEnvironmentVariable(Variable) is not { Length: > 0 } path)
        {
            return;
        }

        // What follows from leaving the recording is told with its cause.
        Exception cause = ShimMachine.Explain(exception);
        string after = ReferenceEquals(cause, exception) ? "" : "the recording was left before, at ";
        string line = $"{export}: {after}{OneLine(cause)}{Environment.NewLine}";
        lock (s_lock)
        {
            try
            {
                File.AppendAllText(path, line);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
            {
                // The caller's HRESULT is the answer; a log that cannot be written must not change it.
            }
        }
    }

    /// <summary>Replays tell something in lines; in other messages a line feed is part of a name.</summary>
    private static string OneLine(Exception exception) => exception is ReplayException
        ? string.Join("; ", exception.Message.Split('\n').Select(line => TerminalText.Escape(line.Trim())))
        : TerminalText.Escape(exception.Message);
}
