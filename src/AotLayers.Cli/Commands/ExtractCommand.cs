using System.CommandLine;
using System.Globalization;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;

namespace AotLayers.Cli.Commands;

/// <summary><c>extract SOURCE -C DIR [PATTERN]...</c>: entries of a layer as files of a folder.</summary>
internal sealed class ExtractCommand
{
    private readonly SourceOptions _source = new();

    private readonly Argument<string[]> _patterns = new("PATTERN")
    {
        Description = "Which entries: a name (with all below it) or a pattern with * ? **, with / or \\, whatever the case. Default: all.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<string> _folder = new("--directory", "-C")
    {
        Description = "The folder to extract to; made where it is missing.",
        HelpName = "DIR",
        Required = true,
    };

    private readonly Option<string> _existing = new("--existing")
    {
        Description = "What becomes of files that are there: a problem, left as they are, or replaced.",
        HelpName = OptionWords.Existing.Alternatives,
        DefaultValueFactory = _ => "fail",
    };

    private readonly Option<string?> _metadata = new("--metadata")
    {
        Description = "Keep what a folder does not carry (security, attributes, streams, ...) in FILE, as lines of JSON.",
        HelpName = "FILE",
    };

    private ExtractCommand() => _existing.AcceptOnlyFromAmong(OptionWords.Existing.Words);

    /// <summary>Makes the command.</summary>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(CancellationToken interrupted)
    {
        var extract = new ExtractCommand();
        var command = new Command("extract", "Write entries of a layer to a folder: contents, times, links; never outside of it.");
        extract._source.AddTo(command);
        command.Add(extract._patterns);
        command.Add(extract._folder);
        command.Add(extract._existing);
        command.Add(extract._metadata);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => extract.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        LayerRequest request = _source.Read(parsed);
        string folder = parsed.GetRequiredValue(_folder);
        if (folder.Length == 0)
        {
            throw new UsageException("--directory is empty");
        }

        OptionWords.Existing.TryRead(parsed.GetValue(_existing), out ExistingFiles existing);
        NamePattern[] patterns = Array.ConvertAll(parsed.GetValue(_patterns) ?? [], NamePattern.Parse);
        using Stream? input = SourceOptions.OpenStandardInput(request);
        string? metadata = parsed.GetValue(_metadata);
        ExtractSummary summary = ExtractTask.Run(request, input, folder, patterns, existing, metadata, interrupted);
        if (parsed.GetValue(CommonOptions.Json))
        {
            using Stream output = Console.OpenStandardOutput();
            JsonText.WriteLine(output, json => ExtractResult.WriteMembers(json, request.Source, folder, summary));
        }
        else
        {
            Print(folder, summary, metadata);
        }

        return summary.Problems.Count == 0 ? ExitStatus.Done : ExitStatus.Failed;
    }

    private static void Print(string folder, ExtractSummary summary, string? metadata)
    {
        Terminal.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{folder}: {summary.Files} files, {summary.Directories} directories, {summary.SymbolicLinks} symbolic links, "
                + $"{summary.HardLinks} hard links, {summary.Bytes} bytes"));
        PrintCount("hard links that became copies", summary.CopiedLinks);
        PrintCount("left out, because a file was there", summary.Skipped);
        string kept = metadata is null ? "not in the folder (--metadata FILE keeps them)" : $"not in the folder, but in {metadata}";
        if (summary.SecurityDescriptors + summary.ExtendedAttributes + summary.AlternateStreams + summary.OtherRecords > 0)
        {
            Terminal.Out.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{kept}: {summary.SecurityDescriptors} security descriptors, {summary.ExtendedAttributes} lists of extended attributes, "
                    + $"{summary.AlternateStreams} alternate streams, {summary.OtherRecords} other records"));
        }

        foreach (string name in summary.Tombstones)
        {
            Terminal.Out.WriteLine("tombstone: " + name);
        }

        foreach (ExtractProblem problem in summary.Problems)
        {
            Terminal.Error.WriteLine($"aotlayers: {problem.Entry}: {problem.Reason}");
        }
    }

    private static void PrintCount(string what, long count)
    {
        if (count > 0)
        {
            Terminal.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{what}: {count}"));
        }
    }
}
