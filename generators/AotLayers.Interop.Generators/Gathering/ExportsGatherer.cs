using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <summary>Reads a [NativeExports] class, and the API it names in this assembly or a referenced one, into a model.</summary>
internal static class ExportsGatherer
{
    /// <summary>The model, or null when nothing can be exported.</summary>
    public static ExportsModel? Gather(
        INamedTypeSymbol type,
        IEnumerable<AttributeData> attributes,
        Report? report,
        CancellationToken token)
    {
        if (type.ContainingType is not null || type.IsGenericType || !type.IsStatic || !NativeApiGatherer.IsPartial(type, token))
        {
            report?.Invoke(
                DiagnosticDescriptors.ExportsClass,
                type,
                type.Name,
                "the class must be static, partial, not nested and not generic");
            return null;
        }

        List<ExportedApi> apis = [];
        foreach (AttributeData attribute in attributes)
        {
            if (GatherApi(type, attribute, report, token) is { } api)
            {
                apis.Add(api);
            }
        }

        string nameSpace = type.ContainingNamespace.IsGlobalNamespace ? "" : type.ContainingNamespace.ToDisplayString();
        return apis.Count == 0 ? null : new ExportsModel(nameSpace, type.Name, new(apis));
    }

    private static ExportedApi? GatherApi(INamedTypeSymbol type, AttributeData attribute, Report? report, CancellationToken token)
    {
        if (attribute.Positional(0) is not INamedTypeSymbol declarations
            || declarations.FindAttribute(KnownNames.NativeApi) is not { } native)
        {
            report?.Invoke(DiagnosticDescriptors.ExportsClass, type, type.Name, "the named type has no [NativeApi]");
            return null;
        }

        if (NativeApiGatherer.Gather(declarations, native, report: null, token) is not { } api)
        {
            report?.Invoke(DiagnosticDescriptors.ExportsClass, type, type.Name, $"the declarations of '{declarations.Name}' are not valid");
            return null;
        }

        string? getter = new[] { "Get" + api.ClassName, "GetApi" }.FirstOrDefault(name => HasMethod(type, name, 0));
        if (getter is null)
        {
            report?.Invoke(
                DiagnosticDescriptors.ExportsClass,
                type,
                type.Name,
                $"write 'private static {api.InterfaceName} GetApi()', or Get{api.ClassName}() where several APIs are exported");
            return null;
        }

        bool isRecordable = attribute.Named("Recordable") is true;
        if (isRecordable && (!HasMethod(type, "GetRecorder", 0) || !HasMethod(type, "FindLibraryFunction", 1)))
        {
            report?.Invoke(
                DiagnosticDescriptors.ExportsClass,
                type,
                type.Name,
                "with Recordable, write 'private static Recorder? GetRecorder()' and "
                    + "'private static nint FindLibraryFunction(string export)'");
            return null;
        }

        List<string> refused = [];
        foreach (MethodModel method in api.Methods)
        {
            string? reason = Refusal(method)
                ?? (api.Methods.Count(m => m.Export == method.Export) > 1
                    ? $"the export {method.Export} is bound by several declarations"
                    : null);
            if (reason is not null)
            {
                report?.Invoke(DiagnosticDescriptors.ExportsMethod, type, type.Name, method.Name, reason);
                refused.Add(method.Name);
            }
        }

        return new ExportedApi(api, getter, new(refused)) { IsRecordable = isRecordable };
    }

    private static bool HasMethod(INamedTypeSymbol type, string name, int parameters) =>
        type.GetMembers(name)
            .OfType<IMethodSymbol>()
            .Any(m => m is { IsStatic: true, IsGenericMethod: false } && m.Parameters.Length == parameters);

    private static string? Refusal(MethodModel method)
    {
        if (method.Return is { Shape: TypeShape.String, Marshaller.CanConvertToUnmanaged: false })
        {
            return "the returned string's marshaller has no ConvertToUnmanaged";
        }

        foreach (ParameterModel p in method.Parameters)
        {
            string? reason = p switch
            {
                { Type: { Shape: TypeShape.String, Marshaller: { CanConvertToManaged: false } } } =>
                    "the string's marshaller has no ConvertToManaged",
                { Type: { Shape: TypeShape.Struct, Marshaller: { } m } } when p.Mode is PassingMode.Out or PassingMode.Ref
                    || !m.CanConvertToManaged =>
                    "it needs a struct that goes in and whose marshaller has ConvertToManaged",
                { Type: { Shape: TypeShape.Span, Element.Marshaller: not null } } =>
                    "a buffer of structs with a marshaller cannot come out",
                { Type: { Shape: TypeShape.ReadOnlySpan, Element.Marshaller: { CanConvertToManaged: false } } } =>
                    "the element's marshaller has no ConvertToManaged",
                { Type.Shape: TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Array } when ExportsWriter.Capacity(
                    method,
                    p) is null => "[Buffer] must name the parameter that carries its length",
                _ => null,
            };
            if (reason is not null)
            {
                return $"parameter '{p.Name}': {reason}";
            }
        }

        return null;
    }
}
