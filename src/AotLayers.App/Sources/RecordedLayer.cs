using System.Text.Json;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>Finds the layer that a recording is about: the layer, parents and reader that its first calls name.</summary>
internal static class RecordedLayer
{
    /// <summary>The layer of the first call that reads one, and the reader that makes such calls.</summary>
    /// <param name="recording">The recording.</param>
    /// <param name="path">Its file, for errors.</param>
    /// <exception cref="LayerException">No layer is read in it.</exception>
    public static (LayerLocation Layer, LayerReaderKind Kind) Find(CallRecording recording, string path)
    {
        foreach (RecordedCall call in recording.Calls)
        {
            switch (call.Function)
            {
                case "ExportLayerBegin":
                    return (FromExport(call.In, path), LayerReaderKind.Stream);
                case "ExportLayer":
                    return (FromExport(call.In, path), LayerReaderKind.Folder);
                case "HcsExportLayer":
                    return (FromDocument(call.In, path), LayerReaderKind.Folder);
                case "GetFileAttributesW" when Text(call.In, "fileName", path) is { } name
                    && name.EndsWith(@"\Files", StringComparison.Ordinal):
                    // The first thing that the base reader does.
                    return (new LayerLocation { Id = BasePath(recording, call, path) ?? name[..^@"\Files".Length] }, LayerReaderKind.Base);
                default:
                    break;
            }
        }

        throw new LayerException(
            "the recording reads no layer: it has no ExportLayerBegin, no ExportLayer, no HcsExportLayer and no walk of a base layer",
            new LayerErrorContext { Layer = path },
            hint: "recordings of other calls are shown by 'aotlayers recording show'");
    }

    private static LayerLocation FromExport(JsonElement arguments, string path)
    {
        JsonElement info = arguments.GetProperty("info");
        return new LayerLocation
        {
            Id = Text(arguments, "layerId", path),
            Parents = [.. arguments.GetProperty("parents").EnumerateArray().Select(parent => Text(parent, "path", path))],
            Driver = new DriverInfo { Flavour = info.GetProperty("flavour").GetInt32(), HomeDir = Text(info, "homeDir", path) },
        };
    }

    /// <summary>The call of computestorage has the parents in a document.</summary>
    private static LayerLocation FromDocument(JsonElement arguments, string path)
    {
        var parents = new List<string>();
        try
        {
            using var document = JsonDocument.Parse(Text(arguments, "layerData", path));
            if (document.RootElement.TryGetProperty("Layers", out JsonElement layers))
            {
                foreach (JsonElement layer in layers.EnumerateArray())
                {
                    parents.Add(Text(layer, "Path", path));
                }
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            throw new LayerException("the recording has an HcsExportLayer whose document is none", new LayerErrorContext { Layer = path });
        }

        return new LayerLocation { Id = Text(arguments, "layerPath", path), Parents = parents, Api = StorageApi.Computestorage };
    }

    /// <summary>The path as it was given, where it was made absolute before.</summary>
    private static string? BasePath(CallRecording recording, RecordedCall before, string path)
    {
        foreach (RecordedCall call in recording.Calls.Take(before.Index))
        {
            if (call.Function == "GetFullPathNameW")
            {
                return Text(call.In, "fileName", path);
            }
        }

        return null;
    }

    private static string Text(JsonElement arguments, string name, string path) =>
        arguments.TryGetProperty(name, out JsonElement text) && text.ValueKind == JsonValueKind.String
            ? text.GetString()!
            : throw new LayerException($"the recording has a call whose '{name}' is not text", new LayerErrorContext { Layer = path });
}
