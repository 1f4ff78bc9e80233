using System.CommandLine;
using AotLayers.App;
using AotLayers.Interop;

namespace AotLayers.Cli.Options;

/// <summary>The options of every command that talks to the Host Compute Service: which one, and whether to record it.</summary>
internal sealed class HcsOptions
{
    private readonly Option<string?> _hcs = new("--hcs")
    {
        Description = "Which Host Compute Service answers: native (this Windows), lib:PATH (a library that exports the calls), "
            + "replay:FILE (a recording), "
            + "or sim:DIR (a folder of simulated layers; sim:DIR?absent=A,B takes exports away).",
        HelpName = HcsChoice.Forms.Replace(", ", "|", StringComparison.Ordinal).Replace(" or ", "|", StringComparison.Ordinal),
    };

    private readonly Option<string?> _record = new("--record")
    {
        Description = "Record every native call to FILE, for --hcs replay:FILE on any OS.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _recordData = new("--record-data")
    {
        Description = "How much of the file contents a recording keeps. Only 'all' can be replayed.",
        HelpName = OptionWords.RecordData.Alternatives,
    };

    private readonly Option<bool> _timing = new("--timing")
    {
        Description = "Record the duration of every call. Without it, the same run records the same bytes.",
    };

    private readonly Option<string?> _replayOrder = new("--replay-order")
    {
        Description = "Which order of calls a replay accepts.",
        HelpName = OptionWords.ReplayOrder.Alternatives,
    };

    private readonly Option<string[]> _faults = new("--fault")
    {
        Description = "Make a call fail: FUNCTION#N=CODE (the N-th call; without #N each one), #N=CODE (the N-th of all), "
            + "FUNCTION=short:BYTES, FUNCTION=cut:BYTES, absent:EXPORT, missing:API. Repeat it for more. A fault that never happens is "
            + "an error.",
        HelpName = "FAULT",
        DefaultValueFactory = _ => [],
    };

    /// <param name="isOptional">Whether the command can do without: then there is no default.</param>
    public HcsOptions(bool isOptional = false)
    {
        if (!isOptional)
        {
            _hcs.DefaultValueFactory = _ => "native";
        }

        _recordData.AcceptOnlyFromAmong(OptionWords.RecordData.Words);
        _replayOrder.AcceptOnlyFromAmong(OptionWords.ReplayOrder.Words);
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_hcs);
        command.Add(_record);
        command.Add(_recordData);
        command.Add(_timing);
        command.Add(_replayOrder);
        command.Add(_faults);
    }

    /// <summary>Reads the options into a request.</summary>
    /// <exception cref="UsageException">The HCS is none.</exception>
    public LayerRequest Read(ParseResult parsed, LayerRequest request)
    {
        HcsChoice? choice = null;
        if (parsed.GetValue(_hcs) is { } text && !HcsChoice.TryParse(text, out choice, out string? error))
        {
            throw new UsageException("--hcs " + error);
        }

        return request with
        {
            Hcs = choice,
            Record = parsed.GetValue(_record),
            RecordData = OptionWords.RecordData.TryRead(parsed.GetValue(_recordData), out DataPolicy data) ? data : null,
            RecordTiming = parsed.GetValue(_timing),
            ReplayOrder = OptionWords.ReplayOrder.TryRead(parsed.GetValue(_replayOrder), out ReplayOrder order) ? order : null,
            Faults = parsed.GetValue(_faults) ?? [],
        };
    }
}
