namespace AotLayers.Interop;

/// <summary>The facts of a native API that the generator knows at compile time.</summary>
public sealed class NativeApiInfo
{
    private readonly Dictionary<string, NativeFunctionInfo> _byName;

    /// <summary>Makes the facts.</summary>
    /// <param name="name">The API's name in recordings.</param>
    /// <param name="library">The library file.</param>
    /// <param name="functions">All functions, in declaration order.</param>
    /// <param name="handles">Where handles stand in the calls, in declaration order.</param>
    public NativeApiInfo(
        string name,
        string library,
        IReadOnlyList<NativeFunctionInfo> functions,
        IReadOnlyList<NativeHandleInfo>? handles = null)
    {
        ArgumentNullException.ThrowIfNull(functions);
        Name = name;
        Library = library;
        Functions = functions;
        Handles = handles ?? [];
        Exports = [.. functions.Select(static f => f.Export).Distinct(StringComparer.Ordinal)];

        // One export bound twice is optional only when both declarations say so.
        OptionalExports = [.. Exports.Where(export => functions.All(f => f.Export != export || f.IsOptional))];
        _byName = functions.ToDictionary(static f => f.Name, StringComparer.Ordinal);
    }

    /// <summary>The API's name in recordings.</summary>
    public string Name { get; }

    /// <summary>The library file.</summary>
    public string Library { get; }

    /// <summary>All functions, in declaration order.</summary>
    public IReadOnlyList<NativeFunctionInfo> Functions { get; }

    /// <summary>All exports, in declaration order.</summary>
    public IReadOnlyList<string> Exports { get; }

    /// <summary>The exports that may be absent, in declaration order.</summary>
    public IReadOnlyList<string> OptionalExports { get; }

    /// <summary>
    /// Where handles stand in the calls, in declaration order. From it the life of every handle in a recording can be followed.
    /// </summary>
    public IReadOnlyList<NativeHandleInfo> Handles { get; }

    /// <summary>The function of a name, or null.</summary>
    public NativeFunctionInfo? FindFunction(string name) => _byName.GetValueOrDefault(name);

    /// <summary>The same declarations, perhaps compiled into two assemblies.</summary>
    internal bool IsSame(NativeApiInfo other) => ReferenceEquals(this, other)
        || (Library == other.Library && Functions.SequenceEqual(other.Functions));
}
