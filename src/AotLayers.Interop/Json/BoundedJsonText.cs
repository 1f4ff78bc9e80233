using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>Writes texts that may hold halves of surrogate pairs, in the form that <see cref="BoundedJsonValue.Text"/> reads.</summary>
public static class BoundedJsonText
{
    /// <summary>Writes a member.</summary>
    public static void Write(Utf8JsonWriter json, string name, string text)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WritePropertyName(name);
        WriteValue(json, text);
    }

    /// <summary>Writes a value.</summary>
    public static void WriteValue(Utf8JsonWriter json, string text)
    {
        ArgumentNullException.ThrowIfNull(json);
        if (Utf16Text.IsWellFormed(text))
        {
            json.WriteStringValue(text);
            return;
        }

        json.WriteStartObject();
        json.WriteString(BoundedJsonValue.UnitsMember, Utf16Text.ToHex(text));
        json.WriteEndObject();
    }
}
