// The compiler looks for this type by its full name.
namespace System.Runtime.CompilerServices;

/// <summary>Lets init-only setters and records compile for netstandard2.0, which does not have the type.</summary>
internal static class IsExternalInit;
