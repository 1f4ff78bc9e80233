using System.Globalization;
using System.Text.Json;
using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>
/// What a user is told about a failure, fact by fact: the one form that the command line and the C interface tell errors in.
/// </summary>
public sealed record ErrorReport
{
    /// <summary>The whole story but the hint: a sentence; for a replay further lines, each indented.</summary>
    public required string Message { get; init; }

    /// <summary>The native call that failed; null when none did.</summary>
    public string? Call { get; init; }

    /// <summary>HRESULT: that of the failed call, or the nearest that Windows has for the problem (<see cref="ErrorCodes"/>).</summary>
    public required uint Code { get; init; }

    /// <summary>
    /// Where it happened: the layer (or the file or folder that was read), the entry, the stream, the offset; what is known.
    /// </summary>
    public LayerErrorContext Place { get; init; } = new();

    /// <summary>What usually helps; null when nothing is known.</summary>
    public string? Hint { get; init; }

    /// <summary>Where a replay left its recording first; null when none did.</summary>
    public ReplayMismatch? Departure { get; init; }

    /// <summary>Whether the request itself is to blame.</summary>
    public bool IsUsage { get; init; }

    /// <summary>
    /// The lines of <see cref="Message"/>. Only replays have more than one; in other messages a line feed is part of a name.
    /// </summary>
    public IReadOnlyList<string> Lines { get; private init; } = [];

    /// <summary>Collects the facts of an error.</summary>
    /// <param name="error">What was thrown.</param>
    /// <param name="spelling">How the user writes options, for hints.</param>
    public static ErrorReport From(Exception error, OptionSpelling spelling)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(spelling);
        var task = error as LayerTaskException;
        Exception cause = task?.Cause ?? error;
        LayerException? layer = Find<LayerException>(cause);
        HcsException? native = Find<HcsException>(cause);
        LayerErrorContext place = Merge(layer?.Context, task?.Place);
        bool known = IsKnown(cause);
        string[] lines = Compose(cause, known, layer, place);
        ReplayMismatch? departure = (cause as ReplayMismatchException)?.Mismatch;
        return new ErrorReport
        {
            Message = string.Join('\n', lines),
            Lines = lines,
            Code = ErrorCodes.Of(cause),
            Call = layer?.Call ?? native?.Call ?? departure?.Function ?? (cause as MissingExportException)?.Export,
            Place = place,
            Hint = layer?.Hint ?? native?.Hint ?? ErrorHints.Find(cause, known, spelling),
            Departure = departure,
            IsUsage = cause is UsageException,
        };
    }

    /// <summary>The same facts with another message.</summary>
    /// <param name="message">One line.</param>
    public ErrorReport Retold(string message) => this with { Message = message, Lines = [message] };

    /// <summary>
    /// Writes the members of the JSON form: <c>message</c>, <c>call</c>, <c>code</c> (0x%08x) and its <c>name</c>, <c>layer</c>,
    /// <c>parents</c>, <c>entry</c>, <c>afterEntry</c>, <c>stream</c>, <c>offset</c>, <c>hint</c>, <c>replay</c>; null where not known.
    /// </summary>
    /// <param name="json">Where to: inside an object.</param>
    public void WriteMembers(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("message", Message);
        json.WriteString("call", Call);
        json.WriteString("code", string.Create(CultureInfo.InvariantCulture, $"0x{Code:x8}"));
        json.WriteString("name", HcsCodes.GetName(Code));
        json.WriteString("layer", Place.Layer);
        json.WriteStrings("parents", Place.Parents);
        json.WriteString("entry", Place.Entry);
        json.WriteString("afterEntry", Place.AfterEntry);
        json.WriteString("stream", Place.Stream);
        json.WriteNumberOrNull("offset", Place.Offset);
        json.WriteString("hint", Hint);
        if (Departure is null)
        {
            json.WriteNull("replay");
        }
        else
        {
            json.WriteStartObject("replay");
            WriteDeparture(json, Departure);
            json.WriteEndObject();
        }
    }

    private static void WriteDeparture(Utf8JsonWriter json, ReplayMismatch departure)
    {
        string kind = departure.Kind.ToString();
        json.WriteString("kind", char.ToLowerInvariant(kind[0]) + kind[1..]);
        json.WriteNumber("call", departure.CallNumber);
        json.WriteString("function", departure.Function);
        json.WriteString("argument", departure.Argument);
        json.WriteString("expected", departure.Expected);
        json.WriteString("actual", departure.Actual);
        json.WriteString("recording", departure.Source);
        json.WriteNumberOrNull("seq", departure.ExpectedSeq == 0 ? null : departure.ExpectedSeq);
        json.WriteNumberOrNull("line", departure.Line == 0 ? null : departure.Line);
        json.WriteStrings("handles", departure.Handles);
        json.WriteStrings("life", departure.HandleLife);
        json.WriteStrings("hints", departure.Hints);
    }

    /// <summary>What the error itself knows comes first; the task fills the gaps.</summary>
    private static LayerErrorContext Merge(LayerErrorContext? layer, LayerErrorContext? task) => new()
    {
        Layer = layer?.Layer ?? task?.Layer,
        Parents = layer is { Parents.Count: > 0 } ? layer.Parents : task?.Parents ?? [],
        Entry = layer?.Entry ?? task?.Entry,
        AfterEntry = layer?.AfterEntry ?? task?.AfterEntry,
        Stream = layer?.Stream ?? task?.Stream,
        Offset = layer?.Offset ?? task?.Offset,
    };

    private static string[] Compose(Exception cause, bool known, LayerException? layer, LayerErrorContext place)
    {
        if (!known)
        {
            return [$"internal error, {cause.GetType().Name}: {cause.Message}"];
        }

        // Only replays tell something in lines; the loader of libraries breaks its sentences.
        string[] lines = cause switch
        {
            ReplayException => cause.Message.Split('\n'),
            MissingLibraryException =>
                [string.Join(' ', cause.Message.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
            _ => [cause.Message],
        };
        if (layer?.Context != place && cause is not RefusedException)
        {
            string reason = layer is not null && layer == cause ? layer.Reason : lines[0];
            lines[0] = new LayerException(reason, place).Message;
        }

        return lines;
    }

    private static bool IsKnown(Exception cause) => cause
        is RefusedException or LayerFormatException or RecordingFormatException or ReplayException or MissingLibraryException
            or MissingExportException
        or PlatformNotSupportedException or IOException or InvalidDataException or UnauthorizedAccessException
        or OperationCanceledException;

    /// <summary>The error itself, or the first of its causes that is a <typeparamref name="T"/>.</summary>
    private static T? Find<T>(Exception error)
        where T : Exception
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            if (e is T found)
            {
                return found;
            }
        }

        return null;
    }
}
