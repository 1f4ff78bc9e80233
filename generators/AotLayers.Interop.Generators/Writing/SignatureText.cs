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
    public static string Succeeded(MethodModel method, string result) => method.Success switch
    {
        SuccessRule.HResult => $"{result} >= 0",
        SuccessRule.Zero => $"{result} == 0",
        SuccessRule.NonZero => $"{result} != 0",
        SuccessRule.NotMinusOne => method.Return.ScalarText is "uint" or "ulong" or "nuint" or "ushort" or "byte"
            ? $"{result} != {method.Return.ScalarText}.MaxValue"
            : $"{result} != -1",
        _ => "true",
    };
}
