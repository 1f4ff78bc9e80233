using System.Security.Cryptography;
using System.Text;

namespace AotLayers.Interop.Generators;

/// <summary>
/// The hash that says whether recorded calls of a function still fit its declaration. It covers what a recording depends on: exports,
/// names, types, struct fields and what the attributes say. It does not cover docs, order, accessibility, namespaces or whether an export
/// is optional.
/// </summary>
internal static class SignatureHash
{
    /// <summary>
    /// First 16 lower-case hex digits of the SHA-256 of a function's canonical text, with the structs that the text names.
    /// </summary>
    /// <param name="method">The function.</param>
    /// <param name="structs">The structs of its API, innermost first.</param>
    public static string Compute(MethodModel method, IReadOnlyList<StructModel> structs)
    {
        List<string> lines = [Canonical(method)];

        // Whatever stands behind a struct in the list may hold it, never the other way round.
        foreach (StructModel model in structs.Reverse())
        {
            if (lines.Exists(line => Names(line, model.Helper)))
            {
                lines.Add(Canonical(model));
            }
        }

        using var sha = SHA256.Create();
        byte[] hash = sha.ComputeHash(Encoding.UTF8.GetBytes(string.Join("\n", lines)));
        return string.Concat(hash.Take(8).Select(static b => b.ToString("x2", System.Globalization.CultureInfo.InvariantCulture)));
    }

    private static bool Names(string line, string helper)
    {
        for (int at = line.IndexOf(helper, StringComparison.Ordinal); at >= 0; at = line.IndexOf(helper, at + 1, StringComparison.Ordinal))
        {
            int end = at + helper.Length;
            if ((at == 0 || !IsPart(line[at - 1])) && (end == line.Length || !IsPart(line[end])))
            {
                return true;
            }
        }

        return false;
    }

    private static bool IsPart(char c) => char.IsLetterOrDigit(c) || c == '_';

    private static string Canonical(MethodModel method)
    {
        string parameters = string.Join(",", method.Parameters.Select(Canonical));
        string stream = method.StreamRead is { } s ? $" stream({s.Handle},{s.Buffer},{s.ExceptWhen})" : "";
        return $"fn {method.Name}={method.Export}({parameters})->{Canonical(method.Return)}{Canonical(method.ReturnHandle)} "
            + $"{method.Success} {method.Strings} {method.SetsLastError}{stream}{Results(method)}{Canonical(method.ReturnContent)}";
    }

    private static string Canonical(ContentModel? content) =>
        content is null
            ? ""
            : $"memory({content.Kind},{content.Length},{content.LengthByReturnValue},{content.LengthFunction},{content.Unit},{content.Encoding})";

    private static string Canonical(CallbackModel? callback) => callback is null
        ? ""
        : $"callback({callback.Context},{callback.IsRegistered},{Canonical(callback.Signature.Return)}({string.Join(",", callback.Signature.Parameters.Select(static p => $"{p.Role} {Canonical(p.Type)} {p.Name}{Canonical(p.Handle)}{Canonical(p.Content)}"))}))";

    private static string Canonical(ParameterModel p)
    {
        string buffer = p.Buffer is { } b ? $"[{b.Length};{b.Written};{b.WrittenByReturnValue}{Details(b)}]" : "";
        Direction usual = p.Type.Shape == TypeShape.Span ? Direction.Out : Direction.In;
        string role = (p.Direction == usual ? "" : $" {p.Direction}") + (p.Role == ValueRole.Plain ? "" : $" {p.Role}");
        return $"{p.Modifier}{Canonical(p.Type)} {p.Name}{Canonical(p.Handle)}{role}{buffer}{Canonical(p.Content)}{Canonical(p.Callback)}";
    }

    private static string Canonical(HandleModel? handle) => handle is null
        ? ""
        : $"<{handle.Kind};{handle.Use};{handle.ConsumedWhen}{(handle.Plain is { } plain ? ";" + string.Join(",", plain) : "")}>";

    // What is not said is not in the text, so that an attribute's new options change no signature that does not use them.
    private static string Results(MethodModel method) =>
        (method.ResultsOn.Count == 0 ? "" : $" results({string.Join(",", method.ResultsOn)})")
        + (method.ResultsOnLastError.Count == 0 ? "" : $" errors({string.Join(",", method.ResultsOnLastError)})")
        + (method.ReturnRole == ValueRole.Plain ? "" : $" {method.ReturnRole}");

    private static string Details(BufferModel b) =>
        (b.InBytes ? ";bytes" : "") + (b.Terminator == BufferTerminator.Counted ? "" : $";{b.Terminator}") + (b.Truncates
            ? ";truncates"
            : "") + (b.Count == 0 ? "" : $";{b.Count}");

    private static string Canonical(TypeModel type) => type.Shape switch
    {
        TypeShape.Scalar or TypeShape.Enum => type.ScalarText!,
        TypeShape.Struct => type.Helper ?? "array",
        TypeShape.Pointer or TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Array => $"{type.Shape}({Canonical(type.Element!)})",
        _ => type.Shape.ToString(),
    };

    private static string Canonical(StructModel model) =>
        $"struct {model.Helper}({string.Join(",", model.Fields.Select(static f => $"{f.Shape}{f.Length} {Canonical(f)} {f.Json}{Canonical(f.Handle)}"))}{(model.IsUnion ? " union" : "")})";

    // The elements of a character or byte array need no saying: its shape does.
    private static string Canonical(FieldModel field) =>
        field.Shape is FieldShape.Chars or FieldShape.Bytes ? "array" : Canonical(field.Type);
}
