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
