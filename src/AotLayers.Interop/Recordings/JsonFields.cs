using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Fields of a small JSON object: null where one is missing or null. A value that is not an object, or a field of another type, is an
/// <see cref="InvalidOperationException"/> that says so; a needed field that is not there and a number that does not fit are a
/// <see cref="JsonException"/>.
/// </summary>
internal static class JsonFields
{
    public static string Text(this JsonElement json, string name) => json.TextOrNull(name) ?? throw new JsonException($"{name} is missing");

    public static string? TextOrNull(this JsonElement json, string name) => Find(json, name)?.GetString();

    public static bool? FlagOrNull(this JsonElement json, string name) => Find(json, name)?.GetBoolean();

    public static long? NumberOrNull(this JsonElement json, string name)
    {
        if (Find(json, name) is not { } field)
        {
            return null;
        }

        return field.TryGetInt64(out long value) ? value : throw new JsonException($"{name} is not a whole number of 64 bits");
    }

    public static string[]? TextsOrNull(this JsonElement json, string name)
    {
        List<string>? texts = Find(json, name) is null ? null : [];
        foreach (JsonElement text in json.Items(name))
        {
            texts!.Add(text.GetString() ?? throw new JsonException($"{name} holds null"));
        }

        return texts?.ToArray();
    }

    /// <summary>The elements of an array; none when it is missing or null.</summary>
    public static JsonElement.ArrayEnumerator Items(this JsonElement json, string name) => Find(json, name)?.EnumerateArray() ?? default;

    private static JsonElement? Find(JsonElement json, string name) =>
        json.TryGetProperty(name, out JsonElement field) && field.ValueKind != JsonValueKind.Null ? field : null;
}
