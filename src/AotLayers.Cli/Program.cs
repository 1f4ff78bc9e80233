using System.CommandLine;
using System.CommandLine.Invocation;
using AotLayers.App;
using AotLayers.Cli;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;

// Scripts ask for the version often; it needs neither the commands nor the console.
if (args is ["--version"])
{
    using Stream output = Console.OpenStandardOutput();
    output.Write(ToolVersion.Line);
    return ExitStatus.Done;
}

using var interruption = new Interruption();
RootCommand root = CommandTree.Create(interruption.Token);
if (args.Length == 0)
{
    root.Parse(["--help"]).Invoke(new InvocationConfiguration { Output = Console.Error });
    return ExitStatus.Usage;
}

// Paths may begin with '@': there are no response files.
ParseResult parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
bool json = args.Contains(CommonOptions.JsonName);
try
{
    if (parsed.Action is ParseErrorAction)
    {
        throw new UsageException(ParseErrors.First(parsed));
    }

    return parsed.Invoke(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = null });
}
#pragma warning disable CA1031 // Whatever goes wrong ends in one line, never in a stack trace.
catch (Exception e)
#pragma warning restore CA1031
{
    var report = ErrorReport.From(e, OptionSpelling.CommandLine);
    if (e is OperationCanceledException && interruption.Token.IsCancellationRequested)
    {
        report = report.Retold("interrupted; nothing is left behind");
    }

    ErrorOutput.Write(report, parsed.CommandResult.Command, json);
    return report.IsUsage ? ExitStatus.Usage : ExitStatus.Failed;
}
