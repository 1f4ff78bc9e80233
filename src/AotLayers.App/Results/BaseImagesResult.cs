using System.Text.Json;

namespace AotLayers.App;

/// <summary>What is told about the base images of a machine.</summary>
/// <param name="Images">The text that the machine gave.</param>
public sealed record BaseImagesResult(string Images)
{
    /// <summary>Writes the members of the JSON form: the machine's text as JSON where it is JSON, as a string otherwise.</summary>
    /// <param name="json">Where to: inside an object.</param>
    public void WriteMembers(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WritePropertyName("baseImages");
        try
        {
            using var document = JsonDocument.Parse(Images);
            document.RootElement.WriteTo(json);
        }
        catch (JsonException)
        {
            json.WriteStringValue(Images);
        }
    }
}
