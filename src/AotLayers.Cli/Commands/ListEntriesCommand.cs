using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Formats;

namespace AotLayers.Cli.Commands;

/// <summary><c>ls SOURCE [PATTERN]...</c>: the entries of a layer.</summary>
internal sealed class ListEntriesCommand
{
    private readonly SourceOptions _source = new();

    private readonly Argument<string[]> _patterns = new("PATTERN")
    {
        Description = "Which entries: a name (with all below it) or a pattern with * ? **, with / or \\, whatever the case. Default: all.",
        Arity = ArgumentArity.ZeroOrMore,
    };

    private readonly Option<bool> _long = new("--long", "-l")
    {
        Description = "Also kind and attributes, size, time of the last write (UTC), and what links lead to.",
    };

    private readonly Option<string[]> _types = new("--type")
    {
        Description = "Only entries of this kind; repeat it for more. With ads, the alternate streams themselves are listed.",
        HelpName = OptionWords.EntryType.Alternatives,
        DefaultValueFactory = _ => [],
    };

    private EntryTraits _wanted;

    private ListEntriesCommand() => _types.AcceptOnlyFromAmong(OptionWords.EntryType.Words);

    /// <summary>Makes the command.</summary>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(CancellationToken interrupted)
    {
        var list = new ListEntriesCommand();
        var command = new Command("ls", "List the entries of a layer, in its order.");
        list._source.AddTo(command);
        command.Add(list._patterns);
        command.Add(list._long);
        command.Add(list._types);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => list.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        LayerRequest request = _source.Read(parsed);
        NamePattern[] patterns = Array.ConvertAll(parsed.GetValue(_patterns) ?? [], NamePattern.Parse);
        foreach (string word in parsed.GetValue(_types) ?? [])
        {
            _wanted |= OptionWords.EntryType.TryRead(word, out EntryTraits trait) ? trait : EntryTraits.None;
        }

        using Stream? input = SourceOptions.OpenStandardInput(request);
        if (parsed.GetValue(CommonOptions.Json))
        {
            PrintJson(request, input, patterns, interrupted);
        }
        else
        {
            PrintText(request, input, patterns, parsed.GetValue(_long), interrupted);
        }

        return ExitStatus.Done;
    }

    private void PrintJson(LayerRequest request, Stream? input, NamePattern[] patterns, CancellationToken interrupted)
    {
        using var list = new JsonList(Console.OpenStandardOutput(), json => json.WriteString("source", request.Source), "entries");
        long count = 0;
        SourceTask.Run(
            request,
            input,
            entry =>
            {
                if (NamePattern.MatchesAny(patterns, entry.Name) && entry.ReadMetadata() is var metadata && IsWanted(entry, metadata))
                {
                    count++;
                    list.Add(json => EntryJson.WriteShort(json, entry, metadata));
                }
            },
            reader => list.Complete(json =>
            {
                json.WriteNumber("count", count);
                json.WriteString("reader", reader.Kind);
                json.WriteStrings("warnings", reader.Warnings);
            }),
            interrupted);
    }

    private void PrintText(LayerRequest request, Stream? input, NamePattern[] patterns, bool isLong, CancellationToken interrupted)
    {
        using var output = new TextOutput();
        SourceTask.Run(
            request,
            input,
            entry =>
            {
                if (NamePattern.MatchesAny(patterns, entry.Name))
                {
                    Print(output, entry, isLong);
                }
            },
            done: null,
            interrupted);
    }

    private void Print(TextOutput output, LayerEntry entry, bool isLong)
    {
        // Names alone need no look into the entries: a tar is skipped through.
        LayerEntryMetadata? metadata = isLong || _wanted != EntryTraits.None ? entry.ReadMetadata() : null;
        if (!IsWanted(entry, metadata))
        {
            return;
        }

        if (_wanted == EntryTraits.AlternateStreams)
        {
            foreach (LayerStreamMetadata stream in metadata!.AlternateStreams)
            {
                output.WriteLine(isLong ? EntryLine.Long(entry, stream) : EntryLine.Name(entry, stream));
            }
        }
        else
        {
            output.WriteLine(isLong ? EntryLine.Long(entry, metadata)
                : entry.IsTombstone ? entry.Name + " (tombstone)"
                : entry.Name);
        }
    }

    private bool IsWanted(LayerEntry entry, LayerEntryMetadata? metadata) =>
        _wanted == EntryTraits.None || (EntryTraitsOf.Find(entry, metadata) & _wanted) != 0;
}
