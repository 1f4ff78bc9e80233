using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;

namespace AotLayers.Cli.Commands;

/// <summary><c>cat SOURCE PATH[:STREAM]</c>: the content of a file of a layer.</summary>
internal sealed class CatCommand
{
    private const int BufferSize = 128 * 1024;

    private readonly SourceOptions _source = new();

    private readonly Argument<string> _path = new("PATH[:STREAM]")
    {
        Description = "Name of the file, with / or \\, whatever the case; behind a colon that of an alternate stream.",
    };

    private CatCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(CancellationToken interrupted)
    {
        var cat = new CatCommand();
        var command = new Command("cat", "Write the content of a file of a layer, or of one of its streams, to standard output.");
        cat._source.AddTo(command);
        command.Add(cat._path);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => cat.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        LayerRequest request = _source.Read(parsed);
        using Stream? input = SourceOptions.OpenStandardInput(request);
        using var output = new BufferedStream(Console.OpenStandardOutput(), BufferSize);
        ContentTask.Copy(request, input, parsed.GetRequiredValue(_path), output, interrupted);
        return ExitStatus.Done;
    }
}
