using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;

namespace AotLayers.Cli.Commands;

/// <summary><c>verify SOURCE</c>: checks a layer against the rules that Windows and the programs that import layers demand.</summary>
internal sealed class VerifyCommand
{
    private readonly SourceOptions _source = new("A parent layer, given like SOURCE: hard links and whiteouts may lead into it. Repeat it, "
        + "nearest parent first, base layer last.");

    private readonly Option<string?> _expectDiffId = new("--expect-diff-id")
    {
        Description = "Digest that the tar must have before compression.",
        HelpName = "sha256:HEX",
    };

    private readonly Option<string?> _expectDigest = new("--expect-digest")
    {
        Description = "Digest that the file must have.",
        HelpName = "sha256:HEX",
    };

    private readonly Option<string[]> _disable = new("--disable")
    {
        Description = "Don't ask a rule, and why: the reason is part of the result. Repeat it for several rules.",
        HelpName = "RULE=REASON",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _failOn = new("--fail-on")
    {
        Description = "The mildest finding that makes the exit status 3.",
        HelpName = OptionWords.Severity.Alternatives,
        DefaultValueFactory = _ => "warning",
    };

    private readonly Option<int> _limit = new("--limit")
    {
        Description = "How many findings of one rule are told; all are counted. 0 for all.",
        HelpName = "N",
        DefaultValueFactory = _ => 100,
    };

    private readonly Option<string?> _sarif = new("--sarif")
    {
        Description = "Write the findings to FILE as SARIF 2.1.0.",
        HelpName = "FILE",
    };

    private readonly Option<string?> _annotations = new("--annotations")
    {
        Description = "Tell findings as lines that a service of continuous integration shows beside the file.",
        HelpName = "github",
    };

    private VerifyCommand()
    {
        _failOn.AcceptOnlyFromAmong(OptionWords.Severity.Words);
        _annotations.AcceptOnlyFromAmong("github");
    }

    /// <summary>Makes the command.</summary>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(CancellationToken interrupted)
    {
        var verify = new VerifyCommand();
        var command = new Command("verify", "Check a layer on any system before Windows does. Exit status 3 on findings.");
        verify._source.AddTo(command);
        command.Add(verify._expectDiffId);
        command.Add(verify._expectDigest);
        command.Add(verify._disable);
        command.Add(verify._failOn);
        command.Add(verify._limit);
        command.Add(verify._sarif);
        command.Add(verify._annotations);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => verify.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        LayerRequest layer = VerifyRequest.SplitParents(_source.Read(parsed), out IReadOnlyList<string> parents);
        bool json = parsed.GetValue(CommonOptions.Json);
        bool annotations = parsed.GetValue(_annotations) is not null;
        string? sarif = parsed.GetValue(_sarif);
        if (json && annotations)
        {
            throw new UsageException("--json and --annotations both say how findings are printed: choose one");
        }

        var request = new VerifyRequest
        {
            Layer = layer,
            Parents = parents,
            Disabled = parsed.GetValue(_disable) ?? [],
            ExpectDiffId = parsed.GetValue(_expectDiffId),
            ExpectDigest = parsed.GetValue(_expectDigest),
            FindingsPerRule = parsed.GetValue(_limit),
        };
        OptionWords.Severity.TryRead(parsed.GetValue(_failOn), out VerifySeverity failOn);
        var findings = new List<VerifyFinding>();
        Action<VerifyFinding> tell = json ? findings.Add : finding =>
        {
            VerifyText.Print(layer.Source, finding, annotations);
            if (sarif is not null)
            {
                findings.Add(finding);
            }
        };
        using Stream? standardInput = SourceOptions.OpenStandardInput(layer);
        using AtomicOutputFile? output = sarif is null ? null : AtomicOutputFile.Create(sarif);
        VerifyResult result = VerifyTask.Run(request, standardInput, tell, interrupted);
        if (output is not null)
        {
            JsonText.WriteLine(output.Stream, writer => SarifLog.WriteMembers(writer, ToolVersion.Number, result, findings));
            output.Commit();
        }

        VerifyText.Print(result, json ? findings : null);
        return result.Summary.HasFindings(failOn) ? ExitStatus.Findings : ExitStatus.Done;
    }
}
