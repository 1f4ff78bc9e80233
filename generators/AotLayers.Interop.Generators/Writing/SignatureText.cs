namespace AotLayers.Interop.Generators;

/// <summary>The pieces of a declaration that all written types repeat.</summary>
internal static class SignatureText
{
    /// <summary><c>int Name(in T a, out U b)</c>.</summary>
    public static string Signature(MethodModel method) =>
        $"{method.Return.Text} {method.Name}({string.Join(", ", method.Parameters.Select(static p => p.Declaration))})";

    /// <summary><c>in a, out b</c>.</summary>
    public static string Arguments(MethodModel method) => string.Join(", ", method.Parameters.Select(static p => p.Argument));

    /// <summary><c>public [unsafe] int Name(...)</c>.</summary>
    public static string PublicMethod(MethodModel method) => $"public {(method.IsUnsafe ? "unsafe " : "")}{Signature(method)}";

    /// <summary>The condition under which the call succeeded.</summary>
    public static string Succeeded(MethodModel method, string result)
    {
        // The callee moves cursors whatever it returns, and what they say was there before the call.
        if (method.Parameters.Any(static p => p.Type.HasCursors))
        {
            return "true";
        }

        string rule = Rule(method, result);

        // A count below zero is an error code, whatever the rule lets pass.
        bool isCount = method.Parameters.Any(static p => p.Buffer is { WrittenByReturnValue: true } || p.Content is { LengthByReturnValue: true });
        bool isSigned = method.Return.ScalarText is "int" or "long" or "nint" or "short" or "sbyte";
        return !isCount || !isSigned || rule == $"{result} >= 0" ? rule : rule == "true" ? $"{result} >= 0" : $"{rule} && {result} >= 0";
    }

    private static string Rule(MethodModel method, string result) => method.Return.Shape switch
    {
        TypeShape.CLong => Rule(method.Success, result + ".Value", method.Return.ScalarText),
        TypeShape.Enum => Rule(method.Success, $"({method.Return.ScalarText}){result}", method.Return.ScalarText),
        TypeShape.Bool => method.Success == SuccessRule.NonZero ? result : "true",
        TypeShape.Address => method.Success == SuccessRule.NonZero ? $"(nint){result} != 0" : "true",
        _ => Rule(method.Success, result, method.Return.ScalarText),
    };

    private static string Rule(SuccessRule success, string result, string? type) => success switch
    {
        SuccessRule.HResult => $"{result} >= 0",
        SuccessRule.Zero => $"{result} == 0",
        SuccessRule.NonZero => $"{result} != 0",
        SuccessRule.NotMinusOne => type is "uint" or "ulong" or "nuint" or "ushort" or "byte"
            ? $"{result} != {type}.MaxValue"
            : $"{result} != -1",
        _ => "true",
    };
}
