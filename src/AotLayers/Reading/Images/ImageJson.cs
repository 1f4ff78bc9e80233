using System.Text.Json;
using AotLayers.Interop;

namespace AotLayers;

/// <summary>Reads the documents of images: what is missing, or is something else than it should be, is null.</summary>
internal static class ImageJson
{
    private static readonly BoundedJsonLimits s_limits = new() { Depth = 32, Tokens = 1 << 20 };

    /// <summary>Parses a document.</summary>
    /// <param name="bytes">The document.</param>
    /// <param name="path">Its name, for errors.</param>
    /// <param name="archive">The archive's name, for errors.</param>
    /// <exception cref="LayerException">It is no JSON.</exception>
    public static BoundedJsonValue Parse(byte[] bytes, string path, string archive)
    {
        try
        {
            return BoundedJson.Parse(bytes, path, s_limits).Root;
        }
        catch (BoundedJsonException e)
        {
            string reason = e.InnerException is JsonException inner ? $"{path} is no JSON: {inner.Message}" : e.Message;
            throw new LayerException(reason, new LayerErrorContext { Layer = archive }, e);
        }
    }

    /// <summary>A text; null where there is none.</summary>
    public static string? Text(BoundedJsonValue value, string name) => Child(value, name, JsonValueKind.String)?.Text();

    /// <summary>A number; -1 where there is none.</summary>
    public static long Number(BoundedJsonValue value, string name) =>
        Child(value, name, JsonValueKind.Number) is { } child && child.TryInt64(out long number) ? number : -1;

    /// <summary>An object; null where there is none.</summary>
    public static BoundedJsonValue? Object(BoundedJsonValue value, string name) => Child(value, name, JsonValueKind.Object);

    /// <summary>An array; null where there is none.</summary>
    public static BoundedJsonValue? Array(BoundedJsonValue value, string name) => Child(value, name, JsonValueKind.Array);

    /// <summary>The texts of an array; empty where there is none.</summary>
    public static List<string> Texts(BoundedJsonValue value, string name)
    {
        var texts = new List<string>();
        if (Array(value, name) is { } array)
        {
            foreach (BoundedJsonValue item in array.Items())
            {
                if (item.Kind == JsonValueKind.String)
                {
                    texts.Add(item.Text());
                }
            }
        }

        return texts;
    }

    private static BoundedJsonValue? Child(BoundedJsonValue value, string name, JsonValueKind kind) =>
        value.Kind == JsonValueKind.Object && value.Member(name) is { } child && child.Kind == kind ? child : null;
}
