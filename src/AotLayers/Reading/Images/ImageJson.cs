using System.Text.Json;

namespace AotLayers;

/// <summary>Reads the documents of images: what is missing is null, what is something else than it should be is an error.</summary>
internal static class ImageJson
{
    private const int MaxDepth = 32;

    /// <summary>Parses a document.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="path">Its name, for errors.</param>
    /// <param name="archive">The archive's name, for errors.</param>
    /// <exception cref="LayerException">It is no JSON.</exception>
    public static JsonDocument Parse(byte[] bytes, string path, string archive)
    {
        try
        {
            // Windows PowerShell puts a byte order mark before what it writes.
            ReadOnlyMemory<byte> text = bytes.AsSpan().StartsWith("\uFEFF"u8) ? bytes.AsMemory(3) : bytes;
            return JsonDocument.Parse(text, new JsonDocumentOptions { MaxDepth = MaxDepth });
        }
        catch (JsonException e)
        {
            throw new LayerException($"{path} is no JSON: {e.Message}", new LayerErrorContext { Layer = archive }, e);
        }
    }

    /// <summary>A text; null where there is none.</summary>
    public static string? Text(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>A number; -1 where there is none.</summary>
    public static long Number(JsonElement element, string name) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value)
            && value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out long number)
            ? number
            : -1;

    /// <summary>An object; null where there is none.</summary>
    public static JsonElement? Object(JsonElement element, string name) => Child(element, name, JsonValueKind.Object);

    /// <summary>An array; null where there is none.</summary>
    public static JsonElement? Array(JsonElement element, string name) => Child(element, name, JsonValueKind.Array);

    /// <summary>The texts of an array; empty where there is none.</summary>
    public static List<string> Texts(JsonElement element, string name)
    {
        var texts = new List<string>();
        if (Array(element, name) is { } array)
        {
            foreach (JsonElement item in array.EnumerateArray())
            {
                if (item.ValueKind == JsonValueKind.String)
                {
                    texts.Add(item.GetString()!);
                }
            }
        }

        return texts;
    }

    private static JsonElement? Child(JsonElement element, string name, JsonValueKind kind) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out JsonElement value) && value.ValueKind == kind
            ? value
            : null;
}
