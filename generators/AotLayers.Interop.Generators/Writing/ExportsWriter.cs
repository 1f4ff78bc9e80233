namespace AotLayers.Interop.Generators;

/// <summary>
/// Writes the exported C entry points of a [NativeExports] class. A host may give them small stacks and may see faults before .NET does:
/// they stay shallow, every pointer is checked before it is used, and no exception leaves them.
/// </summary>
internal static class ExportsWriter
{
    private const string Failure = "global::AotLayers.Interop.NativeExportFailure";
    private const string Marshal = "global::System.Runtime.InteropServices.Marshal";

    public static string Write(ExportsModel model, bool isUnreported)
    {
        CodeWriter w = GeneratedFile.Start(model.Namespace);
        foreach (ExportedApi exported in model.Apis)
        {
            foreach (string refused in isUnreported ? exported.Refused.Concat(exported.Api.Refused) : [])
            {
                w.Line($"#error {exported.Api.ClassName}.{refused} is not exported from {model.ClassName}: see the AOTL diagnostics");
            }
        }

        w.Open($"static partial class {model.ClassName}");
        w.Line(
            "/// <summary>Address of an entry point, for a caller that hands it out itself; 0 when there is none of that name.</summary>");
        w.Line("/// <param name=\"export\">Name of the export.</param>");
        w.Line("public static unsafe nint GetEntryPoint(string export) => export switch");
        w.Open();
        foreach (ExportedApi exported in model.Apis)
        {
            foreach (MethodModel method in exported.Methods)
            {
                w.Line($"{GeneratedFile.Quote(method.Export)} => (nint)(delegate* unmanaged<{PointerTypes(method)}>)"
                    + $"&{EntryPoint(exported, method)},");
            }
        }

        w.Line("_ => 0,");
        w.Close(";");
        w.Line("");
        w.Line("/// <summary>Hears of an exception that an entry point turned into an error code. Implementing it is optional.</summary>");
        w.Line("/// <param name=\"export\">The export that was called.</param>");
        w.Line("/// <param name=\"exception\">What was thrown.</param>");
        w.Line("static partial void OnException(string export, global::System.Exception exception);");
        ExportedApi[] recordable = [.. model.Apis.Where(static a => a.IsRecordable)];
        if (recordable.Length > 0)
        {
            RecordedExportsWriter.WriteShared(w, recordable);
        }

        foreach (ExportedApi exported in model.Apis)
        {
            foreach (MethodModel method in exported.Methods)
            {
                w.Line("");
                Method(w, exported, method);
                if (exported.IsRecordable)
                {
                    RecordedExportsWriter.Write(w, exported, method);
                }
            }
        }

        w.Close();
        return w.ToString();
    }

    /// <summary>The expression for a span's length at the ABI: its length parameter, or the in-out count.</summary>
    public static string? Capacity(MethodModel method, ParameterModel p) =>
        method.Find(p.Buffer?.Length ?? (p.Buffer is { Written: { } counted } && method.Find(counted) is { Mode: PassingMode.Value }
            ? counted
            : null)) is { } length ? length.Identifier
        : method.Find(p.Buffer?.Written) is { Mode: PassingMode.Ref } written ? "*" + written.Identifier
        : p.Buffer is { Count: > 0 and int fixedCount } ? fixedCount.ToString(System.Globalization.CultureInfo.InvariantCulture)
        : null;

    /// <summary>The entry point's own name: the user's class has members too, and two APIs may have functions of one name.</summary>
    public static string EntryPoint(ExportedApi exported, MethodModel method) => $"{exported.Api.ClassName}_{method.Name}";

    /// <summary>The types of a function pointer: parameters, then the return type.</summary>
    public static string PointerTypes(MethodModel method) =>
        string.Join(", ", method.Parameters.Select(p => NativeType(method, p)).Append(NativeReturn(method)));

    private static void Method(CodeWriter w, ExportedApi exported, MethodModel method)
    {
        ParameterText[] parameters = [.. method.Parameters.Select(p => ParameterText.Create(method, p))];
        string result = method.Local("result");
        bool hasResult = method.Return.Shape != TypeShape.Void;

        w.Line($"/// <summary>The export <c>{method.Export}</c>.</summary>");
        w.Line($"[global::System.Runtime.InteropServices.UnmanagedCallersOnly(EntryPoint = {GeneratedFile.Quote(method.Export)})]");
        GeneratedFile.Mark(w);
        string signature = string.Join(", ", method.Parameters.Select(p => $"{NativeType(method, p)} {p.Identifier}"));
        bool isUnsafe = signature.Contains('*') || NativeReturn(method).Contains('*');
        w.Open($"private static {(isUnsafe ? "unsafe " : "")}{NativeReturn(method)} {EntryPoint(exported, method)}({signature})");
        if (exported.IsRecordable)
        {
            RecordedExportsWriter.WriteBranch(w, exported, method);
        }

        Guard(w, method, parameters.Select(static p => p.NullCheck), "NullPointer");
        Guard(w, method, parameters.Select(static p => p.RangeCheck), "InvalidArgument");

        w.Open("try");
        foreach (string line in parameters.SelectMany(static p => p.Before))
        {
            w.Line(line);
        }

        string call = $"{exported.Getter}().{method.Identifier}({string.Join(", ", parameters.Select(static p => p.Argument))});";
        w.Line(hasResult ? $"{method.Return.Text} {result} = {call}" : call);
        foreach (string line in parameters.SelectMany(static p => p.Always))
        {
            w.Line(line);
        }

        string[] onSuccess = [.. parameters.SelectMany(static p => p.OnSuccess)];
        if (onSuccess.Length > 0)
        {
            string succeeded = SignatureText.Succeeded(method, result);
            if (succeeded != "true")
            {
                w.Open($"if ({succeeded})");
            }

            foreach (string line in onSuccess)
            {
                w.Line(line);
            }

            if (succeeded != "true")
            {
                w.Close();
                w.Line("");
            }
        }

        if (method.SetsLastError)
        {
            w.Line($"{Marshal}.SetLastSystemError({Marshal}.GetLastPInvokeError());");
        }

        if (hasResult)
        {
            w.Line($"return {ToNative(method, result)};");
        }

        w.Close();
        string exception = method.Local("exception");
        w.Open($"catch (global::System.Exception {exception})");
        w.Line($"OnException({GeneratedFile.Quote(method.Export)}, {exception});");
        Fail(w, method, $"HResult({exception})", $"Win32({exception})");
        w.Close();
        w.Close();
    }

    private static void Guard(CodeWriter w, MethodModel method, IEnumerable<string?> checks, string failure)
    {
        string condition = string.Join(" || ", checks.OfType<string>());
        if (condition.Length > 0)
        {
            w.Open(condition[0] == '(' && condition.IndexOf(')') == condition.Length - 1 ? $"if {condition}" : $"if ({condition})");
            Fail(w, method, failure, "Win32InvalidParameter");
            w.Close();
            w.Line("");
        }
    }

    private static void Fail(CodeWriter w, MethodModel method, string hresult, string win32)
    {
        if (method.Success is SuccessRule.NonZero or SuccessRule.NotMinusOne or SuccessRule.NoLastError || method.SetsLastError)
        {
            w.Line($"{Marshal}.SetLastSystemError(unchecked((int){Failure}.{win32}));");
        }

        string value = method.Success switch
        {
            SuccessRule.HResult => $"{Failure}.{hresult}",
            SuccessRule.Zero => $"unchecked(({method.Return.Text}){Failure}.{win32})",
            SuccessRule.NotMinusOne or SuccessRule.NonNegative => $"unchecked(({method.Return.Text})(-1))",
            SuccessRule.Handle => HandleText.None(
                method.ReturnHandle,
                method.Return.Shape == TypeShape.SafeHandle ? new TypeModel(TypeShape.Scalar, "nint", "NInt", "nint") : method.Return),
            _ => "0",
        };
        value = method.Return.Shape is TypeShape.Bool or TypeShape.Char or TypeShape.String or TypeShape.Struct or TypeShape.Guid
            or TypeShape.Address or TypeShape.CLong ? "default" : value;
        w.Line(method.Return.Shape == TypeShape.Void ? "return;" : $"return {value};");
    }

    /// <summary>The return type at the ABI.</summary>
    public static string NativeReturn(MethodModel method) => method.Return switch
    {
        { Shape: TypeShape.String, Marshaller: { } marshaller } => marshaller.Native,
        { Shape: TypeShape.String } => ParameterText.Character(method.ReturnStrings) + "*",
        { Shape: TypeShape.SafeHandle } => "nint",
        _ => method.Return.Native ?? method.Return.Text,
    };

    /// <summary>What an entry point returns for what the interface returned.</summary>
    private static string ToNative(MethodModel method, string result) => method.Return switch
    {
        { Shape: TypeShape.SafeHandle } => $"global::AotLayers.Interop.HandleValues.Given({result})",
        { Shape: TypeShape.Bool } type => $"{result} ? {type.True} : ({type.Native})0",
        { Shape: TypeShape.String, Marshaller: { } marshaller } => $"{marshaller.Type}.ConvertToUnmanaged({result})",
        { Shape: TypeShape.String, IsLibraryOwned: true } =>
            $"({NativeReturn(method)})global::AotLayers.Interop.NativeExportText.Keep({result}, "
                + $"{ContentText.Encoding(method.ReturnStrings == StringEncoding.Utf16 ? NativeTextEncoding.Utf16 : NativeTextEncoding.Utf8)})",
        { Shape: TypeShape.String } => ParameterText.Allocate(method.ReturnStrings, result),
        _ => result,
    };

    /// <summary>A parameter's type at the ABI.</summary>
    public static string NativeType(MethodModel method, ParameterModel p)
    {
        string text = p.Type switch
        {
            { Shape: TypeShape.String, Marshaller: { } marshaller } => marshaller.Native,
            { Shape: TypeShape.String } => ParameterText.Character(p.Strings) + "*",
            { Shape: TypeShape.Callback, IsDelegate: true } => "nint",
            { Shape: TypeShape.SafeHandle } => "nint",
            { Shape: TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Array, Element: { } element } =>
                (element.Marshaller?.Native ?? element.Text) + "*",
            { Marshaller: { } marshaller } => marshaller.Native,
            _ => p.Type.Native ?? p.Type.Text,
        };
        return p.Mode == PassingMode.Value ? text.TrimEnd('?') : text.TrimEnd('?') + "*";
    }
}
