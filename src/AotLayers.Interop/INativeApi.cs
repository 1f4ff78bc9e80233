namespace AotLayers.Interop;

/// <summary>What every generated interface has: what the API is, and which of its exports are there.</summary>
public interface INativeApi
{
    /// <summary>Name, library, signature hash and exports of the API.</summary>
    NativeApiInfo Info { get; }

    /// <summary>Tells whether an export can be called, without calling it.</summary>
    /// <param name="export">Name of an export of <see cref="NativeApiInfo.Exports"/>.</param>
    ExportStatus Probe(string export);
}

/// <summary>Whether an export can be called.</summary>
public enum ExportStatus
{
    /// <summary>The library loads and has the export.</summary>
    Present,

    /// <summary>The library could not be loaded.</summary>
    LibraryMissing,

    /// <summary>The library loads but does not have the export.</summary>
    ExportMissing,
}

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

/// <summary>A place where a handle stands in the calls of a function.</summary>
/// <param name="Function">The function.</param>
/// <param name="Parameter">The parameter; null for the return value.</param>
/// <param name="Kind">Kind of the handle.</param>
/// <param name="Use">What the call does with it.</param>
/// <param name="ConsumedWhen">The integer parameter that ends the handle's life when it is not zero; null when none does.</param>
public sealed record NativeHandleInfo(string Function, string? Parameter, string Kind, HandleUse Use, string? ConsumedWhen = null);
