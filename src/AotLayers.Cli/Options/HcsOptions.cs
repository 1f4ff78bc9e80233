using System.CommandLine;
using AotLayers.Interop;

namespace AotLayers.Cli.Options;

/// <summary>The options of every command that talks to the Host Compute Service: which one, and whether to record it.</summary>
internal sealed class HcsOptions
{
    private readonly Option<string> _hcs = new("--hcs")
    {
        Description = "Which Host Compute Service answers: native (this Windows), lib:PATH (a library that exports the calls), replay:FILE (a recording), "
            + "or sim:DIR (a folder of simulated layers; sim:DIR?absent=A,B takes exports away).",
        HelpName = HcsChoice.Forms.Replace(", ", "|", StringComparison.Ordinal).Replace(" or ", "|", StringComparison.Ordinal),
        DefaultValueFactory = _ => "native",
    };

    private readonly Option<string?> _record = new("--record")
    {
        Description = "Record every native call to FILE, for --hcs replay:FILE on any OS.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _recordData = new("--record-data")
    {
        Description = "How much of the file contents a recording keeps. Only 'all' can be replayed.",
        HelpName = "all|digest|lengths",
    };

    private readonly Option<bool> _timing = new("--timing")
    {
        Description = "Record the duration of every call. Without it, the same run records the same bytes.",
    };

    private readonly Option<string?> _replayOrder = new("--replay-order")
    {
        Description = "Which order of calls a replay accepts.",
        HelpName = "strict|per-handle",
    };

    public HcsOptions()
    {
        _recordData.AcceptOnlyFromAmong("all", "digest", "lengths");
        _replayOrder.AcceptOnlyFromAmong("strict", "per-handle");
    }

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_hcs);
        command.Add(_record);
        command.Add(_recordData);
        command.Add(_timing);
        command.Add(_replayOrder);
    }

    /// <summary>Reads the options.</summary>
    /// <exception cref="UsageException">They do not fit together.</exception>
    public HcsSessionOptions Read(ParseResult parsed)
    {
        if (!HcsChoice.TryParse(parsed.GetValue(_hcs), out HcsChoice? choice, out string? error))
        {
            throw new UsageException("--hcs " + error);
        }

        string? record = parsed.GetValue(_record);
        string? recordData = parsed.GetValue(_recordData);
        string? replayOrder = parsed.GetValue(_replayOrder);
        if (record is null && recordData is not null)
        {
            throw new UsageException("--record-data needs --record FILE");
        }

        if (record is null && parsed.GetValue(_timing))
        {
            throw new UsageException("--timing needs --record FILE");
        }

        if (record is "-" or "")
        {
            throw new UsageException("--record needs the name of a file: a recording cannot be written to a pipe");
        }

        if (replayOrder is not null && choice.Kind != HcsChoiceKind.Replay)
        {
            throw new UsageException("--replay-order needs --hcs replay:FILE");
        }

        if (record is not null && choice.Kind == HcsChoiceKind.Replay && FilePaths.AreSame(record, choice.Path))
        {
            throw new UsageException("--record would overwrite the recording that --hcs replays");
        }

        return new HcsSessionOptions
        {
            Choice = choice,
            RecordPath = record,
            RecordData = recordData switch
            {
                "digest" => DataPolicy.Digest,
                "lengths" => DataPolicy.Lengths,
                _ => DataPolicy.All,
            },
            RecordTiming = parsed.GetValue(_timing),
            ReplayOrder = replayOrder == "per-handle" ? ReplayOrder.PerHandle : ReplayOrder.Strict,
        };
    }
}
