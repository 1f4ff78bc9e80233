namespace AotLayers.Interop.Generators;

/// <summary>
/// Writes, beside the entry points of a [NativeExports] class with <c>Recordable</c>, what each one does once the library's own function
/// behind it is known: it calls that function with the very arguments that came, and writes down what went in and what came out. Whatever
/// cannot be written down is passed on all the same.
/// </summary>
internal static class RecordedExportsWriter
{
    private const string Compiler = "global::System.Runtime.CompilerServices.";
    private const string Marshal = "global::System.Runtime.InteropServices.Marshal";

    /// <summary>The member that holds the library's own function.</summary>
    public static string Slot(ExportedApi exported, MethodModel method) => $"s_{ExportsWriter.EntryPoint(exported, method)}";

    /// <summary>Writes the members that are there once.</summary>
    public static void WriteShared(CodeWriter w, IEnumerable<ExportedApi> apis)
    {
        w.Line("");
        w.Line("/// <summary>The facts of the APIs whose calls can be recorded.</summary>");
        w.Line("public static global::System.Collections.Generic.IReadOnlyList<global::AotLayers.Interop.NativeApiInfo> Apis { get; } =");
        w.Indented(w => w.Line($"[{string.Join(", ", apis.Select(static a => a.Api.Info))}];"));
        w.Line("");
        w.Line("/// <summary>Names the library's own function behind an export: the entry point then records and calls it.</summary>");
        w.Line("/// <param name=\"export\">Name of the export.</param>");
        w.Line("/// <param name=\"function\">The function; 0 to serve the calls again.</param>");
        w.Line("/// <returns>Whether there is such an entry point.</returns>");
        w.Open("public static bool Redirect(string export, nint function)");
        w.Open("switch (export)");
        foreach (ExportedApi exported in apis)
        {
            foreach (MethodModel method in exported.Methods)
            {
                w.Line($"case {GeneratedFile.Quote(method.Export)}:");
                w.Indented(w => w.Line($"{Slot(exported, method)} = function;"));
                w.Indented(static w => w.Line("return true;"));
            }
        }

        w.Line("default:");
        w.Indented(static w => w.Line("return false;"));
        w.Close();
        w.Close();
        w.Line("/// <summary>Hears of a call that was passed on and not written down, as a pointer or a length was none. Implementing it "
            + "is optional.</summary>");
        w.Line("/// <param name=\"export\">The export that was called.</param>");
        w.Line("static partial void OnUnrecorded(string export);");
    }

    /// <summary>Writes the first lines of an entry point.</summary>
    public static void WriteBranch(CodeWriter w, ExportedApi exported, MethodModel method)
    {
        string function = method.Local("function");
        string arguments = string.Join(", ", method.Parameters.Select(static p => p.Identifier).Prepend(function));
        string call = $"Recorded_{ExportsWriter.EntryPoint(exported, method)}({arguments});";
        w.Line($"nint {function} = {Slot(exported, method)};");
        w.Open($"if ({function} != 0 || ({function} = FindLibraryFunction({GeneratedFile.Quote(method.Export)})) != 0)");
        if (method.Return.Shape == TypeShape.Void)
        {
            w.Line(call);
            w.Line("return;");
        }
        else
        {
            w.Line("return " + call);
        }

        w.Close();
    }

    /// <summary>Writes the recording body of an entry point.</summary>
    public static void Write(CodeWriter w, ExportedApi exported, MethodModel method)
    {
        string function = method.Local("function");
        string call = method.Local("call");
        string result = method.Local("result");
        string lastError = method.Local("lastError");
        string exception = method.Local("exception");
        ParameterText[] parameters = [.. method.Parameters.Select(p => ParameterText.Create(method, p))];
        bool hasResult = method.Return.Shape != TypeShape.Void;
        string export = GeneratedFile.Quote(method.Export);

        w.Line("");
        w.Line($"private static nint {Slot(exported, method)};");
        w.Line("");
        w.Line($"/// <summary>Calls the library's own <c>{method.Export}</c> and writes the call down.</summary>");
        w.Line($"[{Compiler}MethodImpl({Compiler}MethodImplOptions.NoInlining)]");
        GeneratedFile.Mark(w);
        string signature = string.Join(
            ", ",
            method.Parameters.Select(p => $"{ExportsWriter.NativeType(method, p)} {p.Identifier}").Prepend($"nint {function}"));
        w.Open($"private static unsafe {ExportsWriter.NativeReturn(method)} "
            + $"Recorded_{ExportsWriter.EntryPoint(exported, method)}({signature})");

        w.Line($"int {lastError} = {Marshal}.GetLastSystemError();");
        w.Line($"global::AotLayers.Interop.CallInProgress? {call} = null;");
        foreach (ParameterModel p in method.Parameters)
        {
            if (p.IsElements && p.IsWritten)
            {
                w.Line($"int {Room(method, p)} = 0;");
            }

            if (p.Type.HasCursors)
            {
                w.Line($"{(p.Type.Element ?? p.Type).Text} {method.Local(p.Name + "Before")} = {p.Identifier} is null ? default : "
                    + $"*{p.Identifier};");
            }

            if (p.Callback is not null)
            {
                w.Line($"{ExportsWriter.NativeType(method, p)} {Passed(method, p)} = {p.Identifier};");
            }
        }

        string refused = string.Join(
            " || ",
            parameters.Select(static p => p.NullCheck).Concat(parameters.Select(static p => p.RangeCheck)).OfType<string>()
                .Where(static c => c != "false"));
        if (refused.Length > 0)
        {
            w.Open($"if ({refused})");
            w.Line($"OnUnrecorded({export});");
            w.Close();
            w.Open("else");
        }

        In(w, exported.Api, method, parameters, call, exception);
        if (refused.Length > 0)
        {
            w.Close();
        }

        w.Line($"{Marshal}.SetLastSystemError({lastError});");
        string arguments = string.Join(
            ", ",
            method.Parameters.Select(p => p.Callback is null ? p.Identifier : Passed(method, p)));
        string native = $"((delegate* unmanaged<{ExportsWriter.PointerTypes(method)}>){function})({arguments});";
        w.Line(hasResult ? $"{ExportsWriter.NativeReturn(method)} {result} = {native}" : native);
        w.Open($"if ({call} is not null)");
        w.Line($"{lastError} = {Marshal}.GetLastSystemError();");
        w.Open("try");
        Out(w, exported, method, call, result, lastError);
        w.Close();
        w.Open($"catch (global::System.Exception {exception})");
        w.Line($"OnException({export}, {exception});");
        w.Close();
        w.Line($"{call}.Dispose();");
        w.Line($"{Marshal}.SetLastSystemError({lastError});");
        w.Close();
        if (hasResult)
        {
            w.Line($"return {result};");
        }

        w.Close();
    }

    private static void In(
        CodeWriter w,
        NativeApiModel api,
        MethodModel method,
        ParameterText[] parameters,
        string call,
        string exception)
    {
        ParameterModel[] written = [.. CallsWriter.InParameters(method)];
        w.Open("try");
        foreach (ParameterModel p in method.Parameters.Where(static p => p.IsElements && p.IsWritten))
        {
            w.Line($"{Room(method, p)} = (int){ParameterText.Elements(method, p)};");
        }

        w.Line($"{call} = GetRecorder()?.Enter({api.Info}, {GeneratedFile.Quote(method.Name)});");
        w.Open($"if ({call} is not null)");
        List<string> arguments = [$"{call}.In"];
        for (int i = 0; i < parameters.Length; i++)
        {
            ParameterModel p = method.Parameters[i];
            if (written.Contains(p))
            {
                foreach (string line in parameters[i].Before)
                {
                    w.Line(line);
                }

                string value = parameters[i].Argument;
                value = value.StartsWith("in ", StringComparison.Ordinal) ? value.Substring(3)
                    : value.StartsWith("ref ", StringComparison.Ordinal) ? value.Substring(4)
                    : value;
                arguments.Add((p.Type.Shape == TypeShape.Struct ? "in " : "") + value);
            }
        }

        w.Line($"{api.Calls}.Write{method.Name}In({string.Join(", ", arguments)});");
        w.Line($"{call}.Start();");
        foreach (ParameterModel p in method.Parameters.Where(static p => p.Callback is not null))
        {
            string context = method.Find(p.Callback!.Context) is { } c ? $"(nint){c.Identifier}" : "0";
            w.Line($"{Passed(method, p)} = ({ExportsWriter.NativeType(method, p)}){api.QualifiedPrefix}{api.CallbacksName}."
                + $"Recorded{p.Callback.Signature.Name}.Wrap({call}, {GeneratedFile.Quote(p.Name)}, (nint){p.Identifier}, {context}, "
                + $"{(p.Callback.IsRegistered ? "true" : "false")});");
        }

        w.Close();
        w.Close();
        w.Open($"catch (global::System.Exception {exception})");
        w.Line($"OnException({GeneratedFile.Quote(method.Export)}, {exception});");
        w.Line($"{call}?.Dispose();");
        w.Line($"{call} = null;");
        w.Close();
    }

    private static void Out(
        CodeWriter w,
        ExportedApi exported,
        MethodModel method,
        string call,
        string result,
        string lastError)
    {
        NativeApiModel api = exported.Api;
        string value = ManagedResult(method, result);
        if (value != result)
        {
            string local = method.Local("resultValue");
            w.Line($"{method.Return.Text} {local} = {value};");
            result = local;
        }

        string succeeded = Condition(w, method, "succeeded", SignatureText.Success(method, result, lastError));
        string hasResults = succeeded == "true" || SignatureText.FailedWithResults(method, result, lastError) is not { } failed
            ? succeeded
            : Condition(w, method, "hasResults", $"{succeeded} || {failed}");
        if (CallsWriter.HasOut(method))
        {
            if (hasResults != "true")
            {
                w.Open($"if ({hasResults})");
            }

            Lengths(w, exported, method);
            IEnumerable<string> arguments = CallsWriter.OutParameters(method)
                .Select(p => (p.Type.Shape == TypeShape.Struct ? "in " : "") + Managed(method, p))
                .Prepend($"{call}.Out")
                .Concat(CallsWriter.NeedsResult(method) ? [result] : [])
                .Concat(CallsWriter.MoreOut(method).Select(m => method.Find(m.Argument.TrimStart('@')) is { } p
                    ? Managed(method, p)
                    : m.Argument));
            w.Line($"{api.Calls}.Write{method.Name}Out({string.Join(", ", arguments)});");
            if (hasResults != "true")
            {
                w.Close();
            }
        }

        w.Line($"{call}.Return({RecordingWriter.Returned(api, method, result, succeeded, hasResults, lastError)});");
    }

    private static string Condition(CodeWriter w, MethodModel method, string name, string condition)
    {
        if (condition == "true")
        {
            return condition;
        }

        string local = method.Local(name);
        w.Line($"bool {local} = {condition};");
        return local;
    }

    /// <summary>Asks the library how long its memory is, where another function tells that.</summary>
    private static void Lengths(CodeWriter w, ExportedApi exported, MethodModel method)
    {
        foreach (string name in RecordingWriter.LengthFunctions(method))
        {
            if (exported.Methods.FirstOrDefault(m => m.Name == name) is not { } length)
            {
                w.Line($"long {method.Local(name + "Length")} = -1;");
                continue;
            }

            string function = method.Local(name + "Function");
            string arguments = string.Join(", ", length.Parameters.Select(static p => p.Identifier));
            w.Line($"nint {function} = {Slot(exported, length)} != 0 ? {Slot(exported, length)} : "
                + $"FindLibraryFunction({GeneratedFile.Quote(length.Export)});");
            w.Line($"long {method.Local(name + "Length")} = {function} == 0 ? -1 : "
                + $"(long)((delegate* unmanaged<{ExportsWriter.PointerTypes(length)}>){function})({arguments});");
        }
    }

    /// <summary>The value of a parameter after the call, as the recording's bodies take it.</summary>
    private static string Managed(MethodModel method, ParameterModel p)
    {
        if (p.Type.Shape == TypeShape.Array)
        {
            string copy = $"new global::System.Span<{p.Type.Element!.Text}>({p.Identifier}, {Room(method, p)}).ToArray()";
            return p.Type.Text.EndsWith("?", StringComparison.Ordinal) ? $"{p.Identifier} is null ? null : {copy}" : copy;
        }

        if (p.Type.Shape == TypeShape.Span)
        {
            return $"new global::System.Span<{p.Type.Element!.Text}>({p.Identifier}, {Room(method, p)})";
        }

        string native = p.Mode == PassingMode.Value ? p.Identifier : "*" + p.Identifier;
        return p.Type switch
        {
            { Shape: TypeShape.String } when p.Mode != PassingMode.Value => ParameterText.Read(p.Strings, $"({native})"),
            { Shape: TypeShape.Bool } => $"{native} != 0",
            { Shape: TypeShape.Char } => $"(char){native}",
            { Shape: TypeShape.SafeHandle } =>
                $"global::AotLayers.Interop.HandleValues.Replayed(new {p.Type.Text.TrimEnd('?')}(), {native})",
            _ => native,
        };
    }

    private static string ManagedResult(MethodModel method, string result) => method.Return switch
    {
        { Shape: TypeShape.SafeHandle } =>
            $"global::AotLayers.Interop.HandleValues.Replayed(new {method.Return.Text.TrimEnd('?')}(), {result})",
        { Shape: TypeShape.Bool } => $"{result} != 0",
        { Shape: TypeShape.String, Marshaller: { CanConvertToManaged: true } marshaller } =>
            $"{marshaller.Type}.ConvertToManaged({result})!",
        { Shape: TypeShape.String } => ParameterText.Read(method.ReturnStrings, result),
        _ => result,
    };

    private static string Room(MethodModel method, ParameterModel p) => method.Local(p.Name + "Room");

    private static string Passed(MethodModel method, ParameterModel p) => method.Local(p.Name + "Passed");
}
