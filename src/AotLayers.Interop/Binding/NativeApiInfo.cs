namespace AotLayers.Interop;

/// <summary>The facts of a native API that the generator knows at compile time.</summary>
/// <param name="name">The API's name in recordings.</param>
/// <param name="library">The library file.</param>
/// <param name="signatureHash">Hash over the canonical signatures, 16 lower-case hex digits. A changed declaration changes it.</param>
/// <param name="exports">All exports, in declaration order.</param>
/// <param name="optionalExports">The exports that may be absent, in declaration order.</param>
/// <param name="handles">Where handles stand in the calls, in declaration order.</param>
public sealed class NativeApiInfo(
    string name,
    string library,
    string signatureHash,
    IReadOnlyList<string> exports,
    IReadOnlyList<string> optionalExports,
    IReadOnlyList<NativeHandleInfo>? handles = null)
{
    /// <summary>The API's name in recordings.</summary>
    public string Name { get; } = name;

    /// <summary>The library file.</summary>
    public string Library { get; } = library;

    /// <summary>Hash over the canonical signatures.</summary>
    public string SignatureHash { get; } = signatureHash;

    /// <summary>All exports, in declaration order.</summary>
    public IReadOnlyList<string> Exports { get; } = exports;

    /// <summary>The exports that may be absent, in declaration order.</summary>
    public IReadOnlyList<string> OptionalExports { get; } = optionalExports;

    /// <summary>Where handles stand in the calls, in declaration order. From it the life of every handle in a recording can be followed.</summary>
    public IReadOnlyList<NativeHandleInfo> Handles { get; } = handles ?? [];
}
