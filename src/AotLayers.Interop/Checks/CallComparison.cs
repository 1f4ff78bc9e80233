using System.Globalization;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>A value that differs, by its path.</summary>
/// <param name="Path">For example <c>in.parents[0].path</c>.</param>
/// <param name="Expected">JSON of the recorded value, or null when there is none.</param>
/// <param name="Actual">JSON of the program's value, or null when there is none.</param>
internal sealed record ValueDifference(string Path, string? Expected, string? Actual);

/// <summary>
/// Compares the arguments of two calls. Content is compared by its digest, and where a recording has lengths only, by length.
/// </summary>
internal static class CallComparison
{
    private const int MaxShown = 200;

    /// <summary>The first difference, or null.</summary>
    /// <param name="expected">Recorded arguments.</param>
    /// <param name="actual">The program's arguments.</param>
    /// <param name="path">Path of the arguments, <c>in</c> or <c>out</c>.</param>
    /// <param name="anyCapacity">A top-level argument whose capacity may differ, or null.</param>
    /// <param name="accept">Says of a top-level argument that differs whether it matches all the same, or null.</param>
    /// <param name="alsoAccepted">An object whose top-level values are accepted as well (the out side of in-out handles), or
    /// undefined.</param>
    public static ValueDifference? Compare(
        JsonElement expected,
        JsonElement actual,
        string path,
        string? anyCapacity = null,
        JsonElement alsoAccepted = default,
        Func<string, JsonElement, JsonElement, bool>? accept = null)
    {
        foreach (JsonProperty property in expected.EnumerateObject())
        {
            if (property.NameEquals(anyCapacity ?? "") && anyCapacity is not null)
            {
                continue;
            }

            JsonElement? other = actual.TryGetProperty(property.Name, out JsonElement found) ? found : null;
            if (Value(property.Value, other, $"{path}.{property.Name}") is ValueDifference difference
                && !(other is JsonElement value && alsoAccepted.ValueKind == JsonValueKind.Object
                    && alsoAccepted.TryGetProperty(property.Name, out JsonElement also) && Value(also, value, "") is null)
                && !(accept is not null && other is JsonElement given && accept(property.Name, property.Value, given)))
            {
                return difference;
            }
        }

        foreach (JsonProperty property in actual.EnumerateObject())
        {
            if (!expected.TryGetProperty(property.Name, out _))
            {
                return new ValueDifference($"{path}.{property.Name}", null, Show(property.Value));
            }
        }

        return null;
    }

    /// <summary>The first difference of two values, or null.</summary>
    public static ValueDifference? Value(JsonElement expected, JsonElement? other, string path)
    {
        if (other is not JsonElement actual)
        {
            return new ValueDifference(path, Show(expected), null);
        }

        bool same;
        switch (expected.ValueKind)
        {
            case JsonValueKind.Object when actual.ValueKind == JsonValueKind.Object:
                return ValueForms.Length(expected) >= 0 ? Buffer(expected, actual, path) : Compare(expected, actual, path);
            case JsonValueKind.Array when actual.ValueKind == JsonValueKind.Array:
                return Items(expected, actual, path);
            case JsonValueKind.String when actual.ValueKind == JsonValueKind.String:
                same = expected.GetString() == actual.GetString();
                break;
            case JsonValueKind.Number when actual.ValueKind == JsonValueKind.Number:
                same = expected.GetRawText() == actual.GetRawText()
                    || (expected.TryGetDecimal(out decimal a) && actual.TryGetDecimal(out decimal b) && a == b);
                break;
            default:
                same = expected.ValueKind == actual.ValueKind;
                break;
        }

        return same ? null : new ValueDifference(path, Show(expected), Show(actual));
    }

    /// <summary>A value's JSON, shortened.</summary>
    public static string Show(JsonElement value)
    {
        string text = value.GetRawText();
        return text.Length <= MaxShown
            ? text
            : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, MaxShown)}... ({text.Length} characters)");
    }

    private static ValueDifference? Buffer(JsonElement expected, JsonElement actual, string path)
    {
        long length = ValueForms.Length(actual);
        if (ValueForms.Length(expected) != length)
        {
            return new ValueDifference(path + ".$bytes", Show(expected), Show(actual));
        }

        return expected.TryGetProperty("sha256"u8, out JsonElement a)
            && actual.TryGetProperty("sha256"u8, out JsonElement b)
            && a.GetString() != b.GetString()
            ? new ValueDifference(path + ".sha256", Show(a), Show(b))
            : null;
    }

    private static ValueDifference? Items(JsonElement expected, JsonElement actual, string path)
    {
        int count = Math.Min(expected.GetArrayLength(), actual.GetArrayLength());
        for (int i = 0; i < count; i++)
        {
            if (Value(expected[i], actual[i], string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]")) is ValueDifference difference)
            {
                return difference;
            }
        }

        return expected.GetArrayLength() == actual.GetArrayLength()
            ? null
            : new ValueDifference(
                path,
                string.Create(CultureInfo.InvariantCulture, $"{expected.GetArrayLength()} elements"),
                string.Create(CultureInfo.InvariantCulture, $"{actual.GetArrayLength()} elements"));
    }
}
