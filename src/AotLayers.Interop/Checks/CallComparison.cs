using System.Globalization;
using System.Text;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>A value that differs, by its path.</summary>
/// <param name="Path">For example <c>in.parents[0].path</c>.</param>
/// <param name="Expected">JSON of the recorded value, or null when there is none.</param>
/// <param name="Actual">JSON of the program's value, or null when there is none.</param>
internal sealed record ValueDifference(string Path, string? Expected, string? Actual);

/// <summary>The rules for the arguments of a function.</summary>
internal sealed class CallMatching(CallRules rules, string function)
{
    /// <summary>Whether a rule accepts the program's value.</summary>
    public bool Accepts(string parameter, BoundedJsonValue recorded, BoundedJsonValue actual) =>
        rules.Accepts(function, parameter, recorded, actual);
}

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
    /// <param name="alsoAccepted">An object whose top-level values are accepted as well (the out side of in-out handles), or one that does
    /// not exist.</param>
    /// <param name="matching">Says of a top-level argument that differs whether it matches all the same, or null.</param>
    public static ValueDifference? Compare(
        BoundedJsonValue expected,
        BoundedJsonValue actual,
        string path,
        string? anyCapacity = null,
        BoundedJsonValue alsoAccepted = default,
        CallMatching? matching = null)
    {
        foreach (BoundedJsonValue.JsonMember member in expected.Members)
        {
            if (anyCapacity is not null && member.Is(anyCapacity))
            {
                continue;
            }

            BoundedJsonValue other = member.FindIn(actual);
            if (Value(member.Value, other, "") is ValueDifference difference
                && !(other.Exists && member.FindIn(alsoAccepted) is { Exists: true } also && Value(also, other, "") is null)
                && !(matching is not null && other.Exists && matching.Accepts(member.Name, member.Value, other)))
            {
                return difference with { Path = $"{path}.{member.Name}{difference.Path}" };
            }
        }

        foreach (BoundedJsonValue.JsonMember member in actual.Members)
        {
            if (!member.FindIn(expected).Exists)
            {
                return new ValueDifference($"{path}.{member.Name}", null, Show(member.Value));
            }
        }

        return null;
    }

    /// <summary>The first difference of two values, or null.</summary>
    public static ValueDifference? Value(BoundedJsonValue expected, BoundedJsonValue actual, string path)
    {
        if (!actual.Exists)
        {
            return new ValueDifference(path, Show(expected), null);
        }

        bool same;
        switch (expected.Kind)
        {
            case JsonValueKind.Object when actual.Kind == JsonValueKind.Object:
                return ValueForms.Length(expected) >= 0 ? Buffer(expected, actual, path) : Compare(expected, actual, path);
            case JsonValueKind.Array when actual.Kind == JsonValueKind.Array:
                return Items(expected, actual, path);
            case JsonValueKind.String when actual.Kind == JsonValueKind.String:
                same = SameText(expected, actual);
                break;
            case JsonValueKind.Number when actual.Kind == JsonValueKind.Number:
                same = expected.Raw.SequenceEqual(actual.Raw)
                    || (Decimal(expected) is decimal a && Decimal(actual) is decimal b && a == b);
                break;
            default:
                same = expected.Kind == actual.Kind;
                break;
        }

        return same ? null : new ValueDifference(path, Show(expected), Show(actual));
    }

    /// <inheritdoc cref="Value(BoundedJsonValue, BoundedJsonValue, string)"/>
    public static ValueDifference? Value(JsonElement expected, JsonElement actual, string path) =>
        Value(BoundedJsonValue.Of(expected), BoundedJsonValue.Of(actual), path);

    /// <summary>A value's JSON, shortened.</summary>
    public static string Show(JsonElement value) => Shorten(value.GetRawText());

    /// <inheritdoc cref="Show(JsonElement)"/>
    public static string Show(BoundedJsonValue value) => Shorten(Encoding.UTF8.GetString(value.Utf8));

    private static string Shorten(string text) => text.Length <= MaxShown
        ? text
        : string.Create(CultureInfo.InvariantCulture, $"{text.AsSpan(0, MaxShown)}... ({text.Length} characters)");

    private static bool SameText(BoundedJsonValue expected, BoundedJsonValue actual) => expected.IsEscaped || actual.IsEscaped
        ? expected.TextOrNull() == actual.TextOrNull()
        : expected.Raw.SequenceEqual(actual.Raw);

    private static decimal? Decimal(BoundedJsonValue number) =>
        decimal.TryParse(number.Raw, NumberStyles.Float, CultureInfo.InvariantCulture, out decimal value) ? value : null;

    private static ValueDifference? Buffer(BoundedJsonValue expected, BoundedJsonValue actual, string path)
    {
        long length = ValueForms.Length(actual);
        if (ValueForms.Length(expected) != length)
        {
            return new ValueDifference(path + ".$bytes", Show(expected), Show(actual));
        }

        return expected.Find("sha256"u8) is { Kind: JsonValueKind.String } a
            && actual.Find("sha256"u8) is { Kind: JsonValueKind.String } b
            && !SameText(a, b)
            ? new ValueDifference(path + ".sha256", Show(a), Show(b))
            : null;
    }

    private static ValueDifference? Items(BoundedJsonValue expected, BoundedJsonValue actual, string path)
    {
        int recorded = expected.Count;
        int given = actual.Count;
        for (int i = 0; i < Math.Min(recorded, given); i++)
        {
            if (Value(expected[i], actual[i], "") is ValueDifference difference)
            {
                return difference with { Path = string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]{difference.Path}") };
            }
        }

        return recorded == given
            ? null
            : new ValueDifference(
                path,
                string.Create(CultureInfo.InvariantCulture, $"{recorded} elements"),
                string.Create(CultureInfo.InvariantCulture, $"{given} elements"));
    }
}
