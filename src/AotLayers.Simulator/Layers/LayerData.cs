using System.Text;
using AotLayers.Interop;

namespace AotLayers.Simulator;

/// <summary>
/// The documents of <c>computestorage.dll</c> (docs/windows/computestorage.md#functions). Names are exact; what is empty may be left out.
/// </summary>
/// <param name="Parents">Paths of the parents, nearest first; none for a base layer.</param>
internal sealed record LayerData(IReadOnlyList<string> Parents)
{
    /// <summary>What an initialised writable layer has on its volume.</summary>
    public const string SandboxState = "WcSandboxState";

    private static readonly BoundedJsonLimits s_limits = new() { Bytes = 1 << 20, Depth = 8 };

    /// <summary>Names of the parents.</summary>
    public IReadOnlyList<string> ParentNames => [.. Parents.Select(SimulatedVolume.LayerName)];

    /// <summary>Reads LayerData. Returns a Win32 code, 0 for success.</summary>
    public static uint Read(string text, out LayerData data)
    {
        var parents = new List<string>();
        uint error = Parse(text, root =>
        {
            root.Object("SchemaVersion", "Layers", "FilterType");
            root.Member("SchemaVersion")?.Object("Major", "Minor");
            foreach (BoundedJsonValue layer in root.Member("Layers")?.Items() ?? [])
            {
                layer.Object("Id", "Path", "PathType", "Cache");
                if (!Guid.TryParse(layer.Required("Id").Text(), out _))
                {
                    throw layer.Error("Id is no GUID");
                }

                parents.Add(layer.Required("Path").Text());
            }
        });
        data = new LayerData(parents);
        return error;
    }

    /// <summary>Reads ExportLayerOptions.</summary>
    public static uint ReadExportOptions(string text, out bool isWritable)
    {
        bool writable = false;
        uint error = string.IsNullOrEmpty(text) ? 0
            : Parse(text, root => writable = root.Object("IsWritableLayer").Member("IsWritableLayer")?.Bool() ?? false);
        isWritable = writable;
        return error;
    }

    /// <summary>Reads OsLayerOptions.</summary>
    public static uint ReadOsLayerType(string text, out bool isVm)
    {
        bool vm = false;
        uint error = string.IsNullOrEmpty(text) ? 0 : Parse(text, root =>
        {
            root.Object("Type", "DisableCiCacheOptimization", "SkipUpdateBcdForBoot");
            vm = root.Member("Type")?.Text() switch
            {
                null or "Container" => false,
                "Vm" => true,
                _ => throw root.Required("Type").Error("Container or Vm"),
            };
        });
        isVm = vm;
        return error;
    }

    private static uint Parse(string text, Action<BoundedJsonValue> read)
    {
        try
        {
            read(BoundedJson.Parse(Encoding.UTF8.GetBytes(text), "document", s_limits).Root);
            return 0;
        }
        catch (BoundedJsonException)
        {
            return Win32Error.InvalidData;
        }
    }
}
