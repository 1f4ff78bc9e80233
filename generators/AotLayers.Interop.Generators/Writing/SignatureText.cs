namespace AotLayers.Interop.Generators;

/// <summary>The pieces of a declaration that all written types repeat.</summary>
internal static class SignatureText
{
    /// <summary><c>int Name(in T a, out U b)</c>.</summary>
    public static string Signature(MethodModel method) =>
        $"{method.Return.Text} {method.Identifier}({string.Join(", ", method.Parameters.Select(static p => p.Declaration))})";

    /// <summary><c>in a, out b</c>.</summary>
    public static string Arguments(MethodModel method) => string.Join(", ", method.Parameters.Select(static p => p.Argument));

    // What every class and every implementation of an interface has.
    private static readonly HashSet<string> s_taken =
        [
            "Info", "Probe", "Replayer", "UseLibrary", "ToString", "Equals", "GetHashCode", "GetType", "Finalize", "MemberwiseClone",
            "ReferenceEquals", "Dispose"
        ];

    /// <summary>
    /// The head of a function in a class that implements the interface: public, unless the class has another member of that name.
    /// </summary>
    public static string Implementation(NativeApiModel api, MethodModel method, string className, string modifier = "")
    {
        string isUnsafe = method.IsUnsafe ? "unsafe " : "";
        return IsTaken(method, className)
            ? $"{isUnsafe}{method.Return.Text} "
                + $"{api.QualifiedPrefix}{api.InterfaceName}.{method.Identifier}({string.Join(", ", method.Parameters.Select(static p => p.Declaration))})"
            : $"public {modifier}{isUnsafe}{Signature(method)}";
    }

    /// <summary>A class has another member of the function's name, so that it can only be called by the interface.</summary>
    public static bool IsTaken(MethodModel method, string className) => s_taken.Contains(method.Name) || method.Name == className;

    /// <summary>The condition under which the call succeeded, or failed in a way that has results.</summary>
    /// <param name="method">The function.</param>
    /// <param name="result">The return value.</param>
    /// <param name="lastError">The last error.</param>
    public static string Succeeded(
        MethodModel method,
        string result,
        string lastError = "global::System.Runtime.InteropServices.Marshal.GetLastPInvokeError()")
    {
        string succeeded = Success(method, result, lastError);
        return succeeded == "true" || FailedWithResults(method, result, lastError) is not { } failed
            ? succeeded
            : $"{succeeded} || {failed}";
    }

    /// <summary>The condition under which a call that failed has results all the same, or null when it never has.</summary>
    public static string? FailedWithResults(MethodModel method, string result, string lastError)
    {
        string[] conditions =
        [
            .. method.ResultsOn.Count == 0
                ? Array.Empty<string>()
                : [$"(long){result} is {string.Join(" or ", method.ResultsOn.Select(static c => c + "L"))}"],
            .. method.ResultsOnLastError.Count == 0
                ? Array.Empty<string>()
                : [$"(long){lastError} is {string.Join(" or ", method.ResultsOnLastError.Select(static c => c + "L"))}"],
        ];
        return conditions.Length == 0 ? null : string.Join(" || ", conditions);
    }

    /// <summary>The condition under which the call succeeded.</summary>
    public static string Success(MethodModel method, string result, string lastError)
    {
        // The callee moves cursors whatever it returns, and what they say was there before the call.
        if (method.Parameters.Any(static p => p.Type.HasCursors))
        {
            return "true";
        }

        string rule = method.Success switch
        {
            SuccessRule.Handle => method.ReturnHandle is { } handle ? HandleText.IsHandle(handle, method.Return, result) : "true",
            SuccessRule.NoLastError => $"{lastError} == 0",
            SuccessRule.NotNull when method.Return.Shape == TypeShape.SafeHandle => $"!{result}.IsInvalid",
            _ => Rule(method, result),
        };

        // A count below zero is an error code, whatever the rule lets pass.
        bool isCount = method.Parameters.Any(static p => p.Buffer is { WrittenByReturnValue: true }
            || p.Content is { LengthByReturnValue: true });
        bool isSigned = method.Return.ScalarText is "int" or "long" or "nint" or "short" or "sbyte";
        return !isCount || !isSigned || rule == $"{result} >= 0" ? rule : rule == "true" ? $"{result} >= 0" : $"{rule} && {result} >= 0";
    }

    private static string Rule(MethodModel method, string result) => method.Return.Shape switch
    {
        TypeShape.CLong => Rule(method.Success, result + ".Value", method.Return.ScalarText),
        TypeShape.Enum => Rule(method.Success, $"({method.Return.ScalarText}){result}", method.Return.ScalarText),
        TypeShape.Bool => method.Success == SuccessRule.NonZero ? result : "true",
        TypeShape.Address => method.Success is SuccessRule.NonZero or SuccessRule.NotNull ? $"(nint){result} != 0" : "true",
        _ => Rule(method.Success, result, method.Return.ScalarText),
    };

    private static string Rule(SuccessRule success, string result, string? type) => success switch
    {
        SuccessRule.HResult => $"{result} >= 0",
        SuccessRule.Zero => $"{result} == 0",
        SuccessRule.NonZero or SuccessRule.NotNull => $"{result} != 0",
        SuccessRule.NonNegative => $"{result} >= 0",
        SuccessRule.NotMinusOne => type is "uint" or "ulong" or "nuint" or "ushort" or "byte"
            ? $"{result} != {type}.MaxValue"
            : $"{result} != -1",
        _ => "true",
    };
}
