namespace AotLayers.Interop.Generators;

/// <summary>Writes <c>Faulting&lt;Api&gt;</c>: fails, shortens or cuts calls as a plan says, and passes the others on.</summary>
internal sealed class FaultingWriter(NativeApiModel api)
{
    private readonly string _inner = api.Member("_inner");
    private readonly string _plan = api.Member("_plan");

    public static string Write(NativeApiModel api) => new FaultingWriter(api).Write();

    private string Write()
    {
        CodeWriter w = GeneratedFile.Start(api.Namespace);
        w.Line($"/// <summary>Injects faults into the calls of another <see cref=\"{api.InterfaceName}\"/>.</summary>");
        w.Line("/// <param name=\"inner\">Makes the calls that the plan lets through.</param>");
        w.Line("/// <param name=\"plan\">Which calls fail, and how.</param>");
        GeneratedFile.Mark(w);
        w.Open($"{api.Accessibility} sealed class {api.FaultingName}({api.InterfaceName} inner, global::AotLayers.Interop.FaultPlan "
            + $"plan) : {api.InterfaceName}");
        w.Line($"private readonly {api.InterfaceName} {_inner} = inner;");
        w.Line($"private readonly global::AotLayers.Interop.FaultPlan {_plan} = plan.For({api.InfoName}.Info);");
        w.Line("");
        w.Line("/// <inheritdoc />");
        w.Line($"public global::AotLayers.Interop.NativeApiInfo Info => {api.Info};");
        w.Line("");
        w.Line("/// <inheritdoc />");
        w.Line($"public global::AotLayers.Interop.ExportStatus Probe(string export) => {_plan}.Probe({api.Info}, export, "
            + $"{api.AsApi(_inner)}.Probe(export));");
        foreach (MethodModel method in api.Methods)
        {
            w.Line("");
            w.Line("/// <inheritdoc />");
            w.Open(SignatureText.Implementation(api, method, api.FaultingName));
            Body(w, method);
            w.Close();
        }

        w.Close();
        return w.ToString();
    }

    private void Body(CodeWriter w, MethodModel method)
    {
        string code = method.Local("code");
        string info = api.Info;
        string function = GeneratedFile.Quote(method.Name);
        if (method.Export != method.Name)
        {
            string export = GeneratedFile.Quote(method.Export);
            w.Line($"global::AotLayers.Interop.MissingExportException.ThrowUnlessPresent({_plan}.Probe({info}, {export}, "
                + $"global::AotLayers.Interop.ExportStatus.Present), {info}.Library, {export});");
        }

        w.Open($"if ({_plan}.TryFail({info}, {function}, out long {code}))");
        Fail(w, method, code);
        w.Close();
        w.Line("");
        if (method.StreamRead is { } stream)
        {
            if (method.Find(stream.ExceptWhen) is { } except)
            {
                w.Open($"if ({except.Identifier} != 0)");
                CallOn(w, method, SignatureText.Arguments(method));
                w.Close();
                w.Line("");
            }

            Read(w, method, stream, info, function);
            return;
        }

        CallOn(w, method, SignatureText.Arguments(method));
    }

    /// <summary>The failing return. A handle that the call ends is ended first, because a failing call ends it too.</summary>
    private void Fail(CodeWriter w, MethodModel method, string code)
    {
        foreach (ParameterModel p in method.Parameters.Where(static p => p.Mode == PassingMode.Out))
        {
            w.Line($"{p.Identifier} = {HandleText.Nothing(p.Type)};");
        }

        ParameterModel[] consumed = [.. method.Parameters.Where(static p => p.Handle is { } h
            && (h.Use == HandleUse.Consumed || h.ConsumedWhen is not null))];
        if (consumed.Length > 0)
        {
            string?[] conditions = [.. consumed.Select(p => method.Find(p.Handle!.ConsumedWhen)?.Identifier)];
            string call = $"{_inner}.{method.Identifier}({SignatureText.Arguments(method)});";
            if (conditions.Contains(null))
            {
                Ended(w, consumed.Where((_, i) => conditions[i] is null));
                w.Line(call);
            }
            else
            {
                w.Open($"if ({string.Join(" || ", conditions.Distinct().Select(static c => c + " != 0"))})");
                Ended(w, consumed);
                w.Line(call);
                w.Close();
                w.Line("");
            }
        }

        if (method.Success is SuccessRule.NonZero or SuccessRule.NotMinusOne or SuccessRule.NoLastError || method.SetsLastError)
        {
            w.Line($"global::System.Runtime.InteropServices.Marshal.SetLastPInvokeError(unchecked((int){code}));");
        }

        w.Line((method.Success, method.Return.Shape) switch
        {
            (_, TypeShape.Void) => "return;",
            (_, TypeShape.String) => "return default!;",
            (_, TypeShape.Struct or TypeShape.Guid or TypeShape.Bool or TypeShape.Char or TypeShape.Address) => "return default;",
            (SuccessRule.Handle, _) or (SuccessRule.NotNull, _) or (_, TypeShape.SafeHandle) =>
                $"return {HandleText.None(method.ReturnHandle, method.Return)};",
            (SuccessRule.NonZero, TypeShape.CLong) => "return default;",
            (_, TypeShape.CLong) =>
                $"return new "
                    + $"{method.Return.Text}(unchecked(({method.Return.ScalarText}){(method.Success is SuccessRule.NotMinusOne or SuccessRule.NonNegative ? "(-1)" : code)}));",
            (SuccessRule.NonZero, _) => "return 0;",
            (SuccessRule.NonNegative, _) when method.SetsLastError => $"return unchecked(({method.Return.Text})(-1));",
            (SuccessRule.NoLastError, _) => "return default;",
            (SuccessRule.NotMinusOne, _) => $"return unchecked(({method.Return.Text})(-1));",
            _ => $"return unchecked(({method.Return.Text}){code});",
        });
    }

    private void Ended(CodeWriter w, IEnumerable<ParameterModel> handles)
    {
        foreach (ParameterModel p in handles)
        {
            w.Line($"{_plan}.HandleEnded({HandleText.Value(p.Type, p.Identifier)});");
        }
    }

    private void CallOn(CodeWriter w, MethodModel method, string arguments)
    {
        Ended(w, method.Parameters.Where(static p => p.Handle is { Use: HandleUse.Consumed, ConsumedWhen: null }));
        string call = $"{_inner}.{method.Identifier}({arguments});";
        w.Line(method.Return.Shape == TypeShape.Void ? call : "return " + call);
    }

    /// <summary>A stream read: the plan may shorten it or cut the stream.</summary>
    private void Read(CodeWriter w, MethodModel method, StreamReadModel stream, string info, string function)
    {
        string limit = method.Local("limit");
        string result = method.Local("result");
        ParameterModel handle = method.Find(stream.Handle)!;
        ParameterModel buffer = method.Find(stream.Buffer)!;
        w.Line($"int {limit} = {_plan}.LimitRead({info}, {function}, {HandleText.Value(handle.Type, handle.Identifier)}, "
            + $"{buffer.Identifier}.Length);");
        w.Open($"if ({limit} == 0 && {buffer.Identifier}.Length > 0)");
        foreach (ParameterModel p in method.Parameters.Where(static p => p.Mode == PassingMode.Out))
        {
            w.Line($"{p.Identifier} = {HandleText.Nothing(p.Type)};");
        }

        string zeroBytes = method.Success == SuccessRule.NonZero && !buffer.Buffer!.WrittenByReturnValue ? "1" : "0";
        w.Line(method.Return.Shape == TypeShape.Void ? "return;" : $"return {zeroBytes};");
        w.Close();
        w.Line("");

        IEnumerable<string> arguments = method.Parameters.Select(p =>
            p.Name == buffer.Name ? $"{p.Identifier}[..{limit}]"
            : p.LengthOf == buffer.Name ? $"({p.Type.Text}){limit}"
            : p.Argument);
        w.Line(
            $"{(method.Return.Shape == TypeShape.Void ? "" : $"{method.Return.Text} {result} = ")}{_inner}.{method.Identifier}({string.Join(", ", arguments)});");
        string count = buffer.Buffer!.WrittenByReturnValue ? result : method.Find(buffer.Buffer.Written)!.Identifier;
        string counted = $"{_plan}.CountRead({info}, {function}, {HandleText.Value(handle.Type, handle.Identifier)}, (int){count});";
        string succeeded = SignatureText.Succeeded(method, result);
        if (succeeded == "true")
        {
            w.Line(counted);
        }
        else
        {
            w.Open($"if ({succeeded})");
            w.Line(counted);
            w.Close();
            w.Line("");
        }

        if (method.Return.Shape != TypeShape.Void)
        {
            w.Line($"return {result};");
        }
    }
}
