using System.CommandLine;
using System.Globalization;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;

namespace AotLayers.Cli.Commands;

/// <summary><c>du SOURCE [PATTERN]...</c>: how much the folders of a layer hold.</summary>
internal sealed class UsageCommand
{
    private readonly SourceOptions _source = new();

    private readonly Argument<string[]> _patterns = new("PATTERN")
    {
        Description = "Which entries are counted: a name (with all below it) or a pattern with * ? **. Default: all.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<int?> _depth = new("--depth", "-d")
    {
        Description = "How deep folders are told apart: 0 for the total alone, 1 for what is at the top, ... Default: all of them.",
        HelpName = "N",
    };

    private readonly Option<bool> _human = new("--human") { Description = "Sizes as 1.5M and the like, in powers of 1024." };

    private UsageCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(CancellationToken interrupted)
    {
        var usage = new UsageCommand();
        var command = new Command("du", "Sum up the sizes of a layer by folder; hard links count once.");
        usage._source.AddTo(command);
        command.Add(usage._patterns);
        command.Add(usage._depth);
        command.Add(usage._human);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => usage.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        LayerRequest request = _source.Read(parsed);
        int depth = parsed.GetValue(_depth) ?? int.MaxValue;
        if (depth < 0)
        {
            throw new UsageException("--depth is 0 or more");
        }

        NamePattern[] patterns = Array.ConvertAll(parsed.GetValue(_patterns) ?? [], NamePattern.Parse);
        using Stream? input = SourceOptions.OpenStandardInput(request);
        var usage = new LayerUsage(depth);
        SourceTask.Run(
            request,
            input,
            entry =>
            {
                if (NamePattern.MatchesAny(patterns, entry.Name))
                {
                    usage.Add(entry, entry.ReadMetadata());
                }
            },
            done: null,
            interrupted);
        if (parsed.GetValue(CommonOptions.Json))
        {
            PrintJson(request.Source, usage);
        }
        else
        {
            PrintText(usage, parsed.GetValue(_human));
        }

        return ExitStatus.Done;
    }

    private static void PrintJson(string source, LayerUsage usage)
    {
        using var list = new JsonList(Console.OpenStandardOutput(), json => json.WriteString("source", source), "folders");
        foreach (FolderUsage folder in usage.Folders)
        {
            list.Add(json => UsageResult.WriteMembers(json, folder));
        }

        list.Complete(json =>
        {
            json.WriteStartObject("total");
            UsageResult.WriteMembers(json, usage.Total);
            json.WriteEndObject();
        });
    }

    private static void PrintText(LayerUsage usage, bool human)
    {
        using var output = new TextOutput();
        foreach (FolderUsage folder in usage.Folders)
        {
            output.WriteLine($"{Size(folder.Bytes + folder.StreamBytes, human),13} {folder.Path}");
        }

        FolderUsage total = usage.Total;
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{Size(total.Bytes + total.StreamBytes, human),13} total: {total.Files} files, {total.Directories} directories"));
        if (total.HardLinks > 0)
        {
            output.WriteLine($"{Size(total.HardLinkBytes, human),13} not counted again: {total.HardLinks} hard links");
        }

        if (total.HoleBytes > 0)
        {
            output.WriteLine($"{Size(total.HoleBytes, human),13} of it holes of sparse files");
        }
    }

    private static string Size(long bytes, bool human)
    {
        const string Units = "KMGTP";
        if (!human || bytes < 1024)
        {
            return bytes.ToString(CultureInfo.InvariantCulture);
        }

        double value = bytes / 1024.0;
        int unit = 0;
        while (value >= 1024 && unit < Units.Length - 1)
        {
            value /= 1024;
            unit++;
        }

        return string.Create(CultureInfo.InvariantCulture, $"{value:0.0}{Units[unit]}");
    }
}
