using System.Globalization;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// What the schema of recordings demands beyond what is needed to load one: no other members, values of the known forms, codes and symbols
/// as they are written (recordings/FORMAT.md#values-that-json-does-not-have).
/// </summary>
internal static class RecordingSchemaCheck
{
    private static readonly string[] s_callMembers = ["seq", "thread", "api", "fn", "in", "out", "failed", "ret", "lastError", "us"];
    private static readonly string[] s_callbackMembers =
        ["seq", "thread", "api", "callback", "of", "during", "in", "out", "failed", "ret", "lastError", "us"];

    private static readonly string[] s_bufferMembers = ["$bytes", "sha256", "data"];

    /// <summary>What is wrong with the header, or null.</summary>
    public static string? Header(CallRecording recording)
    {
        RecordingOrigin origin = recording.Origin;
        string[] os = origin.Os.Split(' ');
        if (os.Length != 2
            || os[0].Length == 0 || os[0].AsSpan().ContainsAnyExceptInRange('a', 'z')
            || os[1].Length == 0 || !char.IsAsciiDigit(os[1][0]) || !os[1].AsSpan().Trim("0123456789.").IsEmpty)
        {
            return $"origin.os is '{origin.Os}', not a system and its version";
        }

        if (origin.Program is { } program && (program.Length == 0 || program.AsSpan().ContainsAny('/', '\\')))
        {
            return $"origin.program is '{program}', not the name of a file";
        }

        foreach ((string name, RecordedApi api) in recording.Apis)
        {
            foreach ((string function, string signature) in api.Signatures)
            {
                if (signature.Length is < 16 or > 64 || !signature.AsSpan().Trim("0123456789abcdef").IsEmpty)
                {
                    return $"the signature of {name}!{function} is '{signature}', not 16 to 64 lower-case hexadecimal digits";
                }
            }
        }

        return null;
    }

    /// <summary>The first thing that is wrong with a call or a callback, or null.</summary>
    public static string? Call(CallRecording recording, RecordedCall call)
    {
        string[] members = call.IsCallback ? s_callbackMembers : s_callMembers;
        foreach (JsonProperty member in call.Json.EnumerateObject())
        {
            if (Array.IndexOf(members, member.Name) < 0)
            {
                return $"it has '{member.Name}', which is no member of a {(call.IsCallback ? "callback" : "call")}";
            }
        }

        if (!call.IsCallback && recording.GetApi(call.Api) is { } api && !api.Signatures.ContainsKey(call.Function))
        {
            return $"the header has no signature of {call.Function}";
        }

        return (call.Json.TryGetProperty("failed"u8, out _) && !call.HasResults ? "it has failed without out" : null)
            ?? Return(call.Ret)
            ?? Values(call.In, "in")
            ?? (call.HasResults ? Values(call.Out, "out") : null);
    }

    private static string? Return(JsonElement ret) => ret.ValueKind switch
    {
        JsonValueKind.String when !IsCode(ret.GetString()!) && !IsNumber(ret.GetString()!) =>
            $"ret is {CallComparison.Show(ret)}, neither a code such as 0x80070005 nor a number",
        JsonValueKind.Object => Value(ret, "ret"),
        _ => null,
    };

    private static bool IsCode(string text)
    {
        if (!RecordedCall.TryParseCode(text, out uint code)
            || !text.AsSpan(2, 8).SequenceEqual(code.ToString("x8", CultureInfo.InvariantCulture)))
        {
            return false;
        }

        foreach (char c in text.AsSpan(Math.Min(11, text.Length)))
        {
            if (!char.IsAsciiDigit(c) && !char.IsAsciiLetterUpper(c) && c != '_')
            {
                return false;
            }
        }

        return text.Length != 11;
    }

    private static bool IsNumber(string text) =>
        text is "NaN" or "Infinity" or "-Infinity"
        || (text.Length > (text.StartsWith('-') ? 1 : 0)
            && !text.AsSpan(text.StartsWith('-') ? 1 : 0).ContainsAnyExceptInRange('0', '9'));

    private static string? Values(JsonElement arguments, string path)
    {
        foreach (JsonProperty argument in arguments.EnumerateObject())
        {
            if (Value(argument.Value, argument.Name) is { } wrong)
            {
                return $"{path}: {wrong}";
            }
        }

        return null;
    }

    private static string? Value(JsonElement value, string name)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    if (Value(item, name) is { } wrong)
                    {
                        return wrong;
                    }
                }

                return null;
            case JsonValueKind.Object:
                return Object(value, name);
            default:
                return null;
        }
    }

    private static string? Object(JsonElement value, string name)
    {
        string? own = null;
        int members = 0;
        foreach (JsonProperty member in value.EnumerateObject())
        {
            members++;
            if (member.Name is not ("$gaps" or "$raw"))
            {
                own ??= member.Name.StartsWith('$') ? member.Name : null;
            }
            else if (!IsHexadecimal(member.Value))
            {
                return $"{name}.{member.Name} is {CallComparison.Show(member.Value)}, not the digits of bytes";
            }
        }

        if (own is null)
        {
            foreach (JsonProperty field in value.EnumerateObject())
            {
                if (Value(field.Value, $"{name}.{field.Name}") is { } wrong)
                {
                    return wrong;
                }
            }

            return null;
        }

        bool right = own switch
        {
            "$handle" => members == 1 && ValueForms.Symbol(value) is { } symbol && IsSymbol(symbol),
            "$pointer" => members == 1 && ValueForms.PointerSymbol(value) is not null,
            "$room" => members == 1 && ValueForms.RoomOf(value) >= 0,
            "$u16" => members == 1 && ValueForms.Text(value) is not null,
            "$callback" => members == 1 && value.GetProperty("$callback"u8).ValueKind == JsonValueKind.True,
            "$bytes" => ValueForms.Length(value) >= 0 && IsBuffer(value),
            _ => false,
        };
        return right ? null : $"{name} is {CallComparison.Show(value)}, which is none of the format's forms";
    }

    private static bool IsHexadecimal(JsonElement value) =>
        value.ValueKind == JsonValueKind.String && value.GetString() is { } digits && digits.Length % 2 == 0
            && digits.AsSpan().Trim("0123456789abcdef").IsEmpty;

    private static bool IsBuffer(JsonElement value)
    {
        foreach (JsonProperty member in value.EnumerateObject())
        {
            if (Array.IndexOf(s_bufferMembers, member.Name) < 0)
            {
                return false;
            }
        }

        return value.TryGetProperty("sha256"u8, out _) || !value.TryGetProperty("data"u8, out _);
    }

    // kind#n, kind#?n, n from 1; a kind is anything without # and |.
    private static bool IsSymbol(string symbol)
    {
        int mark = symbol.IndexOf('#', StringComparison.Ordinal);
        ReadOnlySpan<char> number = mark < 0 ? default : symbol.AsSpan(mark + 1);
        number = number.StartsWith("?") ? number[1..] : number;
        return mark > 0
            && !symbol.Contains('|', StringComparison.Ordinal)
            && number.Length > 0 && number[0] != '0' && !number.ContainsAnyExceptInRange('0', '9');
    }
}
