namespace AotLayers.Interop;

/// <summary>
/// Marks a <c>static partial</c> class of hand-written <c>[LibraryImport]</c> methods as the one source of truth of a native API.
/// From it the generator emits the interface, the native binding, the recorder, the replayer and the fault injector.
/// </summary>
/// <param name="name">The API's name in recordings, for example <c>vmcompute</c>. It never changes once recordings exist.</param>
/// <param name="library">The library file the declarations name in their <c>[LibraryImport]</c>, for example <c>vmcompute.dll</c>.</param>
[AttributeUsage(AttributeTargets.Class)]
public sealed class NativeApiAttribute(string name, string library) : Attribute
{
    /// <summary>The API's name in recordings.</summary>
    public string Name { get; } = name;

    /// <summary>The library file that the declarations bind to unless another one is chosen at run time.</summary>
    public string Library { get; } = library;

    /// <summary>How a return value says that the call succeeded, for every method without a <see cref="SuccessWhenAttribute"/>.</summary>
    public SuccessRule Success { get; set; } = SuccessRule.HResult;

    /// <summary>
    /// A type with a <c>public static string? GetName(uint code)</c> that gives return codes and last errors a symbolic name in recordings.
    /// </summary>
    public Type? CodeNames { get; set; }
}

/// <summary>How a return value says that a call succeeded. Out-parameters are recorded, and meaningful, only then.</summary>
public enum SuccessRule
{
    /// <summary>Signed value of at least zero (HRESULT, and most NTSTATUS values).</summary>
    HResult,

    /// <summary>Zero (Win32 error codes returned directly, zlib's <c>Z_OK</c>).</summary>
    Zero,

    /// <summary>Anything but zero (BOOL, and counts that are zero on failure).</summary>
    NonZero,

    /// <summary>Anything but -1 (<c>INVALID_HANDLE_VALUE</c>).</summary>
    NotMinusOne,

    /// <summary>The call cannot fail.</summary>
    Always,
}

/// <summary>Overrides the API's <see cref="NativeApiAttribute.Success"/> for one method.</summary>
/// <param name="rule">The rule of this method.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SuccessWhenAttribute(SuccessRule rule) : Attribute
{
    /// <summary>The rule of this method.</summary>
    public SuccessRule Rule { get; } = rule;
}

/// <summary>
/// The export may be absent from the library. The generated binding probes for it instead of catching an exception,
/// and recordings say whether it was there.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OptionalExportAttribute : Attribute;

/// <summary>
/// The value is an opaque handle. Recordings name it by kind and ordinal (<c>context#1</c>), never by value, and follow its life.
/// </summary>
/// <param name="kind">The kind, for example <c>context</c>. A kind is one space of values: where two APIs of a recording pass the same handles, both name the same kind.</param>
/// <param name="use">What the call does with the handle.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue)]
public sealed class HandleAttribute(string kind, HandleUse use) : Attribute
{
    /// <summary>The kind of handle.</summary>
    public string Kind { get; } = kind;

    /// <summary>What the call does with the handle.</summary>
    public HandleUse Use { get; } = use;

    /// <summary>Name of an integer parameter of the same method: the handle is consumed when that parameter is not zero.</summary>
    public string? ConsumedWhen { get; set; }
}

/// <summary>What a call does with a handle.</summary>
public enum HandleUse
{
    /// <summary>The call uses a live handle.</summary>
    Used,

    /// <summary>The call makes the handle, when it succeeds.</summary>
    Produced,

    /// <summary>The call ends the handle's life, whether it succeeds or not.</summary>
    Consumed,

    /// <summary>An in-out parameter: zero goes in and a new handle comes out, or a live handle goes in and stays (see <see cref="HandleAttribute.ConsumedWhen"/>).</summary>
    InOut,
}

/// <summary>
/// Says which parameters hold the sizes of a <c>Span</c> or <c>ReadOnlySpan</c> parameter. Both counts are in elements.
/// </summary>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class BufferAttribute : Attribute
{
    /// <summary>Name of the parameter that carries the span's length into the call. Always equal to the span's length.</summary>
    public string? Length { get; set; }

    /// <summary>Name of the out or ref parameter that tells how many elements the callee wrote.</summary>
    public string? Written { get; set; }

    /// <summary>The return value tells how many elements the callee wrote.</summary>
    public bool WrittenByReturnValue { get; set; }
}

/// <summary>The out-string was allocated by the callee; the SDK's marshaller copies and frees it.</summary>
/// <param name="allocator">Who frees it, and how.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class CalleeAllocatedAttribute(NativeAllocator allocator) : Attribute
{
    /// <summary>Who frees it, and how.</summary>
    public NativeAllocator Allocator { get; } = allocator;
}

/// <summary>An allocator shared by both sides of a call.</summary>
public enum NativeAllocator
{
    /// <summary><c>CoTaskMemAlloc</c>/<c>CoTaskMemFree</c>; <c>malloc</c>/<c>free</c> where there is no COM.</summary>
    CoTaskMem,
}

/// <summary>
/// The method reads the next bytes of a stream. Replay serves the recorded bytes whatever buffer size is asked for,
/// instead of the recorded chunk sizes.
/// </summary>
/// <param name="handle">Name of the handle parameter that the stream belongs to.</param>
/// <param name="buffer">Name of the <c>Span&lt;byte&gt;</c> parameter. Its <see cref="BufferAttribute"/> names the written count.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class StreamReadAttribute(string handle, string buffer) : Attribute
{
    /// <summary>Name of the handle parameter.</summary>
    public string Handle { get; } = handle;

    /// <summary>Name of the buffer parameter.</summary>
    public string Buffer { get; } = buffer;

    /// <summary>Name of an integer parameter: when it is not zero the call is not a stream read (BackupRead's abort form).</summary>
    public string? ExceptWhen { get; set; }
}

/// <summary>Asks for exported C entry points of an API, served from any implementation of its interface, in the assembly that is published.</summary>
/// <param name="api">The <see cref="NativeApiAttribute"/> class, of this or of a referenced assembly.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class NativeExportsAttribute(Type api) : Attribute
{
    /// <summary>The API whose entry points are exported.</summary>
    public Type Api { get; } = api;
}
