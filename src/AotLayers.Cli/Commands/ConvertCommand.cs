using System.CommandLine;
using System.Globalization;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;

namespace AotLayers.Cli.Commands;

/// <summary><c>convert SOURCE DEST</c>: a layer in another form, and what was lost on the way.</summary>
internal sealed class ConvertCommand
{
    private readonly SourceOptions _source = new();

    private readonly Argument<string> _destination = new("DEST")
    {
        Description = "A layer tar (- for standard output), a transport folder (a name with a separator at its end) or a recording "
            + "(.json); it appears whole or not at all.",
    };

    private readonly Option<string> _target = new("--to")
    {
        Description = "What DEST is, where its name does not say it.",
        HelpName = OptionWords.Target.Alternatives,
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> _compression = new("--compression")
    {
        Description = "Compression of a tar; without it what the name of DEST says (.gz, .tgz, .zst).",
        HelpName = OptionWords.Compression.Alternatives,
    };

    private readonly Option<bool> _fromLinux = new("--from-linux", "--rootfs")
    {
        Description = "SOURCE is a tar of a Linux root file system: make a layer of Windows of it.",
    };

    private readonly Option<string?> _directorySddl = new("--directory-sddl")
    {
        Description = "Security of directories made of a Linux root. By default administrators and the system may do all, users read.",
        HelpName = "SDDL",
    };

    private readonly Option<string?> _fileSddl = new("--file-sddl")
    {
        Description = "Security of files made of a Linux root.",
        HelpName = "SDDL",
    };

    private readonly Option<long?> _epoch = new("--source-date-epoch")
    {
        Description = "No time is later than this. With --from-linux the variable SOURCE_DATE_EPOCH says it, too.",
        HelpName = "SECONDS",
    };

    private readonly Option<bool> _linkDuplicates = new("--link-duplicates")
    {
        Description = "Make files that are the same in everything but their times hard links to the first of them.",
    };

    private readonly Option<string> _unsupported = new("--unsupported")
    {
        Description = "Entries that DEST has no form for: fail, or skip them and say so in the result; keep reparse points in records that "
            + "other programs ignore.",
        HelpName = OptionWords.Unsupported.Alternatives,
        DefaultValueFactory = _ => "fail",
    };

    private readonly Option<bool> _lossless = new("--lossless")
    {
        Description = "Keep all that DEST has no place for: in a tar in records that other programs ignore, in a folder in a file beside.",
    };

    private ConvertCommand()
    {
        _target.AcceptOnlyFromAmong(OptionWords.Target.Words);
        _compression.AcceptOnlyFromAmong(OptionWords.Compression.Words);
        _unsupported.AcceptOnlyFromAmong(OptionWords.Unsupported.Words);
    }

    /// <summary>Makes the command.</summary>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(CancellationToken interrupted)
    {
        var convert = new ConvertCommand();
        var command = new Command("convert", "Give a layer another form, and say what is lost on the way.");
        convert._source.AddTo(command);
        command.Add(convert._destination);
        command.Add(convert._target);
        command.Add(convert._compression);
        command.Add(convert._lossless);
        command.Add(convert._unsupported);
        command.Add(convert._linkDuplicates);
        command.Add(convert._epoch);
        command.Add(convert._fromLinux);
        command.Add(convert._directorySddl);
        command.Add(convert._fileSddl);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => convert.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        LayerRequest layer = _source.Read(parsed);
        string destination = parsed.GetRequiredValue(_destination);
        OptionWords.Target.TryRead(parsed.GetValue(_target), out ConvertTarget target);
        OptionWords.Unsupported.TryRead(parsed.GetValue(_unsupported), out Formats.UnknownReparsePoints unsupported);
        bool fromLinux = parsed.GetValue(_fromLinux);
        var request = new ConvertRequest
        {
            Layer = layer with { Unsupported = unsupported, Lossless = parsed.GetValue(_lossless) },
            Destination = destination,
            Target = target,
            Compression = OptionWords.Compression.TryRead(parsed.GetValue(_compression), out LayerCompression compression)
                ? compression
                : null,
            FromLinux = fromLinux,
            DirectorySddl = parsed.GetValue(_directorySddl),
            FileSddl = parsed.GetValue(_fileSddl),
            SourceDateEpoch = parsed.GetValue(_epoch) ?? (fromLinux ? EpochOfEnvironment() : null),
            LinkDuplicates = parsed.GetValue(_linkDuplicates),
        };
        bool piped = destination == "-";
        if (piped && !Console.IsOutputRedirected)
        {
            throw new UsageException("the tar would go to the terminal: redirect standard output, or name a file");
        }

        using Stream? standardInput = SourceOptions.OpenStandardInput(layer);
        using Stream? standardOutput = piped ? Console.OpenStandardOutput() : null;
        using var progress = ProgressLine.Start("convert");
        ConvertResult result = ConvertTask.Run(request, standardInput, standardOutput, progress, interrupted);
        progress?.Dispose();
        ConvertText.Print(result, piped, parsed.GetValue(CommonOptions.Json));
        return ExitStatus.Done;
    }

    private static long? EpochOfEnvironment()
    {
        string? text = Environment.GetEnvironmentVariable("SOURCE_DATE_EPOCH");
        return string.IsNullOrEmpty(text) ? null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) ? seconds
            : throw new UsageException($"SOURCE_DATE_EPOCH is '{text}': expected seconds since 1970");
    }
}
