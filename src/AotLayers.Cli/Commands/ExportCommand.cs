using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;

namespace AotLayers.Cli.Commands;

/// <summary><c>export LAYER -o FILE</c>: writes a layer as an OCI layer tar.</summary>
internal sealed class ExportCommand
{
    private readonly LayerOptions _layer = new();
    private readonly HcsOptions _hcs = new();
    private readonly ApiOption _api = new();

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description =
            "Where the tar goes: a file, which appears whole or not at all and replaces an existing one, or - for standard output.",
        HelpName = "FILE|-",
        Required = true,
    };

    private readonly Option<string> _reader = new("--reader")
    {
        Description = "How the layer is read: stream (ExportLayerBegin), folder (ExportLayer), base (the files of a layer without "
            + "parents), or what fits.",
        HelpName = OptionWords.Reader.Alternatives,
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string> _compression = new("--compression")
    {
        Description = "Compression of the output.",
        HelpName = OptionWords.Compression.Alternatives,
        DefaultValueFactory = _ => "none",
    };

    private readonly Option<string> _digest = new("--digest")
    {
        Description = "Which digests to compute: of the output (digest) and of the tar in it (diffId).",
        HelpName = OptionWords.Digest.Alternatives,
        DefaultValueFactory = _ => "sha256",
    };

    private readonly Option<string> _unsupported = new("--unsupported")
    {
        Description = "Reparse points that a tar has no form for (WOF, container placeholders, ...): fail, skip them and say so in the "
            + "result, or keep them in a record that other programs ignore.",
        HelpName = OptionWords.Unsupported.Alternatives,
        DefaultValueFactory = _ => "fail",
    };

    private readonly Option<bool> _lossless = new("--lossless")
    {
        Description = "Keep all that a tar has no place for (sparse maps, streams of directories, object ids, ...) in records that other "
            + "programs ignore. The digest is another one where an entry needs such a record.",
    };

    private readonly Option<bool> _scratch = new("--scratch")
    {
        Description = "The layer is a container's scratch layer: activate and initialise it first.",
    };

    private ExportCommand()
    {
        _reader.AcceptOnlyFromAmong(OptionWords.Reader.Words);
        _compression.AcceptOnlyFromAmong(OptionWords.Compression.Words);
        _unsupported.AcceptOnlyFromAmong(OptionWords.Unsupported.Words);
        _digest.AcceptOnlyFromAmong(OptionWords.Digest.Words);
    }

    /// <summary>Makes the command.</summary>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(CancellationToken interrupted)
    {
        var export = new ExportCommand();
        var command = new Command("export", "Write a layer as an OCI layer tar, byte for byte as hcsshim writes it.");
        export._layer.AddTo(command);
        command.Add(export._output);
        command.Add(export._reader);
        export._api.AddTo(command);
        command.Add(export._compression);
        command.Add(export._digest);
        command.Add(export._unsupported);
        command.Add(export._lossless);
        command.Add(export._scratch);
        export._hcs.AddTo(command);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => export.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        string output = parsed.GetRequiredValue(_output);
        bool piped = output == "-";
        LayerRequest request = _api.Read(parsed, _hcs.Read(parsed, _layer.Read(parsed))) with
        {
            Reader = Word(parsed, _reader, OptionWords.Reader),
            Compression = Word(parsed, _compression, OptionWords.Compression),
            Digest = Word(parsed, _digest, OptionWords.Digest),
            Unsupported = Word(parsed, _unsupported, OptionWords.Unsupported),
            Lossless = parsed.GetValue(_lossless),
            Scratch = parsed.GetValue(_scratch),
            Output = piped ? null : output,
        };
        if (piped && !Console.IsOutputRedirected)
        {
            throw new UsageException("the tar would go to the terminal: redirect standard output, or name a file with --output");
        }

        bool json = parsed.GetValue(CommonOptions.Json);
        using Stream? standardOutput = piped ? Console.OpenStandardOutput() : null;
        using var progress = ProgressLine.Start("export");
        ExportTask.Run(
            request,
            standardOutput,
            progress,
            result =>
            {
                progress?.Dispose();
                ExportText.Print(result, json);
            },
            interrupted);
        return ExitStatus.Done;
    }

    /// <summary>The parser has refused every other word.</summary>
    private static T Word<T>(ParseResult parsed, Option<string> option, OptionWords<T> words)
        where T : struct =>
        words.TryRead(parsed.GetRequiredValue(option), out T value)
            ? value
            : throw new UsageException($"{option.Name} expects {words.Choices}");
}
