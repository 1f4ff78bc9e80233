namespace AotLayers.Interop.Generators;

/// <summary>A class that asks for exported entry points.</summary>
/// <param name="Namespace">Its namespace, empty for the global one.</param>
/// <param name="ClassName">Its name.</param>
/// <param name="Apis">The APIs it serves, in attribute order.</param>
internal sealed record ExportsModel(string Namespace, string ClassName, EquatableArray<ExportedApi> Apis);

/// <summary>One API served by a class.</summary>
/// <param name="Api">The API.</param>
/// <param name="Getter">The method of the class that gives the implementation.</param>
/// <param name="Refused">Names of declarations that were reported and left out.</param>
internal sealed record ExportedApi(NativeApiModel Api, string Getter, EquatableArray<string> Refused)
{
    /// <summary>The entry points can record the calls of the library's own functions.</summary>
    public bool IsRecordable { get; init; }

    /// <summary>The declarations that are exported.</summary>
    public IEnumerable<MethodModel> Methods => Api.Methods.Where(m => !Refused.Contains(m.Name));
}
