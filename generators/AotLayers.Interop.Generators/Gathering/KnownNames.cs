namespace AotLayers.Interop.Generators;

/// <summary>Full names of the attributes that gathering reads.</summary>
internal static class KnownNames
{
    public const string NativeApi = "AotLayers.Interop.NativeApiAttribute";
    public const string NativeExports = "AotLayers.Interop.NativeExportsAttribute";
    public const string SuccessWhen = "AotLayers.Interop.SuccessWhenAttribute";
    public const string OptionalExport = "AotLayers.Interop.OptionalExportAttribute";
    public const string Handle = "AotLayers.Interop.HandleAttribute";
    public const string Buffer = "AotLayers.Interop.BufferAttribute";
    public const string CalleeAllocated = "AotLayers.Interop.CalleeAllocatedAttribute";
    public const string LibraryText = "AotLayers.Interop.LibraryTextAttribute";
    public const string LibraryMemory = "AotLayers.Interop.LibraryMemoryAttribute";
    public const string Callback = "AotLayers.Interop.CallbackAttribute";
    public const string StructLayout = "System.Runtime.InteropServices.StructLayoutAttribute";
    public const string FieldOffset = "System.Runtime.InteropServices.FieldOffsetAttribute";
    public const string Direction = "AotLayers.Interop.DirectionAttribute";
    public const string Number = "AotLayers.Interop.NumberAttribute";
    public const string Reserved = "AotLayers.Interop.ReservedAttribute";
    public const string ResultsOn = "AotLayers.Interop.ResultsOnAttribute";
    public const string ResultsOnLastError = "AotLayers.Interop.ResultsOnLastErrorAttribute";
    public const string Opaque = "AotLayers.Interop.OpaqueAttribute";
    public const string InputCursor = "AotLayers.Interop.InputCursorAttribute";
    public const string OutputCursor = "AotLayers.Interop.OutputCursorAttribute";
    public const string StreamRead = "AotLayers.Interop.StreamReadAttribute";
    public const string LibraryImport = "System.Runtime.InteropServices.LibraryImportAttribute";
    public const string SearchPaths = "System.Runtime.InteropServices.DefaultDllImportSearchPathsAttribute";
    public const string In = "System.Runtime.InteropServices.InAttribute";
    public const string Out = "System.Runtime.InteropServices.OutAttribute";
    public const string MarshalAs = "System.Runtime.InteropServices.MarshalAsAttribute";
    public const string UnmanagedFunctionPointer = "System.Runtime.InteropServices.UnmanagedFunctionPointerAttribute";
    public const string MarshalUsing = "System.Runtime.InteropServices.Marshalling.MarshalUsingAttribute";
    public const string NativeMarshalling = "System.Runtime.InteropServices.Marshalling.NativeMarshallingAttribute";
    public const string InlineArray = "System.Runtime.CompilerServices.InlineArrayAttribute";
}
