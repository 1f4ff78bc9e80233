using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>Calls of a recording for people.</summary>
public static class CallText
{
    private const int TextWidth = 60;

    /// <summary>
    /// A call in one line: number, thread, function, arguments, results, what it returned. Long texts are cut, buffers have their lengths
    /// only. Its texts are as they are: a terminal or a page needs them escaped.
    /// </summary>
    public static string Line(RecordedCall call)
    {
        ArgumentNullException.ThrowIfNull(call);
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
            case JsonValueKind.Object when ValueForms.Text(value) is { } text:
                AppendText(line, text, quoted: true);
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
}
