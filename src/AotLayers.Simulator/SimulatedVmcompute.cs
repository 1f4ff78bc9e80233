using System.Buffers;
using System.Text;
using System.Text.Json;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Simulator;

/// <summary>
/// The layer exports of <c>vmcompute.dll</c> on a simulated machine. A layer is not active, active, or prepared. Misuse is answered with
/// the code that was
/// seen on Windows where one is known (docs/windows/return-codes.md#codes-per-call).
/// </summary>
public sealed partial class SimulatedVmcompute : IVmcompute
{
    private readonly LayerCalls _calls;
    private readonly SimulatedVolume _volume;
    private readonly SimulatorOptions _options;

    internal SimulatedVmcompute(LayerCalls calls) => (_calls, _volume, _options) = (calls, calls.Volume, calls.Options);

    /// <inheritdoc/>
    public NativeApiInfo Info => VmcomputeApi.Info;

    /// <inheritdoc/>
    public ExportStatus Probe(string export) =>
        _options.VmcomputeMissing ? ExportStatus.LibraryMissing
        : _options.AbsentExports.Contains(export, StringComparer.Ordinal) ? ExportStatus.ExportMissing
        : ExportStatus.Present;

    /// <inheritdoc/>
    public int LayerExists(in DriverInfo info, string layerId, out uint exists)
    {
        uint found = 0;
        int hr = _calls.Query(this, nameof(LayerExists), () =>
        {
            found = _volume.FindLayer(layerId) is null ? 0u : 1;
            return 0;
        });
        exists = found;
        return hr;
    }

    /// <inheritdoc/>
    public int NameToGuid(string name, out Guid id)
    {
        id = NameGuid.Create(name);
        return _calls.Query(this, nameof(NameToGuid), static () => 0);
    }

    /// <inheritdoc/>
    /// <remarks>The images are the layers without parents. One that cannot be used is left out.</remarks>
    public int GetBaseImages(out string? json)
    {
        string text = "";
        int hr = _calls.Query(this, nameof(GetBaseImages), () =>
        {
            text = ComposeImages();
            return 0;
        });
        json = hr < 0 ? null : text;
        return hr;
    }

    /// <inheritdoc/>
    public int GetLayerMountPath(in DriverInfo info, string layerId, ref nuint length, Span<char> buffer)
    {
        nuint room = Math.Min(length, (nuint)buffer.Length);
        string path = "";
        int hr = _calls.Query(this, nameof(GetLayerMountPath), () => OnLayer(layerId, layer =>
        {
            path = !layer.Content.IsScratch ? layerId : layer.Activations > 0 ? $@"\\?\Volume{{{layer.Volume:D}}}" : "";
            return path.Length == 0 ? Win32Error.DeviceNotExist : 0;
        }));
        if (hr < 0)
        {
            return hr;
        }

        length = (nuint)path.Length + 1;
        if (buffer.IsEmpty)
        {
            return 0;
        }

        if (room < length)
        {
            return HResult.FromWin32(Win32Error.InsufficientBuffer);
        }

        path.CopyTo(buffer);
        buffer[path.Length] = '\0';
        return 0;
    }

    /// <inheritdoc/>
    public int GrantVmAccess(string vmId, string filePath) => _calls.Query(this, nameof(GrantVmAccess), () =>
        string.IsNullOrEmpty(vmId) ? Win32Error.InvalidParameter : _volume.Find(filePath, out _));

    private string ComposeImages()
    {
        var text = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(text))
        {
            json.WriteStartObject();
            json.WriteStartArray("Images");
            foreach (SimulatedLayer? layer in _volume.Layers.Where(IsBaseImage))
            {
                json.WriteStartObject();
                BoundedJsonText.Write(json, "Name", layer.Name);
                BoundedJsonText.Write(json, "Path", $@"{_options.Home.TrimEnd('\\')}\{layer.Name}");
                json.WriteEndObject();
            }

            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(text.WrittenSpan);
    }

    private static bool IsBaseImage(SimulatedLayer layer)
    {
        try
        {
            return layer.Content is { Parents: null or [], IsScratch: false, IsUnfinished: false };
        }
        catch (SimulatedLayerException)
        {
            return false;
        }
    }

    private uint OnLayer(string layerId, Func<SimulatedLayer, uint> action) =>
        _volume.FindLayer(layerId) is { } layer ? action(layer) : Win32Error.PathNotFound;

    private static IReadOnlyList<string> NamesOf(LayerDescriptor[] parents) =>
        [.. parents.Select(parent => SimulatedVolume.LayerName(parent.Path))];

    // Parents have to be layers of this machine, with the ids that NameToGuid gives them. One that was written and not finished cannot be
    // used yet.
    private uint CheckParents(ReadOnlySpan<LayerDescriptor> parents)
    {
        foreach (ref readonly LayerDescriptor parent in parents)
        {
            if (string.IsNullOrEmpty(parent.Path)
                || _volume.FindLayer(parent.Path) is not { } layer
                || layer.Folder is not null && layer.Content.IsUnfinished)
            {
                return Win32Error.PathNotFound;
            }

            if (parent.Id != NameGuid.Create(SimulatedVolume.LayerName(parent.Path)))
            {
                return Win32Error.InvalidParameter;
            }
        }

        return 0;
    }

    // A layer that names its parents is used with just these, nearest first.
    private uint CheckParents(SimulatedLayer layer, ReadOnlySpan<LayerDescriptor> parents)
    {
        uint error = CheckParents(parents);
        if (error != 0 || layer.Content.Parents is not { } expected)
        {
            return error;
        }

        bool same = expected.Count == parents.Length;
        for (int i = 0; same && i < parents.Length; i++)
        {
            same = string.Equals(expected[i], SimulatedVolume.LayerName(parents[i].Path), StringComparison.OrdinalIgnoreCase);
        }

        return same ? 0 : Win32Error.InvalidParameter;
    }
}
