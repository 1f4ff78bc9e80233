using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;
using AotLayers.Interop;

namespace AotLayers.Hcs;

/// <summary>What tells Wine from Windows (docs/windows/host.md#wine).</summary>
[NativeApi("ntdll", "ntdll.dll")]
public static partial class Ntdll
{
    private const string Dll = "ntdll.dll";

    /// <summary>Version of Wine. Windows does not have this export.</summary>
    [OptionalExport]
    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Dll, EntryPoint = "wine_get_version"), DefaultDllImportSearchPaths(DllImportSearchPath.System32)]
    [return: MarshalUsing(typeof(LibraryUtf8Text))]
    public static partial string? WineGetVersion();
}
