using System.Globalization;
using System.Text;
using System.Text.Json;
using AotLayers.App;
using AotLayers.Interop;

namespace AotLayers.Cli.Output;

/// <summary>A recording for people: a few lines about it, then one line per call.</summary>
internal static class RecordingText
{
    private const int TextWidth = 60;

    /// <summary>Writes the facts of the header.</summary>
    public static void WriteHeader(TextWriter writer, CallRecording recording)
    {
        RecordingOrigin origin = recording.Origin;
        writer.WriteLine($"{recording.Source}: {origin.Kind}, {origin.Os}, {origin.Arch}, by "
            + $"{origin.Tool}{(origin.Program is null ? "" : ", of " + origin.Program)}");
        foreach ((string name, RecordedApi api) in recording.Apis)
        {
            string exports = api.Missing
                ? "library missing"
                : api.Absent.Count == 0 ? "all exports present" : "absent: " + string.Join(", ", api.Absent);
            writer.WriteLine($"api {name}: {api.Library}, {exports}");
        }

        string state = recording.Complete ? "complete" : "INCOMPLETE";
        writer.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{recording.Calls.Count} calls, {state}, data: {Name(recording.Data)}"));
    }

    /// <summary>Writes calls.</summary>
    /// <param name="writer">Where to.</param>
    /// <param name="recording">The recording.</param>
    /// <param name="calls">Calls and callbacks of it.</param>
    /// <param name="inFlight">Whether the calls that were open at the end follow.</param>
    public static void WriteCalls(TextWriter writer, CallRecording recording, IReadOnlyList<RecordedCall> calls, bool inFlight)
    {
        foreach (RecordedCall call in calls)
        {
            writer.WriteLine(Line(call));
        }

        foreach (InFlightCall call in inFlight ? recording.InFlight : [])
        {
            writer.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"{call.Seq,5} t{call.Thread} {call.Function} IN FLIGHT when the recording ended"));
        }
    }

    /// <summary>The name of a policy as the command line and the file have it.</summary>
    public static string Name(DataPolicy policy) => OptionWords.RecordData.NameOf(policy);

    /// <summary>A call in one line: number, thread, function, arguments, results, what it returned.</summary>
    public static string Line(RecordedCall call)
    {
        var line = new StringBuilder();
        line.Append(CultureInfo.InvariantCulture, $"{call.Seq,5} t{call.Thread} {call.Function}");
        if (call.IsCallback)
        {
            // It came in the call During, or from outside of any.
            string where = call.During == 0 ? "from outside" : string.Create(CultureInfo.InvariantCulture, $"in {call.During}");
            line.Append(CultureInfo.InvariantCulture, $" called back, of {call.Of}, {where} ");
        }

        AppendArguments(line.Append('('), call.In).Append(')');
        if (call.HasResults && call.Out.EnumerateObject().Any())
        {
            AppendArguments(line.Append(" -> "), call.Out);
        }

        if (call.Ret.ValueKind != JsonValueKind.Null)
        {
            AppendValue(line.Append(" = "), call.Ret, quoted: false);
        }

        if (call.LastError != 0)
        {
            line.Append(CultureInfo.InvariantCulture, $", last error {call.LastError}");
        }

        if (call.Microseconds is { } duration)
        {
            line.Append(CultureInfo.InvariantCulture, $" [{duration} us]");
        }

        return line.ToString();
    }

    private static StringBuilder AppendArguments(StringBuilder line, JsonElement arguments)
    {
        string separator = "";
        foreach (JsonProperty argument in arguments.EnumerateObject())
        {
            AppendValue(line.Append(separator).Append(argument.Name).Append('='), argument.Value, quoted: true);
            separator = ", ";
        }

        return line;
    }

    private static void AppendValue(StringBuilder line, JsonElement value, bool quoted)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.String:
                AppendText(line, value.GetString()!, quoted);
                break;
            case JsonValueKind.Array when value.GetArrayLength() == 0:
                line.Append("[]");
                break;
            case JsonValueKind.Array:
                line.Append(CultureInfo.InvariantCulture, $"[{value.GetArrayLength()}]");
                break;
            case JsonValueKind.Object when value.TryGetProperty("$room"u8, out JsonElement capacity):
                line.Append("<=").Append(capacity.GetRawText());
                break;
            case JsonValueKind.Object when value.TryGetProperty("$handle"u8, out JsonElement handle)
                || value.TryGetProperty("$pointer"u8, out handle):
                AppendText(line, handle.ToString(), quoted: false);
                break;
            case JsonValueKind.Object when value.TryGetProperty("$u16"u8, out JsonElement units):
                AppendText(line, FromUnits(units.ToString()), quoted: true);
                break;
            case JsonValueKind.Object when value.TryGetProperty("$bytes"u8, out JsonElement length):
                line.Append(length.GetRawText()).Append(" bytes");
                break;
            case JsonValueKind.Object:
                AppendArguments(line.Append('{'), value).Append('}');
                break;
            default:
                line.Append(value.GetRawText());
                break;
        }
    }

    private static void AppendText(StringBuilder line, string text, bool quoted)
    {
        string quote = quoted ? "\"" : "";
        line.Append(quote).Append(text, 0, text.Length <= TextWidth ? text.Length : TextWidth - 3);
        line.Append(text.Length <= TextWidth ? "" : "...").Append(quote);
    }

    // Four digits a unit; what cannot be printed is escaped with the rest of the line.
    private static string FromUnits(string digits)
    {
        var text = new StringBuilder(digits.Length / 4);
        for (int i = 0; i + 4 <= digits.Length; i += 4)
        {
            text.Append(ushort.TryParse(digits.AsSpan(i, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out ushort unit)
                ? (char)unit
                : '?');
        }

        return text.ToString();
    }
}
