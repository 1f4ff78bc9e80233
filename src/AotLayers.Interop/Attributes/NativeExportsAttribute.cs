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
}
