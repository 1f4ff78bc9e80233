namespace AotLayers.Interop;

/// <summary>
/// Asks for exported C entry points of an API, served from any implementation of its interface, in the assembly that is published.
/// </summary>
/// <param name="api">The <see cref="NativeApiAttribute"/> class, of this or of a referenced assembly.</param>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public sealed class NativeExportsAttribute(Type api) : Attribute
{
    /// <summary>The API whose entry points are exported.</summary>
    public Type Api { get; } = api;

    /// <summary>
    /// The entry points can also stand before the library's own functions and record their calls: <c>Redirect</c> names the function
    /// behind an export, and the entry point then calls it with the very arguments that came. The class needs
    /// <c>static Recorder? GetRecorder()</c>, and <c>static nint FindLibraryFunction(string export)</c> for exports that were not
    /// named (0: the entry point serves the call itself). The API's assembly must show its internals to the one that is published.
    /// </summary>
    public bool Recordable { get; set; }
}
