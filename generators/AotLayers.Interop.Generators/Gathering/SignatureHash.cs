using System.Security.Cryptography;
using System.Text;

namespace AotLayers.Interop.Generators;

/// <summary>
/// The hash that says whether a recording still fits the declarations. It covers what a recording depends on: exports, names, types, struct fields and what the
/// attributes say. It does not cover docs, order, accessibility, namespaces or whether an export is optional.
/// </summary>
internal static class SignatureHash
{
    /// <summary>First 16 lower-case hex digits of the SHA-256 of the canonical text.</summary>
    public static string Compute(IEnumerable<MethodModel> methods, IEnumerable<StructModel> structs)
    {
        IEnumerable<string> lines = methods.Select(Canonical).Concat(structs.Select(Canonical)).OrderBy(static l => l, StringComparer.Ordinal);
        using SHA256 sha = SHA256.Create();
        byte[] hash = sha.ComputeHash(Encoding.UTF8.GetBytes(string.Join("\n", lines)));
        return string.Concat(hash.Take(8).Select(static b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static string Canonical(MethodModel method)
    {
        string parameters = string.Join(",", method.Parameters.Select(Canonical));
        string stream = method.StreamRead is { } s ? $" stream({s.Handle},{s.Buffer},{s.ExceptWhen})" : "";
        return $"fn {method.Name}={method.Export}({parameters})->{Canonical(method.Return)}{Canonical(method.ReturnHandle)} {method.Success} {method.Strings} {method.SetsLastError}{stream}{Canonical(method.ReturnContent)}";
    }

    private static string Canonical(ContentModel? content) =>
        content is null ? "" : $"memory({content.Kind},{content.Length},{content.LengthByReturnValue},{content.LengthFunction},{content.Unit},{content.Encoding})";

    private static string Canonical(CallbackModel? callback) => callback is null
        ? ""
        : $"callback({callback.Context},{callback.IsRegistered},{Canonical(callback.Signature.Return)}({string.Join(",", callback.Signature.Parameters.Select(static p => $"{p.Role} {Canonical(p.Type)} {p.Name}{Canonical(p.Handle)}{Canonical(p.Content)}"))}))";

    private static string Canonical(ParameterModel p)
    {
        string buffer = p.Buffer is { } b ? $"[{b.Length};{b.Written};{b.WrittenByReturnValue}]" : "";
        return $"{p.Modifier}{Canonical(p.Type)} {p.Name}{Canonical(p.Handle)}{buffer}{Canonical(p.Content)}{Canonical(p.Callback)}";
    }

    private static string Canonical(HandleModel? handle) => handle is null ? "" : $"<{handle.Kind};{handle.Use};{handle.ConsumedWhen}>";

    private static string Canonical(TypeModel type) => type.Shape switch
    {
        TypeShape.Scalar or TypeShape.Enum => type.ScalarText!,
        TypeShape.Struct => type.Helper ?? "array",
        TypeShape.Pointer or TypeShape.Span or TypeShape.ReadOnlySpan => $"{type.Shape}({Canonical(type.Element!)})",
        _ => type.Shape.ToString(),
    };

    private static string Canonical(StructModel model) =>
        $"struct {model.Helper}({string.Join(",", model.Fields.Select(static f => $"{f.Shape}{f.Length} {Canonical(f.Type)} {f.Json}"))})";
}
