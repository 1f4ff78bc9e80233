using System.Diagnostics;
using System.Globalization;
using AotLayers.App;

namespace AotLayers.Cli.Output;

/// <summary>
/// One line on a terminal's standard error that says how far an export or import is, rewritten in place. Nothing anywhere else.
/// </summary>
internal sealed class ProgressLine : IProgress<ExportProgress>, IProgress<ImportProgress>, IDisposable
{
    private static readonly TimeSpan s_interval = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan s_firstAfter = TimeSpan.FromMilliseconds(300);

    private readonly string _verb;
    private readonly Stopwatch _clock = Stopwatch.StartNew();
    private TimeSpan _next = s_firstAfter;
    private bool _shown;

    private ProgressLine(string verb) => _verb = verb;

    /// <summary>Starts the line; null where there is no terminal.</summary>
    public static ProgressLine? Start(string verb) => Terminal.IsInteractive ? new ProgressLine(verb) : null;

    /// <inheritdoc/>
    public void Report(ExportProgress value) => Report(value.Entries, value.TarBytes, value.Entry);

    /// <inheritdoc/>
    public void Report(ImportProgress value) => Report(value.Entries, value.Bytes, value.Entry);

    private void Report(long entries, long bytes, string name)
    {
        TimeSpan now = _clock.Elapsed;
        if (now < _next)
        {
            return;
        }

        _next = now + s_interval;
        _shown = true;
        double mebibytes = bytes / 1048576.0;
        string facts = string.Create(
            CultureInfo.InvariantCulture,
            $" {entries} entries, {mebibytes:0.0} MiB, {mebibytes / now.TotalSeconds:0.0} MiB/s ");
        int room = Width() - _verb.Length - facts.Length - 1;
        Terminal.ClearErrorLine();
        Terminal.WriteError(_verb, TextStyle.Green);
        Console.Error.Write(facts);
        if (room > 8)
        {
            // The end of a path says more than its beginning.
            string entry = TerminalText.Escape(name);
            Terminal.WriteError(entry.Length <= room ? entry : "..." + entry[^(room - 3)..], TextStyle.Dim);
        }
    }

    /// <summary>Takes the line away.</summary>
    public void Dispose()
    {
        if (_shown)
        {
            _shown = false;
            Terminal.ClearErrorLine();
        }
    }

    private static int Width()
    {
        try
        {
            return Math.Max(Console.WindowWidth, 20);
        }
        catch (IOException)
        {
            return 80;
        }
    }
}
