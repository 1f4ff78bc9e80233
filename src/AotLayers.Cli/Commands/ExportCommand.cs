using System.CommandLine;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Hcs;
using AotLayers.Simulator;

namespace AotLayers.Cli.Commands;

/// <summary><c>export LAYER -o FILE</c>: writes a layer as an OCI layer tar.</summary>
internal sealed class ExportCommand
{
    private readonly LayerOptions _layer = new();
    private readonly HcsOptions _hcs = new();

    private readonly Option<string> _output = new("--output", "-o")
    {
        Description = "Where the tar goes: a file, which appears whole or not at all and replaces an existing one, or - for standard output.",
        HelpName = "FILE|-",
        Required = true,
    };

    private readonly Option<string> _reader = new("--reader")
    {
        Description = "How the layer is read: stream (ExportLayerBegin), folder (ExportLayer), base (the files of a layer without parents), or what fits.",
        HelpName = "auto|stream|folder|base",
        DefaultValueFactory = _ => "auto",
    };

    private readonly Option<string> _compression = new("--compression")
    {
        Description = "Compression of the output.",
        HelpName = "none|gzip|zstd",
        DefaultValueFactory = _ => "none",
    };

    private readonly Option<string> _digest = new("--digest")
    {
        Description = "Which digests to compute: of the output (digest) and of the tar in it (diffId).",
        HelpName = "sha256|none",
        DefaultValueFactory = _ => "sha256",
    };

    private readonly Option<bool> _scratch = new("--scratch")
    {
        Description = "The layer is a container's scratch layer: activate and initialise it first.",
    };

    private ExportCommand()
    {
        _reader.AcceptOnlyFromAmong("auto", "stream", "folder", "base");
        _compression.AcceptOnlyFromAmong("none", "gzip", "zstd");
        _digest.AcceptOnlyFromAmong("sha256", "none");
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
        command.Add(export._compression);
        command.Add(export._digest);
        command.Add(export._scratch);
        export._hcs.AddTo(command);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => export.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        HcsSessionOptions sessionOptions = _hcs.Read(parsed);
        LayerReaderOptions layer = _layer.Read(parsed) with { Reader = ReadReader(parsed) };
        string output = parsed.GetRequiredValue(_output);
        CheckOutput(output, sessionOptions);
        if (layer.Reader == LayerReaderKind.Base && layer.Parents.Count > 0)
        {
            throw new UsageException("--reader base reads layers without parents: leave --parent away, or use --reader auto");
        }

        using HcsSession session = HcsSession.Open(sessionOptions, Simulate);
        ExportSummary summary;
        using (var progress = ProgressLine.Start("export"))
        {
            var options = new ExportOptions
            {
                Compression = parsed.GetValue(_compression) switch
                {
                    "gzip" => LayerCompression.Gzip,
                    "zstd" => LayerCompression.Zstd,
                    _ => LayerCompression.None,
                },
                ComputeDigests = parsed.GetValue(_digest) == "sha256",
                Progress = progress,
            };
            summary = Export(session, layer, output, options, parsed.GetValue(_scratch), interrupted);
        }

        ExportResult.Print(summary, layer, output, json: parsed.GetValue(CommonOptions.Json));

        // Last, because a recording that could not be finished does not make the tar a wrong one.
        session.CompleteRecording();
        return ExitStatus.Done;
    }

    private static HcsMachine Simulate(string text)
    {
        try
        {
            return SimulatorChoice.Open(text);
        }
        catch (FormatException e)
        {
            throw new UsageException("--hcs sim: " + e.Message);
        }
    }

    private static ExportSummary Export(HcsSession session, LayerReaderOptions layer, string output, ExportOptions options, bool scratch, CancellationToken interrupted)
    {
        if (output == "-")
        {
            using Stream standardOutput = Console.OpenStandardOutput();
            return ReadLayer(session, layer, standardOutput, options, scratch, interrupted);
        }

        using AtomicOutputFile file = AtomicOutputFile.Create(output);
        ExportSummary summary = ReadLayer(session, layer, file.Stream, options, scratch, interrupted);
        file.Commit();
        return summary;
    }

    private static ExportSummary ReadLayer(HcsSession session, LayerReaderOptions layer, Stream output, ExportOptions options, bool scratch, CancellationToken interrupted)
    {
        ExportSummary summary;
        using (session.EnablePrivileges(PrivilegeScope.Backup))
        using (scratch ? ScratchLayerScope.Enter(session.Machine.Vmcompute, layer) : null)
        {
            LayerReader reader = LayerReader.Open(session.Machine, layer, interrupted);
            summary = LayerExporter.Export(reader, output, options, interrupted);
        }

        session.VerifyReplay();
        return summary;
    }

    private LayerReaderKind ReadReader(ParseResult parsed) => parsed.GetValue(_reader) switch
    {
        "stream" => LayerReaderKind.Stream,
        "folder" => LayerReaderKind.Folder,
        "base" => LayerReaderKind.Base,
        _ => LayerReaderKind.Auto,
    };

    private static void CheckOutput(string output, HcsSessionOptions session)
    {
        if (output.Length == 0)
        {
            throw new UsageException("--output is empty");
        }

        if (output == "-")
        {
            if (!Console.IsOutputRedirected)
            {
                throw new UsageException("the tar would go to the terminal: redirect standard output, or name a file with --output");
            }

            return;
        }

        if (session.RecordPath is { } record && FilePaths.AreSame(record, output))
        {
            throw new UsageException("--output and --record name the same file");
        }

        if (session.Choice.Kind == HcsChoiceKind.Replay && FilePaths.AreSame(session.Choice.Path, output))
        {
            throw new UsageException("--output would overwrite the recording that --hcs replays");
        }
    }
}
