namespace AotLayers.Interop.Generators;

/// <summary>
/// Writes <c>Recording&lt;Api&gt;</c>: writes the in-arguments, calls on, writes the out-arguments if the call succeeded.
/// </summary>
internal static class RecordingWriter
{
    private const string Marshal = "global::System.Runtime.InteropServices.Marshal";

    public static string Write(NativeApiModel api)
    {
        CodeWriter w = GeneratedFile.Start(api.Namespace);
        w.Line($"/// <summary>Records every call of another <see cref=\"{api.InterfaceName}\"/>.</summary>");
        GeneratedFile.Mark(w);
        w.Open($"{api.Accessibility} sealed class {api.RecordingName} : {api.InterfaceName}");
        string inner = api.Member("_inner");
        string recorder = api.Member("_recorder");
        w.Line($"private readonly {api.InterfaceName} {inner};");
        w.Line($"private readonly global::AotLayers.Interop.Recorder {recorder};");
        w.Line("");
        w.Line("/// <summary>Records the calls of <paramref name=\"inner\"/>.</summary>");
        w.Line("/// <param name=\"inner\">Makes the calls.</param>");
        w.Line("/// <param name=\"recorder\">Writes the recording; it stays the caller's.</param>");
        w.Open($"public {api.RecordingName}({api.InterfaceName} inner, global::AotLayers.Interop.Recorder recorder)");
        w.Line($"{inner} = inner;");
        w.Line($"{recorder} = recorder;");
        w.Line("recorder.Register(inner);");
        w.Close();
        w.Line("");
        w.Line("/// <inheritdoc />");
        w.Line($"public global::AotLayers.Interop.NativeApiInfo Info => {api.Info};");
        w.Line("");
        w.Line("/// <inheritdoc />");
        w.Line($"public global::AotLayers.Interop.ExportStatus Probe(string export) => {api.AsApi(inner)}.Probe(export);");
        foreach (MethodModel method in api.Methods)
        {
            w.Line("");
            w.Line("/// <inheritdoc />");
            w.Open(SignatureText.Implementation(api, method, api.RecordingName));
            Body(w, api, method);
            w.Close();
        }

        w.Close();
        return w.ToString();
    }

    private static void Body(CodeWriter w, NativeApiModel api, MethodModel method)
    {
        string call = method.Local("call");
        string result = method.Local("result");
        string lastError = method.Local("lastError");
        bool hasResult = method.Return.Shape != TypeShape.Void;

        // Writing the recording makes system calls of its own: the caller must not see their last error.
        if (!method.SetsLastError)
        {
            w.Line($"int {lastError} = {Marshal}.GetLastPInvokeError();");
        }

        w.Line($"using global::AotLayers.Interop.CallInProgress {call} = {api.Member("_recorder")}.Enter({api.Info}, "
            + $"{GeneratedFile.Quote(method.Name)});");
        w.Line(InCall(api, method, call));
        foreach (ParameterModel p in method.Parameters.Where(static p => p.Type.HasCursors))
        {
            string type = (p.Type.Element ?? p.Type).Text;
            w.Line($"{type} {method.Local(p.Name + "Before")} = "
                + $"{(p.Type.Element is null ? p.Identifier : $"{p.Identifier} is null ? default : *{p.Identifier}")};");
        }

        w.Line($"{call}.Start();");
        string arguments = string.Join(
            ", ",
            method.Parameters.Select(p => p.Callback is null ? p.Argument : CallbacksWriter.Record(api, method, p, call)));
        w.Line($"{(hasResult ? $"{method.Return.Text} {result} = " : "")}{api.Member("_inner")}.{method.Identifier}({arguments});");
        if (method.SetsLastError)
        {
            w.Line($"int {lastError} = {Marshal}.GetLastPInvokeError();");
        }

        string succeeded = SignatureText.Success(method, result, lastError);
        if (succeeded != "true")
        {
            string local = method.Local("succeeded");
            w.Line($"bool {local} = {succeeded};");
            succeeded = local;
        }

        string hasResults = succeeded;
        if (SignatureText.FailedWithResults(method, result, lastError) is { } failed && succeeded != "true")
        {
            hasResults = method.Local("hasResults");
            w.Line($"bool {hasResults} = {succeeded} || {failed};");
        }

        if (CallsWriter.HasOut(method))
        {
            IEnumerable<string> outArguments = CallsWriter.OutParameters(method)
                .Select(static p => (p.Type.Shape == TypeShape.Struct ? "in " : "") + p.Identifier)
                .Prepend($"{call}.Out")
                .Concat(CallsWriter.NeedsResult(method) ? [result] : [])
                .Concat(CallsWriter.MoreOut(method).Select(static m => m.Argument));
            string[] write = [.. Lengths(api, method), $"{api.Calls}.Write{method.Name}Out({string.Join(", ", outArguments)});"];
            if (hasResults != "true")
            {
                w.Open($"if ({hasResults})");
            }

            foreach (string line in write)
            {
                w.Line(line);
            }

            if (hasResults != "true")
            {
                w.Close();
                w.Line("");
            }
        }

        w.Line($"{call}.Return({Returned(api, method, result, succeeded, hasResults, lastError)});");
        w.Line($"{Marshal}.SetLastPInvokeError({lastError});");
        if (hasResult)
        {
            w.Line($"return {result};");
        }
    }

    /// <summary>The argument of <c>CallInProgress.Return</c>.</summary>
    public static string Returned(
        NativeApiModel api,
        MethodModel method,
        string result,
        string succeeded,
        string hasResults,
        string lastError)
    {
        string names = api.CodeNames is null ? "" : $", {api.CodeNames}.GetName";
        string value = ReturnValue(api, method, result, succeeded);
        value = hasResults == succeeded ? value : $"({hasResults} ? {value}.WithResults() : {value})";
        return $"{value}{(method.SetsLastError ? $".WithLastError({lastError}{names})" : "")}";
    }

    /// <summary>The functions of the same API that tell how long memory of the library is.</summary>
    public static IEnumerable<string> LengthFunctions(MethodModel method) =>
        method.Parameters.Select(static p => p.Content?.LengthFunction)
            .Append(method.ReturnContent?.LengthFunction)
            .OfType<string>()
            .Distinct();

    /// <summary>
    /// Asks the library how long its memory is, where another function tells that. The question is no call of the program's and is not
    /// recorded.
    /// </summary>
    private static IEnumerable<string> Lengths(NativeApiModel api, MethodModel method)
    {
        foreach (string name in LengthFunctions(method))
        {
            MethodModel? function = api.Methods.FirstOrDefault(m => m.Name == name);
            string arguments = string.Join(", ", (function?.Parameters ?? new([])).Select(static p => p.Identifier));
            yield return $"long {method.Local(name + "Length")} = (long){api.Member("_inner")}.{name}({arguments});";
        }
    }

    /// <summary>The call of the shared body that writes the in-arguments.</summary>
    public static string InCall(NativeApiModel api, MethodModel method, string call)
    {
        IEnumerable<string> arguments = CallsWriter.InParameters(method)
            .Select(static p => (p.Type.Shape == TypeShape.Struct ? "in " : "") + p.Identifier)
            .Prepend($"{call}.In");
        return $"{api.Calls}.Write{method.Name}In({string.Join(", ", arguments)});";
    }

    private static string ReturnValue(NativeApiModel api, MethodModel method, string result, string succeeded)
    {
        const string Value = "global::AotLayers.Interop.ReturnValue";
        string names = api.CodeNames is null ? "" : $", {api.CodeNames}.GetName";
        return method switch
        {
            { Return.Shape: TypeShape.Void } => $"{Value}.Void",
            { ReturnsContent: true } => $"{Value}.Content({succeeded})",
            { Return: { Shape: TypeShape.CLong, Scalar: "NUInt" } } => $"{Value}.Number((ulong){result}.Value, {succeeded})",
            { Return.Shape: TypeShape.CLong } => $"{Value}.Number((long){result}.Value, {succeeded})",
            { Return.Shape: TypeShape.Bool } => $"{Value}.Number({result} ? 1L : 0L, {succeeded})",
            { Return.Scalar: "Single" or "Double" } => $"{Value}.Real({result}, {succeeded})",
            { ReturnHandle: { } handle } =>
                $"{Value}.Handle({HandleText.Value(method.Return, result)}, {GeneratedFile.Quote(handle.Kind)}, {succeeded}, "
                    + $"isBorrowed: {(handle.Use == HandleUse.Borrowed ? "true" : "false")}{HandleText.Plain(handle, "plain: ")})",
            { ReturnRole: ValueRole.Opaque } => $"{Value}.Opaque((nint){result}, {succeeded})",
            { Success: SuccessRule.HResult } => $"{Value}.HResult({result}, {succeeded}{names})",
            { Success: SuccessRule.Zero, Return.Scalar: "UInt32" } => $"{Value}.Win32({result}, {succeeded}{names})",
            { Return.Scalar: "UInt64" or "NUInt" or "UInt32" or "UInt16" or "Byte" } => $"{Value}.Number((ulong){result}, {succeeded})",
            _ => $"{Value}.Number((long){result}, {succeeded})",
        };
    }
}
