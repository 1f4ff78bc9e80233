using System.Globalization;
using System.Text.Json;
using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Native;

/// <summary>
/// What a caller is told about a failure, fact by fact (<c>aotl_last_error_json</c>), with the names that the command line uses
/// (<c>--json</c>).
/// </summary>
internal sealed record ErrorReport
{
    private const uint CodeInvalidData = 0x8007000D;
    private const uint CodeModNotFound = 0x8007007E;
    private const uint CodeProcNotFound = 0x8007007F;
    private const uint CodeInvalidParameter = 0x80070057;
    private const uint CodeOutOfMemory = 0x8007000E;
    private const uint CodeCancelled = 0x800704C7;
    private const uint CodeNotSupported = 0x80070032;
    private const uint CodeAccessDenied = 0x80070005;
    private const uint CodeState = 0x8007139F;
    private const uint CodeFail = 0x80004005;
    private const uint CodeUnexpected = 0x8000FFFF;
    private const uint CodeReplay = 0x80040201;

    /// <summary>One sentence that holds all the facts but the hint.</summary>
    public required string Message { get; init; }

    /// <summary>The native call that failed; null when none did.</summary>
    public string? Call { get; init; }

    /// <summary>
    /// HRESULT: that of the failed call, or the nearest that Windows has for the problem. See <see cref="ResultCodes"/>.
    /// </summary>
    public required uint Code { get; init; }

    /// <summary>Path or id of the layer, or the file or folder that was read; null when not known.</summary>
    public string? Layer { get; init; }

    /// <summary>Parents of the layer, nearest first.</summary>
    public IReadOnlyList<string> Parents { get; init; } = [];

    /// <summary>The entry's name; null when not known.</summary>
    public string? Entry { get; init; }

    /// <summary>The stream inside the entry; null when not known.</summary>
    public string? Stream { get; init; }

    /// <summary>Offset inside the entry, in bytes; null when not known.</summary>
    public long? Offset { get; init; }

    /// <summary>What usually helps; null when nothing is known.</summary>
    public string? Hint { get; init; }

    /// <summary>Collects the facts of an error.</summary>
    /// <param name="error">What was thrown.</param>
    public static ErrorReport From(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        LayerException? layer = Find<LayerException>(error);
        LayerFormatException? format = Find<LayerFormatException>(error);
        return new ErrorReport
        {
            Message = error.Message,
            Code = layer?.Code ?? CodeOf(error),
            Call = layer?.Call,
            Layer = layer?.Context.Layer,
            Parents = layer?.Context.Parents ?? [],
            Entry = layer?.Context.Entry ?? format?.Entry,
            Stream = layer?.Context.Stream ?? StreamOf(format),
            Offset = layer?.Context.Offset ?? (format is { Offset: >= 0 } ? format.Offset : null),
            Hint = layer?.Hint ?? HintFor(error),
        };
    }

    /// <summary>The same error with the place where it was met.</summary>
    /// <param name="error">An error of a format or of the operating system.</param>
    /// <param name="place">The layer and the entry; what the error itself knows better is taken from it.</param>
    public static LayerException InLayer(Exception error, LayerErrorContext place) => error is LayerFormatException format
        ? new LayerException(
            format.Reason,
            place with { Entry = format.Entry ?? place.Entry, Stream = StreamOf(format), Offset = format.Offset < 0 ? null : format.Offset },
            error)
        : new LayerException(error.Message, place, error);

    /// <summary>Writes the facts as one JSON object: <c>message</c>, <c>call</c>, <c>code</c> (0x%08x) and its <c>name</c>, <c>layer</c>, <c>parents</c>, <c>entry</c>,
    /// <c>stream</c>, <c>offset</c>, <c>hint</c>; null where not known.</summary>
    /// <param name="json">Where to.</param>
    public void WriteTo(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteStartObject();
        json.WriteString("message", Message);
        json.WriteString("call", Call);
        json.WriteString("code", string.Create(CultureInfo.InvariantCulture, $"0x{Code:x8}"));
        json.WriteString("name", HcsCodes.GetName(Code));
        json.WriteString("layer", Layer);
        json.WriteStartArray("parents");
        foreach (string parent in Parents)
        {
            json.WriteStringValue(parent);
        }

        json.WriteEndArray();
        json.WriteString("entry", Entry);
        json.WriteString("stream", Stream);
        if (Offset is long offset)
        {
            json.WriteNumber("offset", offset);
        }
        else
        {
            json.WriteNull("offset");
        }

        json.WriteString("hint", Hint);
        json.WriteEndObject();
    }

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

    private static string? HintFor(Exception error) => error switch
    {
        PlatformNotSupportedException => "pass \"hcs\": \"sim:DIR\" (a folder of simulated layers), \"replay:FILE\" (a recording) or \"lib:PATH\" (a library with the calls)",
        MissingLibraryException or MissingExportException => "is the Containers feature installed? Elsewhere, pass \"hcs\": \"sim:DIR\", \"replay:FILE\" or \"lib:PATH\"",
        _ => null,
    };

    private static string? StreamOf(LayerFormatException? format) =>
        string.IsNullOrEmpty(format?.StreamName) ? format?.StreamId is { } id ? BackupStreamIds.NameOf(id) : null : format.StreamName;

    private static uint CodeOf(Exception error)
    {
        for (Exception? e = error; e is not null; e = e.InnerException)
        {
            uint code = e switch
            {
                OperationCanceledException => CodeCancelled,
                OutOfMemoryException => CodeOutOfMemory,
                LayerFormatException or RecordingFormatException or JsonException or InvalidDataException or EndOfStreamException => CodeInvalidData,
                MissingLibraryException => CodeModNotFound,
                MissingExportException => CodeProcNotFound,
                ReplayException => CodeReplay,
                ArgumentException or FormatException => CodeInvalidParameter,
                NotSupportedException => CodeNotSupported,
                InvalidOperationException => CodeState,

                // Errors of the operating system: Linux gives most of them Windows' codes too. A LayerException without code has the one of its cause.
                UnauthorizedAccessException => CodeAccessDenied,
                LayerException => 0,
                IOException when (e.HResult & 0x7FFF0000) == 0x00070000 => (uint)e.HResult,
                _ => 0,
            };
            if (code != 0)
            {
                return code;
            }
        }

        // What has no code and is no failure of files is a mistake in the library.
        return error is IOException or RecordingFormatException ? CodeFail : CodeUnexpected;
    }
}
