using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;

namespace AotLayers.Cli.Commands;

/// <summary><c>import FILE|- LAYER</c>: makes a layer of a layer tar.</summary>
internal sealed class ImportCommand
{
    private readonly LayerOptions _layer = new();
    private readonly HcsOptions _hcs = new();

    private readonly Argument<string> _file = new("FILE")
    {
        Description = "The layer tar, plain or compressed with gzip or zstd; - for standard input.",
    };

    private readonly Option<string> _writer = new("--writer")
    {
        Description = "How the layer is written: stream (ImportLayerBegin), folder (ImportLayer, for layers with parents), base (files "
            + "and ProcessBaseImage, for layers without), or what fits.",
        HelpName = OptionWords.Writer.Alternatives,
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string?> _expectDiffId = new("--expect-diff-id")
    {
        Description = "Digest that the tar must have before compression, or nothing is imported.",
        HelpName = "sha256:HEX",
    };

    private readonly Option<string?> _expectDigest = new("--expect-digest")
    {
        Description = "Digest that the file must have, or nothing is imported.",
        HelpName = "sha256:HEX",
    };

    /// <summary>Makes the command.</summary>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(CancellationToken interrupted)
    {
        var import = new ImportCommand();
        var command = new Command("import", "Make a layer of a layer tar: all of it, or nothing.");
        command.Add(import._file);
        import._layer.AddTo(command);
        import._writer.AcceptOnlyFromAmong(OptionWords.Writer.Words);
        command.Add(import._writer);
        command.Add(import._expectDiffId);
        command.Add(import._expectDigest);
        import._hcs.AddTo(command);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => import.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        string file = parsed.GetRequiredValue(_file);
        bool piped = file == "-";
        LayerRequest request = _hcs.Read(parsed, _layer.Read(parsed)) with
        {
            Input = piped ? null : file,
            Writer = OptionWords.Writer.TryRead(parsed.GetValue(_writer), out LayerWriterKind writer) ? writer : LayerWriterKind.Auto,
            ExpectDiffId = parsed.GetValue(_expectDiffId),
            ExpectDigest = parsed.GetValue(_expectDigest),
        };
        if (piped && !Console.IsInputRedirected)
        {
            throw new UsageException("the tar would come from the terminal: redirect standard input, or name a file");
        }

        bool json = parsed.GetValue(CommonOptions.Json);
        using Stream? standardInput = piped ? Console.OpenStandardInput() : null;
        using var progress = ProgressLine.Start("import");
        ImportTask.Run(
            request,
            standardInput,
            progress,
            result =>
            {
                progress?.Dispose();
                ImportText.Print(result, json);
            },
            interrupted);
        return ExitStatus.Done;
    }
}
