using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers;

/// <summary>The streaming calls of vmcompute, answered from a layer of any kind: what a recording of its export is made with.</summary>
internal sealed class ServedVmcompute(LayerReader reader) : UnsupportedVmcompute
{
    private const nint Context = 1;
    private const int NoMoreFiles = unchecked((int)0x80070012);

    private Stream? _stream;

    public override ExportStatus Probe(string export) => ExportStatus.Present;

    public override int ExportLayerBegin(
        in DriverInfo info, string layerId, ReadOnlySpan<LayerDescriptor> parents, uint parentCount, out nint context)
    {
        context = Context;
        return 0;
    }

    public override int ExportLayerNext(nint context, out string? fileName, out FileBasicInfo fileInfo, out long fileSize, out uint deleted)
    {
        LayerEntry? entry = reader.GetNextEntry();
        fileName = entry is null ? null : "\\" + entry.Name;
        LayerFileInfo info = entry?.Info ?? default;
        fileInfo = info.ToFileBasicInfo();
        fileSize = entry?.Size ?? 0;
        deleted = entry is { IsTombstone: true } ? 1u : 0;
        _stream = entry is null or { IsTombstone: true } ? null : entry.OpenBackupStream();
        return entry is null ? NoMoreFiles : 0;
    }

    public override int ExportLayerRead(nint context, Span<byte> buffer, uint length, out uint bytesRead)
    {
        // Whole buffers, whatever pieces the source gives: the same layer makes the same recording.
        bytesRead = _stream is null ? 0 : (uint)_stream.ReadAtLeast(buffer, buffer.Length, throwOnEndOfStream: false);
        return 0;
    }

    public override int ExportLayerEnd(nint context) => 0;
}
