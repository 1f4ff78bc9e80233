using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.Hcs;

/// <summary>
/// The exports of <c>computestorage.dll</c>, Windows 10 1809 / Server 2019 and later (docs/windows/computestorage.md#functions). All
/// return HRESULT; documents are JSON text. Every export is optional: the set grew from build to build. None of them takes privileges:
/// the caller holds SeBackup and SeRestore.
/// </summary>
[NativeApi("computestorage", "computestorage.dll", CodeNames = typeof(HcsCodes))]
public static partial class Computestorage
{
    private const string Dll = "computestorage.dll";

    /// <summary>Makes a layer from a complete transport folder. Creates <paramref name="layerPath"/> when missing.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsImportLayer(string layerPath, string sourceFolderPath, string layerData);

    /// <summary>Writes a layer to a transport folder that must exist.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsExportLayer(string layerPath, string exportFolderPath, string layerData, string options);

    /// <summary>Writes a mounted writable layer of the legacy kind to a transport folder.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsExportLegacyWritableLayer(
        string writableLayerMountPath,
        string writableLayerFolderPath,
        string exportFolderPath,
        string layerData);

    /// <summary>Deletes a layer.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsDestroyLayer(string layerPath);

    /// <summary>
    /// Makes a base layer usable. <paramref name="vhd"/> is a disk's handle for a virtual machine's layer, 0 for a container's.
    /// </summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsSetupBaseOSLayer(string layerPath, [Handle("disk", HandleUse.Borrowed)] nint vhd, string options);

    /// <summary>Makes a base layer usable on a mounted volume. Build 19645 and later.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsSetupBaseOSVolume(string layerPath, string volumePath, string options);

    /// <summary>Prepares an empty writable layer.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsInitializeWritableLayer(string writableLayerPath, string layerData, string? options);

    /// <summary>Prepares an empty writable layer of the legacy kind.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsInitializeLegacyWritableLayer(
        string writableLayerMountPath,
        string writableLayerFolderPath,
        string layerData,
        string? options);

    /// <summary>Attaches the storage filter to a writable layer.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsAttachLayerStorageFilter(string layerPath, string layerData);

    /// <summary>Detaches the storage filter.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsDetachLayerStorageFilter(string layerPath);

    /// <summary>Attaches an overlay (union) filter to a volume. Newer builds.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsAttachOverlayFilter(string volumePath, string layerData);

    /// <summary>Detaches an overlay filter; the document holds only the filter type.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsDetachOverlayFilter(string volumePath, string layerData);

    /// <summary>Formats a writable layer's disk. Build 17763 wants a file handle, later ones a virtual disk handle.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsFormatWritableLayerVhd([Handle("disk", HandleUse.Borrowed)] nint vhd);

    /// <summary>Volume path of a layer's disk.</summary>
    [OptionalExport]
    [LibraryImport(Dll, StringMarshalling = StringMarshalling.Utf16), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    public static partial int HcsGetLayerVhdMountPath(
        [Handle("disk", HandleUse.Borrowed)] nint vhd,
        [CalleeAllocated(NativeAllocator.CoTaskMem)] out string? mountPath);
}
