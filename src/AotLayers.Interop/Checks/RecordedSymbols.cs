using System.Runtime.InteropServices;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>Finds the handles that stand in the values of a call.</summary>
internal static class RecordedSymbols
{
    /// <summary>Adds the symbols of a value, in their order.</summary>
    /// <param name="value">Arguments, a result, or undefined.</param>
    /// <param name="symbols">Takes them.</param>
    public static void Collect(JsonElement value, List<string> symbols)
    {
        // Most calls of most recordings have none, or one at the top.
        if (value.ValueKind is JsonValueKind.Object or JsonValueKind.Array && MayHave(value))
        {
            Walk(value, symbols);
        }
    }

    private static bool MayHave(JsonElement value)
    {
        // An escape may spell the key in another way.
        ReadOnlySpan<byte> text = JsonMarshal.GetRawUtf8Value(value);
        return text.IndexOf("$handle"u8) >= 0 || text.Contains((byte)'\\');
    }

    private static void Walk(JsonElement value, List<string> symbols)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object when ValueForms.Symbol(value) is { } symbol:
                symbols.Add(symbol);
                break;
            case JsonValueKind.Object:
                foreach (JsonProperty property in value.EnumerateObject())
                {
                    Walk(property.Value, symbols);
                }

                break;
            case JsonValueKind.Array:
                foreach (JsonElement item in value.EnumerateArray())
                {
                    Walk(item, symbols);
                }

                break;
            default:
                break;
        }
    }
}
