using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AotLayers.Hcs;

/// <summary>
/// The JSON documents that the calls of <c>computestorage.dll</c> take as text (docs/windows/computestorage.md#documents). Names are
/// exact; what is empty is left out, as other tools do it.
/// </summary>
public static class StorageDocuments
{
    /// <summary>Newer than it needs no feature of ours; older ones know nothing of layers.</summary>
    private const int SchemaMajor = 2;
    private const int SchemaMinor = 1;

    private static readonly JsonWriterOptions s_options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>LayerData: the parents of a layer, nearest first; none for a base layer.</summary>
    /// <param name="parents">Descriptors of the parents, as the calls of vmcompute take them.</param>
    /// <exception cref="ArgumentException">A path holds half of a surrogate pair, which JSON cannot carry.</exception>
    public static string LayerData(ReadOnlySpan<LayerDescriptor> parents)
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text, s_options);
        json.WriteStartObject();
        json.WriteStartObject("SchemaVersion");
        json.WriteNumber("Major", SchemaMajor);
        json.WriteNumber("Minor", SchemaMinor);
        json.WriteEndObject();
        if (parents.Length > 0)
        {
            json.WriteStartArray("Layers");
            foreach (LayerDescriptor parent in parents)
            {
                json.WriteStartObject();
                json.WriteString("Id", parent.Id.ToString("D"));
                json.WriteString("Path", RequireWhole(parent.Path ?? ""));
                json.WriteString("PathType", "AbsolutePath");
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        return End(json, text);
    }

    /// <summary>ExportLayerOptions.</summary>
    /// <param name="isWritableLayer">Whether it is a mounted writable layer that is exported.</param>
    public static string ExportLayerOptions(bool isWritableLayer)
    {
        var text = new ArrayBufferWriter<byte>();
        using var json = new Utf8JsonWriter(text, s_options);
        json.WriteStartObject();
        if (isWritableLayer)
        {
            json.WriteBoolean("IsWritableLayer", true);
        }

        json.WriteEndObject();
        return End(json, text);
    }

    private static string RequireWhole(string path)
    {
        for (int i = 0; i < path.Length; i++)
        {
            if (!char.IsSurrogate(path[i]))
            {
                continue;
            }

            if (!char.IsHighSurrogate(path[i]) || i + 1 == path.Length || !char.IsLowSurrogate(path[++i]))
            {
                throw new ArgumentException("A path with half of a surrogate pair cannot be part of a JSON document.", nameof(path));
            }
        }

        return path;
    }

    private static string End(Utf8JsonWriter json, ArrayBufferWriter<byte> text)
    {
        json.Flush();
        return Encoding.UTF8.GetString(text.WrittenSpan);
    }
}
