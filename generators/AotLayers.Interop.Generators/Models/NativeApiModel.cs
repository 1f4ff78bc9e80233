namespace AotLayers.Interop.Generators;

/// <summary>
/// All that is written from one [NativeApi] class. Values only: no symbol, syntax or location survives the gathering step.
/// </summary>
/// <param name="Namespace">Namespace of the declarations, empty for the global one.</param>
/// <param name="ClassName">Name of the declaration class; the names of the generated types are made from it.</param>
/// <param name="ClassType">Full <c>global::</c> name of the declaration class.</param>
/// <param name="Accessibility"><c>public</c> or <c>internal</c>.</param>
/// <param name="Name">The API's name in recordings.</param>
/// <param name="Library">The library file.</param>
/// <param name="SearchPaths">The DllImportSearchPath value of the declarations, or null when they have none.</param>
/// <param name="CodeNames">Full name of the type with <c>GetName(uint)</c>, or null.</param>
/// <param name="Signatures">Hash of each method's canonical signature, in the order of the methods.</param>
/// <param name="Methods">The declarations, in source order.</param>
/// <param name="Structs">Every struct that is recorded, innermost first.</param>
/// <param name="Refused">Names of declarations that were reported as diagnostics and left out.</param>
internal sealed record NativeApiModel(
    string Namespace,
    string ClassName,
    string ClassType,
    string Accessibility,
    string Name,
    string Library,
    int? SearchPaths,
    string? CodeNames,
    EquatableArray<string> Signatures,
    EquatableArray<MethodModel> Methods,
    EquatableArray<StructModel> Structs,
    EquatableArray<string> Refused)
{
    /// <summary>The signatures of the program's functions that the API calls.</summary>
    public EquatableArray<CallbackSignature> Callbacks { get; init; } = new([]);

    /// <summary>The facts of the API, as an expression.</summary>
    public string Info => $"{QualifiedPrefix}{InfoName}.Info";

    /// <summary>The class of the shared bodies, as an expression.</summary>
    public string Calls => QualifiedPrefix + CallsName;

    /// <summary>A member's name that no function and no parameter has.</summary>
    public string Member(string name)
    {
        while (Methods.Any(m => m.Name == name || m.Find(name) is not null))
        {
            name = "_" + name;
        }

        return name;
    }

    /// <summary>Another implementation as what every API has: a function may be named as one of those members.</summary>
    public string AsApi(string inner) =>
        Methods.Any(static m => m.Name is "Info" or "Probe") ? $"((global::AotLayers.Interop.INativeApi){inner})" : inner;

    /// <summary>Full name prefix of the types generated beside the declarations.</summary>
    public string QualifiedPrefix => Namespace.Length == 0 ? "global::" : $"global::{Namespace}.";

    public string InterfaceName => "I" + ClassName;

    public string InfoName => ClassName + "Api";

    public string NativeName => "Native" + ClassName;

    public string CallsName => ClassName + "Calls";

    public string CallbacksName => ClassName + "Callbacks";

    public string RecordingName => "Recording" + ClassName;

    public string ReplayingName => "Replaying" + ClassName;

    public string FaultingName => "Faulting" + ClassName;

    public string UnsupportedName => "Unsupported" + ClassName;
}
