namespace AotLayers.Interop.Generators;

/// <summary>Writes <c>Replaying&lt;Api&gt;</c>: compares the in-arguments with the recording and answers from it.</summary>
internal static class ReplayingWriter
{
    public static string Write(NativeApiModel api)
    {
        CodeWriter w = GeneratedFile.Start(api.Namespace);
        w.Line($"/// <summary>The native API <c>{api.Name}</c>, answered from a recording.</summary>");
        w.Line("/// <param name=\"replayer\">Answers the calls; it stays the caller's.</param>");
        GeneratedFile.Mark(w);
        w.Open($"{api.Accessibility} sealed class {api.ReplayingName}(global::AotLayers.Interop.Replayer replayer) : "
            + $"{api.InterfaceName}, global::AotLayers.Interop.IReplayedApi");
        w.Line("/// <inheritdoc />");
        w.Line("public global::AotLayers.Interop.Replayer Replayer { get; } = replayer;");
        w.Line("");
        w.Line("/// <inheritdoc />");
        w.Line($"public global::AotLayers.Interop.NativeApiInfo Info => {api.Info};");
        w.Line("");
        w.Line("/// <inheritdoc />");
        w.Line($"public global::AotLayers.Interop.ExportStatus Probe(string export) => Replayer.Probe({api.Info}, export);");
        foreach (MethodModel method in api.Methods)
        {
            w.Line("");
            w.Line("/// <inheritdoc />");
            w.Open(SignatureText.Implementation(api, method, api.ReplayingName));
            Body(w, api, method);
            w.Close();
        }

        w.Close();
        return w.ToString();
    }

    private static void Body(CodeWriter w, NativeApiModel api, MethodModel method)
    {
        string call = method.Local("call");
        string recorded = method.Local("recorded");
        string written = method.Local("written");
        string result = method.Local("result");
        bool hasResult = method.Return.Shape != TypeShape.Void;

        // A recording knows absent exports by the name of the export, calls by the name of the method.
        if (method.Export != method.Name)
        {
            w.Line($"global::AotLayers.Interop.MissingExportException.ThrowUnlessPresent(this.Replayer.Probe({api.Info}, "
                + $"{GeneratedFile.Quote(method.Export)}), {api.Info}.Library, {GeneratedFile.Quote(method.Export)});");
        }

        w.Line($"using global::AotLayers.Interop.ReplayCall {call} = this.Replayer.Enter({api.Info}, {GeneratedFile.Quote(method.Name)});");
        w.Line(RecordingWriter.InCall(api, method, call));
        foreach (ParameterModel p in method.Parameters.Where(static p => p.Callback is not null))
        {
            CallbacksWriter.Replay(w, api, method, p, call);
        }

        Match(w, method, call, recorded, written);
        if (hasResult)
        {
            w.Line($"{method.Return.Text} {result}{(method.ReturnsContent ? "" : " = " + ReturnCall(method, call))};");
        }

        if (CallsWriter.HasOut(method))
        {
            w.Open($"if ({call}.HasResults)");
            IEnumerable<string> arguments = CallsWriter.OutParameters(method)
                .Select(static p => p.Mode is PassingMode.Out or PassingMode.Ref ? p.Argument : p.Identifier)
                .Prepend(recorded)
                .Concat(method.StreamRead is null ? [] : [written])
                .Concat(method.ReturnsContent ? ["out " + result] : [])
                .Concat(CallsWriter.Owners(method).Select(static p => p.Identifier));
            w.Line($"{api.Calls}.Read{method.Name}Out({string.Join(", ", arguments)});");
            if (method.StreamRead is not null && CallsWriter.NeedsResult(method))
            {
                w.Line($"{result} = ({method.Return.Text}){written};");
            }

            w.Close();
            ParameterModel[] outs = [.. method.Parameters.Where(static p => p.Mode == PassingMode.Out)];
            if (outs.Length > 0 || method.ReturnsContent)
            {
                w.Open("else");
                if (method.ReturnsContent)
                {
                    w.Line($"{result} = default{(method.Return.Shape == TypeShape.String ? "!" : "")};");
                }

                foreach (ParameterModel p in outs)
                {
                    w.Line($"{p.Identifier} = {HandleText.Nothing(p.Type)};");
                }

                w.Close();
            }

            w.Line("");
        }

        if (method.SetsLastError)
        {
            w.Line($"global::System.Runtime.InteropServices.Marshal.SetLastPInvokeError({call}.LastError);");
        }

        if (hasResult)
        {
            w.Line($"return {result};");
        }
    }

    private static void Match(CodeWriter w, MethodModel method, string call, string recorded, string written)
    {
        const string Reader = "global::AotLayers.Interop.CallReader";
        if (method.StreamRead is { } stream)
        {
            ParameterModel buffer = method.Find(stream.Buffer)!;
            string match = $"{call}.MatchStream({GeneratedFile.Quote(stream.Handle)}, {GeneratedFile.Quote(stream.Buffer)}, "
                + $"{buffer.Identifier}, out {{0}});";
            if (method.Find(stream.ExceptWhen) is not { } except)
            {
                w.Line(
                    $"{Reader} {recorded} = {string.Format(System.Globalization.CultureInfo.InvariantCulture, match, "int " + written)}");
                return;
            }

            w.Line($"int {written} = 0;");
            w.Line($"{Reader} {recorded} = {except.Identifier} != 0");
            w.Indented(w =>
            {
                w.Line($"? {call}.Match()");
                w.Line($": {string.Format(System.Globalization.CultureInfo.InvariantCulture, match, written)}");
            });
        }
        else if (CallsWriter.HasOut(method))
        {
            w.Line($"{Reader} {recorded} = {call}.Match();");
        }
        else
        {
            w.Line($"{call}.Match();");
        }
    }

    private static string ReturnCall(MethodModel method, string call) => method switch
    {
        { ReturnHandle: { } handle } => HandleText.Typed(
            method.Return,
            $"{call}.ReturnHandle({GeneratedFile.Quote(handle.Kind)}{(handle.Use == HandleUse.Borrowed ? ", isBorrowed: true" : "")})"),
        { ReturnRole: ValueRole.Opaque } => HandleText.Typed(method.Return, $"{call}.ReturnOpaque()"),
        { Return.Shape: TypeShape.CLong } => $"new {method.Return.Text}({call}.Return{method.Return.Scalar}())",
        { Return.Shape: TypeShape.Bool } => $"{call}.ReturnInt64() != 0",
        { Return.Shape: TypeShape.Char } => $"(char){call}.ReturnUInt32()",
        { Return.Scalar: "Single" or "Double" } => $"{(method.Return.Scalar == "Single" ? "(float)" : "")}{call}.ReturnDouble()",
        { Return: { Shape: TypeShape.Enum, Scalar: "SByte" or "Int16" or "Byte" or "UInt16" } } =>
            $"({method.Return.Text}){call}.ReturnInt64()",
        { Return.Shape: TypeShape.Enum } => $"({method.Return.Text}){call}.Return{method.Return.Scalar}()",
        { Return.Scalar: "SByte" or "Int16" } => $"({method.Return.Text}){call}.ReturnInt32()",
        { Return.Scalar: "Byte" or "UInt16" } => $"({method.Return.Text}){call}.ReturnUInt32()",
        _ => $"{call}.Return{method.Return.Scalar}()",
    };
}
