using System.CommandLine;
using AotLayers.App;
using AotLayers.Interop;

namespace AotLayers.Cli.Options;

/// <summary>The options that choose calls of a recording.</summary>
internal sealed class CallFilterOptions
{
    private readonly Option<string?> _calls = new("--calls")
    {
        Description = "Calls with these numbers (seq): 7, 7-12, 7- or -12.",
        HelpName = "A-B",
    };

    private readonly Option<string[]> _functions = Repeated(
        "--fn",
        "NAME",
        "Calls of this function, as NAME or API!NAME; * and ? stand for any letters and for one. Repeat it for more.");

    private readonly Option<string[]> _handles = Repeated(
        "--handle",
        "HANDLE",
        "Calls that this handle goes into or comes out of, such as context#1. Repeat it for more.");

    private readonly Option<string[]> _entries = Repeated(
        "--entry",
        "TEXT",
        "Calls about this entry: the text (a path, a name) that a call names, or that was named last on its handle; * and ? stand for "
            + "any letters and for one. Repeat it for more.");

    private readonly Option<int[]> _threads = new("--thread")
    {
        Description = "Calls of this thread, by its number. Repeat it for more.",
        HelpName = "N",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _failed = new("--failed") { Description = "Calls that did not succeed." };

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_calls);
        command.Add(_functions);
        command.Add(_handles);
        command.Add(_entries);
        command.Add(_threads);
        command.Add(_failed);
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">A range of calls is none.</exception>
    public RecordedCallFilter Read(ParseResult parsed)
    {
        var range = CallRange.Parse(parsed.GetValue(_calls));
        return new RecordedCallFilter
        {
            FirstSeq = range.First,
            LastSeq = range.Last,
            Functions = parsed.GetValue(_functions) ?? [],
            Handles = parsed.GetValue(_handles) ?? [],
            Entries = parsed.GetValue(_entries) ?? [],
            Threads = parsed.GetValue(_threads) ?? [],
            FailedOnly = parsed.GetValue(_failed),
        };
    }

    private static Option<string[]> Repeated(string name, string value, string description) => new(name)
    {
        Description = description,
        HelpName = value,
        DefaultValueFactory = _ => [],
    };
}
