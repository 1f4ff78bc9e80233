using System.Runtime.InteropServices;

namespace AotLayers.Shim;

/// <summary>What <c>preload.c</c> gives to the managed part. It is linked into the library on Linux only.</summary>
internal static partial class Preload
{
    private const string Linked = "aotlayers_preload";

    /// <summary>The loader's own answer.</summary>
    [LibraryImport(Linked, EntryPoint = "aotlayers_lookup", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Lookup(nint handle, string name);

    /// <summary>The function of a name that comes after this library's, when calls are recorded; otherwise 0.</summary>
    [LibraryImport(Linked, EntryPoint = "aotlayers_next", StringMarshalling = StringMarshalling.Utf8)]
    public static partial nint Next(string name);

    /// <summary>Not zero when this copy of the library was put into a program to record it.</summary>
    [LibraryImport(Linked, EntryPoint = "aotlayers_is_recorder")]
    public static partial int IsRecorder();

    /// <summary>Not zero in a process that was forked from a recorded one, and went on without starting another program.</summary>
    [LibraryImport(Linked, EntryPoint = "aotlayers_is_forked"), SuppressGCTransition]
    public static partial int IsForked();
}
