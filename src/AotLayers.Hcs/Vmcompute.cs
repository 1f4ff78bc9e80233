using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.Hcs;

/// <summary>
/// The layer exports of <c>vmcompute.dll</c> (docs/windows/vmcompute.md#functions). All return HRESULT and take NUL-terminated UTF-16
/// strings. Parent descriptors are passed nearest parent first. Every export is optional: the streaming ones are absent from released
/// Windows builds known to us.
/// </summary>
[NativeApi("vmcompute", "vmcompute.dll", CodeNames = typeof(HcsCodes))]
public static unsafe partial class Vmcompute
{
    private const string Dll = "vmcompute.dll";

    /// <summary>Makes a layer's volume available.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ActivateLayer(in DriverInfo info, string layerId);

    /// <summary>Undoes <see cref="ActivateLayer"/>.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int DeactivateLayer(in DriverInfo info, string layerId);

    /// <summary>Creates a read-only layer.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int CreateLayer(in DriverInfo info, string layerId, string parentId);

    /// <summary>Creates a scratch layer (<c>sandbox.vhdx</c>). <paramref name="parentId"/> is null except in tools of 2016-2018.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int CreateSandboxLayer(
        in DriverInfo info,
        string layerId,
        string? parentId,
        [Buffer(Length = nameof(parentCount))] ReadOnlySpan<LayerDescriptor> parents,
        uint parentCount);

    /// <summary>Copies a layer.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int CopyLayer(
        in DriverInfo info,
        string sourceId,
        string targetId,
        [Buffer(Length = nameof(parentCount))] ReadOnlySpan<LayerDescriptor> parents,
        uint parentCount);

    /// <summary>Deletes a layer's folder. Success does not prove that it is gone (docs/windows/return-codes.md#codes-per-call).</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int DestroyLayer(in DriverInfo info, string layerId);

    /// <summary>Sets the size of a scratch layer in bytes.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ExpandSandboxSize(in DriverInfo info, string layerId, ulong sizeBytes);

    /// <summary>Writes a layer to a transport folder (docs/formats/transport-folder.md#tree).</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ExportLayer(
        in DriverInfo info,
        string layerId,
        string exportFolder,
        [Buffer(Length = nameof(parentCount))] ReadOnlySpan<LayerDescriptor> parents,
        uint parentCount);

    /// <summary>Makes a layer from a transport folder.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ImportLayer(
        in DriverInfo info,
        string layerId,
        string importFolder,
        [Buffer(Length = nameof(parentCount))] ReadOnlySpan<LayerDescriptor> parents,
        uint parentCount);

    /// <summary>
    /// Two-call pattern: with an empty buffer it tells the length in characters, NUL included; then it fills the buffer
    /// (docs/windows/vmcompute.md#getlayermountpath).
    /// </summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int GetLayerMountPath(
        in DriverInfo info,
        string layerId,
        ref nuint length,
        [Buffer(Written = nameof(length))] Span<char> buffer);

    /// <summary>JSON list of the base images of the machine.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int GetBaseImages([CalleeAllocated(NativeAllocator.CoTaskMem)] out string? json);

    /// <summary>Not zero in <paramref name="exists"/> when the layer is there.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int LayerExists(in DriverInfo info, string layerId, out uint exists);

    /// <summary>Identity of a layer from the base name of its folder (docs/windows/vmcompute.md#nametoguid).</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int NameToGuid(string name, out Guid id);

    /// <summary>Mounts the file system filter of an activated layer.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int PrepareLayer(
        in DriverInfo info,
        string layerId,
        [Buffer(Length = nameof(parentCount))] ReadOnlySpan<LayerDescriptor> parents,
        uint parentCount);

    /// <summary>Undoes <see cref="PrepareLayer"/>.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int UnprepareLayer(in DriverInfo info, string layerId);

    /// <summary>Finishes an imported base layer.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ProcessBaseImage(string layerPath);

    /// <summary>Finishes an imported utility VM image.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ProcessUtilityImage(string utilityVmPath);

    /// <summary>Lets a virtual machine open a file.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int GrantVmAccess(string vmId, string filePath);

    /// <summary>Starts a streaming export (docs/windows/vmcompute.md#streaming-export).</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ExportLayerBegin(
        in DriverInfo info,
        string layerId,
        [Buffer(Length = nameof(parentCount))] ReadOnlySpan<LayerDescriptor> parents,
        uint parentCount,
        [Handle("context", HandleUse.Produced)] out nint context);

    /// <summary>
    /// Next entry of a streaming export; ERROR_NO_MORE_FILES at the end. <paramref name="fileInfo"/> means nothing when
    /// <paramref name="deleted"/> is not zero.
    /// </summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ExportLayerNext(
        [Handle("context", HandleUse.Used)] nint context,
        [CalleeAllocated(NativeAllocator.CoTaskMem)] out string? fileName,
        out FileBasicInfo fileInfo,
        out long fileSize,
        out uint deleted);

    /// <summary>Next bytes of the current entry's backup stream; zero bytes at its end.</summary>
    [OptionalExport, StreamRead(nameof(context), nameof(buffer))]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ExportLayerRead(
        [Handle("context", HandleUse.Used)] nint context,
        [Buffer(Length = nameof(length), Written = nameof(bytesRead))] Span<byte> buffer,
        uint length,
        out uint bytesRead);

    /// <summary>Ends a streaming export; an error when the layer was not completely read.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ExportLayerEnd([Handle("context", HandleUse.Consumed)] nint context);

    /// <summary>Starts a streaming import (docs/windows/vmcompute.md#streaming-import).</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ImportLayerBegin(
        in DriverInfo info,
        string layerId,
        [Buffer(Length = nameof(parentCount))] ReadOnlySpan<LayerDescriptor> parents,
        uint parentCount,
        [Handle("import", HandleUse.Produced)] out nint context);

    /// <summary>Next entry of a streaming import; a null <paramref name="fileInfo"/> is a tombstone.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ImportLayerNext(
        [Handle("import", HandleUse.Used)] nint context,
        string fileName,
        [Direction(Direction.In)] FileBasicInfo* fileInfo);

    /// <summary>Next bytes of the current entry's backup stream.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ImportLayerWrite(
        [Handle("import", HandleUse.Used)] nint context,
        [Buffer(Length = nameof(length))] ReadOnlySpan<byte> buffer,
        uint length);

    /// <summary>Ends a streaming import; its result says whether the import succeeded.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int ImportLayerEnd([Handle("import", HandleUse.Consumed)] nint context);
}
