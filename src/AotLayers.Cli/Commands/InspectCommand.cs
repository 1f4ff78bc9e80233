using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;

namespace AotLayers.Cli.Commands;

/// <summary><c>inspect SOURCE PATH...</c>: all that a layer says of some entries.</summary>
internal sealed class InspectCommand
{
    private readonly SourceOptions _source = new();

    private readonly Argument<string[]> _paths = new("PATH")
    {
        Description = "Which entries: a name, or a pattern with * ? **, with / or \\, whatever the case.",
        Arity = ArgumentArity.OneOrMore,
    };

    private readonly Option<bool> _raw = new("--raw")
    {
        Description = "Also the bytes of security descriptor, extended attributes, reparse data and object id.",
    };

    private InspectCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(CancellationToken interrupted)
    {
        var inspect = new InspectCommand();
        var command = new Command("inspect", "Say all of an entry: times, attributes, security, links, streams, extended attributes.");
        inspect._source.AddTo(command);
        command.Add(inspect._paths);
        command.Add(inspect._raw);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => inspect.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        LayerRequest request = _source.Read(parsed);
        bool raw = parsed.GetValue(_raw);
        string[] paths = parsed.GetRequiredValue(_paths);
        using Stream? input = SourceOptions.OpenStandardInput(request);
        if (!parsed.GetValue(CommonOptions.Json))
        {
            using var output = new TextOutput();
            InspectTask.Run(request, input, paths, (entry, metadata) => EntryText.Write(output, entry, metadata, raw), null, interrupted);
            return ExitStatus.Done;
        }

        using var list = new JsonList(Console.OpenStandardOutput(), json => json.WriteString("source", request.Source), "entries");
        long count = 0;
        InspectTask.Run(
            request,
            input,
            paths,
            (entry, metadata) =>
            {
                count++;
                list.Add(json => EntryJson.WriteAll(json, entry, metadata, raw));
            },
            reader => list.Complete(json =>
            {
                json.WriteNumber("count", count);
                json.WriteString("reader", reader.Kind);
                json.WriteStrings("warnings", reader.Warnings);
            }),
            interrupted);
        return ExitStatus.Done;
    }
}
