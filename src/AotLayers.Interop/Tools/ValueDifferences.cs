using System.Globalization;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>Collects the differences of the values of two calls of different runs, whose handles have different symbols.</summary>
/// <param name="handles">The first run's symbol for each symbol of the second run.</param>
/// <param name="most">How many differences are collected.</param>
internal sealed class ValueDifferences(IReadOnlyDictionary<string, string> handles, int most)
{
    private readonly List<ValueDifference> _found = [];

    /// <summary>The differences so far.</summary>
    public IReadOnlyList<ValueDifference> Found => _found;

    /// <summary>Compares a member that either of two objects may have.</summary>
    public void CompareMember(JsonElement first, JsonElement second, string name)
    {
        first = first.TryGetProperty(name, out JsonElement a) ? a : default;
        Compare(first, second.TryGetProperty(name, out JsonElement b) ? b : default, name);
    }

    /// <summary>Compares two values; one that is undefined is not there.</summary>
    public void Compare(JsonElement first, JsonElement second, string path)
    {
        if (_found.Count >= most)
        {
            return;
        }

        if (first.ValueKind == JsonValueKind.Object && second.ValueKind == JsonValueKind.Object)
        {
            CompareObjects(first, second, path);
        }
        else if (first.ValueKind == JsonValueKind.Array && second.ValueKind == JsonValueKind.Array)
        {
            CompareItems(first, second, path);
        }
        else if (first.ValueKind == JsonValueKind.Undefined || second.ValueKind == JsonValueKind.Undefined
            ? first.ValueKind != second.ValueKind
            : CallComparison.Value(first, second, path) is not null)
        {
            Add(first, second, path);
        }
    }

    private void CompareObjects(JsonElement first, JsonElement second, string path)
    {
        if (ValueForms.Symbol(first) is { } mine && ValueForms.Symbol(second) is { } other)
        {
            // Handles that no call made, and those of calls that only one run has, are told apart by their kinds.
            bool same = handles.TryGetValue(other, out string? matched)
                ? matched == mine
                : HandleSymbols.KindOf(mine).SequenceEqual(HandleSymbols.KindOf(other));
            if (!same)
            {
                Add(first, second, path);
            }

            return;
        }

        if (ValueForms.Length(first) >= 0 && ValueForms.Length(second) >= 0)
        {
            if (CallComparison.Value(first, second, path) is { } difference)
            {
                _found.Add(difference);
            }

            return;
        }

        foreach (JsonProperty property in first.EnumerateObject())
        {
            // Bytes that belong to no field are what happened to be in memory.
            if (property.NameEquals("$gaps"u8))
            {
                continue;
            }

            Compare(
                property.Value,
                second.TryGetProperty(property.Name, out JsonElement value) ? value : default,
                $"{path}.{property.Name}");
        }

        foreach (JsonProperty property in second.EnumerateObject())
        {
            if (!first.TryGetProperty(property.Name, out _) && !property.NameEquals("$gaps"u8))
            {
                Compare(default, property.Value, $"{path}.{property.Name}");
            }
        }
    }

    private void CompareItems(JsonElement first, JsonElement second, string path)
    {
        int count = Math.Max(first.GetArrayLength(), second.GetArrayLength());
        for (int i = 0; i < count && _found.Count < most; i++)
        {
            Compare(
                i < first.GetArrayLength() ? first[i] : default,
                i < second.GetArrayLength() ? second[i] : default,
                string.Create(CultureInfo.InvariantCulture, $"{path}[{i}]"));
        }
    }

    private void Add(JsonElement first, JsonElement second, string path)
    {
        if (_found.Count < most)
        {
            _found.Add(new ValueDifference(path, Show(first), Show(second)));
        }
    }

    private static string? Show(JsonElement value) => value.ValueKind == JsonValueKind.Undefined ? null : CallComparison.Show(value);
}
