using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using AotLayers.Hcs;
using AotLayers.Interop;
using Spectre.Console;

namespace AotLayers.Cli.Output;

/// <summary>What went wrong, as its facts. All properties are always in the JSON form; those that do not apply are null.</summary>
internal sealed record ErrorReport
{
    /// <summary>The whole story in one sentence.</summary>
    public required string Message { get; init; }

    /// <summary>The native call that failed.</summary>
    public string? Call { get; init; }

    /// <summary>What it returned: HRESULT as <c>0x%08x</c>.</summary>
    public string? Code { get; init; }

    /// <summary>Path or id of the layer.</summary>
    public string? Layer { get; init; }

    /// <summary>Parents, nearest first.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>Entry of the layer, with backslashes.</summary>
    public string? Entry { get; init; }

    /// <summary>Stream of the entry.</summary>
    public string? Stream { get; init; }

    /// <summary>Bytes into the entry.</summary>
    public long? Offset { get; init; }

    /// <summary>What usually helps.</summary>
    public string? Hint { get; init; }

    /// <summary>What the process returns.</summary>
    internal int ExitStatus { get; init; } = Cli.ExitStatus.Failed;

    /// <summary>Makes the report of an exception.</summary>
    /// <param name="exception">The exception.</param>
    /// <param name="interrupted">Whether the user asked the command to end.</param>
    public static ErrorReport From(Exception exception, bool interrupted)
    {
        ErrorReport report = Describe(exception);
        return interrupted && exception is OperationCanceledException ? report with { Message = "interrupted; nothing is left behind" } : report;
    }

    /// <summary>Writes the report to standard error.</summary>
    /// <param name="command">The command, for the pointer to its help.</param>
    /// <param name="json">As JSON.</param>
    public void Write(Command command, bool json)
    {
        if (json)
        {
            using Stream output = Console.OpenStandardError();
            JsonOutput.Write(output, WriteMembers);
            return;
        }

        AnsiWriter writer = Terminal.CreateWriter();
        writer.Write("aotlayers: ", new Style(Color.Red));
        Console.Error.WriteLine(Message);
        string? hint = Hint ?? (ExitStatus == Cli.ExitStatus.Usage ? $"see '{CommandLine(command)} --help'" : null);
        if (hint is not null)
        {
            writer.Write("hint: ", new Style(Color.Olive));
            Console.Error.WriteLine(hint);
        }
    }

    private void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("message", Message);
        json.WriteString("call", Call);
        json.WriteString("code", Code);
        json.WriteString("layer", Layer);
        json.WriteStrings("parents", Parents);
        json.WriteString("entry", Entry);
        json.WriteString("stream", Stream);
        json.WriteNumberOrNull("offset", Offset);
        json.WriteString("hint", Hint);
    }

    private static ErrorReport Describe(Exception exception) => exception switch
    {
        UsageException => new ErrorReport { Message = exception.Message, ExitStatus = Cli.ExitStatus.Usage },
        LayerException e => new ErrorReport
        {
            Message = e.Message,
            Call = e.Call,
            Code = e.Code is { } code ? string.Create(CultureInfo.InvariantCulture, $"0x{code:x8}") : null,
            Layer = e.Context.Layer,
            Parents = e.Context.Parents,
            Entry = e.Context.Entry,
            Stream = e.Context.Stream,
            Offset = e.Context.Offset,
            Hint = e.Hint,
        },
        PlatformNotSupportedException => new ErrorReport
        {
            Message = exception.Message,
            Hint = "pass --hcs sim:DIR (a folder of simulated layers), --hcs replay:FILE (a recording) or --hcs lib:PATH (a library with the calls)",
        },
        MissingLibraryException or MissingExportException => new ErrorReport
        {
            Message = exception.Message,
            Hint = "is the Containers feature installed? Elsewhere, pass --hcs sim:DIR, --hcs replay:FILE or --hcs lib:PATH",
        },
        RecordingFormatException or ReplayException or IOException or InvalidDataException or UnauthorizedAccessException or OperationCanceledException =>
            new ErrorReport { Message = exception.Message },
        _ => new ErrorReport
        {
            Message = $"internal error, {exception.GetType().Name}: {exception.Message}",
            Hint = "this is a defect of aotlayers; please report it with the command line",
        },
    };

    private static string CommandLine(Command command)
    {
        string name = command is RootCommand ? "aotlayers" : command.Name;
        return command.Parents.OfType<Command>().FirstOrDefault() is { } parent ? CommandLine(parent) + " " + name : name;
    }
}
