using System.Text;
using System.Text.Json;
using AotLayers.Interop;

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
            BoundedJson.Parse(Encoding.UTF8.GetBytes(Images), nameof(Images));
            json.WriteRawValue(Images);
        }
        catch (BoundedJsonException)
        {
            json.WriteStringValue(Images);
        }
    }
}
