using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AotLayers.Simulator;

/// <summary>A value of <c>layer.json</c> that knows its file and JSON path, so that every complaint says where.</summary>
internal readonly struct JsonNode(string file, string path, JsonElement element)
{
    public JsonValueKind Kind => element.ValueKind;

    /// <summary>The error for this value.</summary>
    public InvalidDataException Error(string problem) => new($"{file}: {path}: {problem}");

    /// <summary>Checks that this is an object with no other members than the known ones, each at most once: a misspelled one must not be ignored.</summary>
    public JsonNode Object(params ReadOnlySpan<string> known)
    {
        if (element.ValueKind != JsonValueKind.Object)
        {
            throw Error($"expected an object, found {Describe()}");
        }

        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var member in element.EnumerateObject())
        {
            if (!known.Contains(member.Name))
            {
                throw Error($"unknown member '{member.Name}'; known are {string.Join(", ", known.ToArray())}");
            }

            if (!seen.Add(member.Name))
            {
                throw Error($"member '{member.Name}' appears twice");
            }
        }

        return this;
    }

    /// <summary>A member; null when it is absent or null.</summary>
    public JsonNode? Member(string name) =>
        element.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? new JsonNode(file, $"{path}.{name}", value) : null;

    /// <summary>A member that must be there.</summary>
    public JsonNode Required(string name) => Member(name) ?? throw Error($"member '{name}' is missing");

    /// <summary>Elements of an array.</summary>
    public IEnumerable<JsonNode> Items()
    {
        if (element.ValueKind != JsonValueKind.Array)
        {
            throw Error($"expected an array, found {Describe()}");
        }

        return Enumerate(file, path, element);
    }

    /// <summary>A string. Escaped lone surrogates are kept.</summary>
    public string Text() => element.ValueKind == JsonValueKind.String ? Unescape(element) : throw Error($"expected a string, found {Describe()}");

    public bool Bool() => element.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw Error($"expected true or false, found {Describe()}"),
    };

    /// <summary>An integer: a JSON number, or a string with a decimal or <c>0x</c> number.</summary>
    public long Int64(long minimum, long maximum)
    {
        long value = 0;
        string text = "";
        bool ok = element.ValueKind switch
        {
            JsonValueKind.Number => element.TryGetInt64(out value),
            JsonValueKind.String => (text = Text()).StartsWith("0x", StringComparison.OrdinalIgnoreCase)
                ? long.TryParse(text.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out value)
                : long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out value),
            _ => false,
        };
        return ok && value >= minimum && value <= maximum ? value
            : throw Error($"expected an integer from {minimum} to {maximum}, found {Describe()}");
    }

    public uint UInt32() => (uint)Int64(0, uint.MaxValue);

    /// <summary>Bytes in base64.</summary>
    public byte[] Base64()
    {
        try
        {
            return Convert.FromBase64String(Text());
        }
        catch (FormatException)
        {
            throw Error("not valid base64");
        }
    }

    private static IEnumerable<JsonNode> Enumerate(string file, string path, JsonElement element)
    {
        int index = 0;
        foreach (var item in element.EnumerateArray())
        {
            yield return new JsonNode(file, string.Create(CultureInfo.InvariantCulture, $"{path}[{index++}]"), item);
        }
    }

    private string Describe()
    {
        string raw = element.GetRawText();
        return raw.Length <= 40 ? raw : raw[..40] + "...";
    }

    // JsonElement.GetString refuses a lone surrogate, which an NTFS name may hold.
    private static string Unescape(JsonElement element)
    {
        ReadOnlySpan<char> raw = element.GetRawText().AsSpan()[1..^1];
        if (!raw.Contains('\\'))
        {
            return raw.ToString();
        }

        var text = new StringBuilder(raw.Length);
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }

            char escape = raw[++i];
            if (escape == 'u')
            {
                text.Append((char)ushort.Parse(raw.Slice(i + 1, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture));
                i += 4;
                continue;
            }

            text.Append(escape switch { 'b' => '\b', 'f' => '\f', 'n' => '\n', 'r' => '\r', 't' => '\t', _ => escape });
        }

        return text.ToString();
    }
}
