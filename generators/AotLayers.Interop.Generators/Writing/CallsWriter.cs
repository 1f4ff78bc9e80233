namespace AotLayers.Interop.Generators;

/// <summary>
/// Writes <c>&lt;Api&gt;Calls</c>: per function one body that writes the in-arguments, one that writes the out-arguments and one that reads them back.
/// The recorder and the replayer share them, so the two cannot drift apart.
/// </summary>
internal static class CallsWriter
{
    private const string Writer = "global::AotLayers.Interop.CallWriter";
    private const string Reader = "global::AotLayers.Interop.CallReader";

    public static string Write(NativeApiModel api)
    {
        CodeWriter w = GeneratedFile.Start(api.Namespace);
        w.Line($"/// <summary>The arguments of <c>{api.Name}</c> as recordings hold them; shared by the recorder and the replayer.</summary>");
        GeneratedFile.Mark(w);
        w.Open($"internal static class {api.CallsName}");
        foreach (MethodModel method in api.Methods)
        {
            WriteIn(w, method);
            if (HasOut(method))
            {
                WriteOut(w, method);
                ReadOut(w, method);
            }
        }

        HashSet<string> read = [.. api.Methods.SelectMany(static m => m.Parameters).Where(static p => p.Mode is PassingMode.Out or PassingMode.Ref || p.Type.Shape == TypeShape.Span).Select(static p => (p.Type.Element ?? p.Type).Helper).OfType<string>()];
        foreach (StructModel model in api.Structs.Reverse())
        {
            StructText.Write(w, model);
            if (read.Contains(model.Helper))
            {
                read.UnionWith(model.Fields.Select(static f => f.Type.Helper).OfType<string>());
                StructText.Read(w, model);
            }
        }

        Helpers(w, api);
        w.Close();
        return w.ToString();
    }

    /// <summary>The function has something that a successful call gives back.</summary>
    public static bool HasOut(MethodModel method) => method.Parameters.Any(IsOut);

    /// <summary>The parameters that <c>WriteIn</c> takes.</summary>
    public static IEnumerable<ParameterModel> InParameters(MethodModel method) => method.Parameters.Where(p => p.Mode != PassingMode.Out && (p.LengthOf is null || IsCondition(method, p)));

    /// <summary>The parameters that <c>WriteOut</c> and <c>ReadOut</c> take.</summary>
    public static IEnumerable<ParameterModel> OutParameters(MethodModel method) => method.Parameters.Where(p => IsOut(p) || IsHandleCondition(method, p));

    /// <summary>The return value tells how much of a buffer was written.</summary>
    public static bool NeedsResult(MethodModel method) => method.Parameters.Any(static p => p.Buffer is { WrittenByReturnValue: true });

    private static bool IsOut(ParameterModel p) => p.Mode is PassingMode.Out or PassingMode.Ref || p.Type.Shape == TypeShape.Span;

    private static bool IsHandleCondition(MethodModel method, ParameterModel p) => method.Parameters.Any(h => IsOut(h) && h.Handle?.ConsumedWhen == p.Name);

    private static bool IsCondition(MethodModel method, ParameterModel p) => method.Parameters.Any(h => h.Handle?.ConsumedWhen == p.Name);

    private static string Parameters(string first, IEnumerable<ParameterModel> parameters, Func<ParameterModel, string> modifier, string? last = null) =>
        string.Join(", ", parameters.Select(p => $"{modifier(p)}{p.Type.Text} {p.Identifier}").Prepend(first).Concat(last is null ? [] : [last]));

    private static string Unsafe(IEnumerable<ParameterModel> parameters) => parameters.Any(static p => p.Type.Shape == TypeShape.Pointer) ? "unsafe " : "";

    private static void WriteIn(CodeWriter w, MethodModel method)
    {
        string writer = method.Local("writer");
        ParameterModel[] parameters = [.. InParameters(method)];
        w.Separate();
        w.Line($"/// <summary>Writes what goes into <c>{method.Name}</c>.</summary>");
        w.Open($"public static {Unsafe(parameters)}void Write{method.Name}In({Parameters($"{Writer} {writer}", parameters, static p => p.Type.Shape == TypeShape.Struct ? "in " : "")})");
        foreach (ParameterModel p in parameters.Where(static p => p.LengthOf is null))
        {
            string name = GeneratedFile.Quote(p.Name);
            if (p.Handle is { } handle)
            {
                WriteHandleIn(w, writer, method, p, handle);
            }
            else if (p.Type.Shape == TypeShape.Span)
            {
                w.Line($"{writer}.Capacity({name}, {p.Identifier}.Length);");
            }
            else if (p.Type.Shape == TypeShape.ReadOnlySpan)
            {
                ElementText.Write(w, writer, name, p.Identifier, p.Type.Element!);
            }
            else if (p.Type.Shape == TypeShape.Pointer)
            {
                w.Open($"if ({p.Identifier} is null)");
                w.Line($"{writer}.Null({name});");
                w.Close();
                w.Open("else");
                w.Line($"Write{p.Type.Element!.Helper}({writer}, {name}, in *{p.Identifier});");
                w.Close();
            }
            else
            {
                w.Line(ValueText.Write(writer, name, p.Identifier, p.Type));
            }
        }

        w.Close();
    }

    private static void WriteHandleIn(CodeWriter w, string writer, MethodModel method, ParameterModel p, HandleModel handle)
    {
        string arguments = $"({GeneratedFile.Quote(p.Name)}, {GeneratedFile.Quote(handle.Kind)}, {p.Identifier});";
        if (method.Find(handle.ConsumedWhen) is not { } condition)
        {
            w.Line($"{writer}.{(handle.Use == HandleUse.Consumed ? "Consumed" : "Handle")}{arguments}");
            return;
        }

        w.Open($"if ({condition.Identifier} != 0)");
        w.Line($"{writer}.Consumed{arguments}");
        w.Close();
        w.Open("else");
        w.Line($"{writer}.Handle{arguments}");
        w.Close();
    }

    private static void WriteOut(CodeWriter w, MethodModel method)
    {
        string writer = method.Local("writer");
        string result = method.Local("result");
        ParameterModel[] parameters = [.. OutParameters(method)];
        w.Separate();
        w.Line($"/// <summary>Writes what a successful <c>{method.Name}</c> gave back.</summary>");
        string signature = Parameters(
            $"{Writer} {writer}",
            parameters,
            static p => p.Type.Shape == TypeShape.Struct ? "in " : "",
            NeedsResult(method) ? $"{method.Return.Text} {result}" : null);
        w.Open($"public static void Write{method.Name}Out({signature})");
        foreach (ParameterModel p in parameters.Where(IsOut))
        {
            string name = GeneratedFile.Quote(p.Name);
            if (p.Type.Shape == TypeShape.Span)
            {
                string count = p.Buffer!.WrittenByReturnValue ? result : method.Find(p.Buffer.Written)!.Identifier;
                ElementText.Write(w, writer, name, $"{p.Identifier}[..Written({Unsigned(count)}, {p.Identifier}.Length)]", p.Type.Element!);
            }
            else if (p.Handle is { Use: HandleUse.Produced } produced)
            {
                w.Line($"{writer}.Produced({name}, {GeneratedFile.Quote(produced.Kind)}, {p.Identifier});");
            }
            else if (p.Handle is { } kept)
            {
                Unless(w, method, kept, w => w.Line($"{writer}.Kept({name}, {GeneratedFile.Quote(kept.Kind)}, {p.Identifier});"));
            }
            else if (!IsStreamCount(method, p))
            {
                w.Line(ValueText.Write(writer, name, p.Identifier, p.Type));
            }
        }

        w.Close();
    }

    private static void ReadOut(CodeWriter w, MethodModel method)
    {
        string reader = method.Local("reader");
        string written = method.Local("written");
        ParameterModel[] parameters = [.. OutParameters(method)];
        w.Separate();
        w.Line($"/// <summary>Reads what a recorded, successful <c>{method.Name}</c> gave back.</summary>");
        string signature = Parameters($"{Reader} {reader}", parameters, static p => IsOut(p) ? p.Modifier : "", method.StreamRead is null ? null : $"int {written}");
        w.Open($"public static void Read{method.Name}Out({signature})");
        foreach (ParameterModel p in parameters.Where(IsOut))
        {
            string name = GeneratedFile.Quote(p.Name);
            if (p.Type.Shape == TypeShape.Span)
            {
                // The bytes of a stream were put into the buffer by MatchStream.
                if (method.StreamRead?.Buffer != p.Name)
                {
                    ElementText.Read(w, reader, name, p.Identifier, p.Type.Element!);
                }
            }
            else if (p.Handle is { Use: HandleUse.Produced } produced)
            {
                w.Line($"{p.Identifier} = {reader}.Produced({name}, {GeneratedFile.Quote(produced.Kind)});");
            }
            else if (p.Handle is { } kept)
            {
                Unless(w, method, kept, w => w.Line($"{p.Identifier} = {reader}.Kept({name}, {GeneratedFile.Quote(kept.Kind)});"));
            }
            else if (IsStreamCount(method, p))
            {
                w.Line($"{p.Identifier} = ({p.Type.Text}){written};");
            }
            else
            {
                w.Line($"{p.Identifier} = {ValueText.Read(reader, name, p.Type)};");
            }
        }

        w.Close();
    }

    /// <summary>The count of a stream's buffer is the buffer's length; any other count may ask for more room than there is, so it is recorded itself.</summary>
    private static bool IsStreamCount(MethodModel method, ParameterModel p) => p.WrittenOf is not null && method.StreamRead?.Buffer == p.WrittenOf && p.Mode == PassingMode.Out;

    private static void Unless(CodeWriter w, MethodModel method, HandleModel handle, Action<CodeWriter> write)
    {
        if (method.Find(handle.ConsumedWhen) is not { } condition)
        {
            write(w);
            return;
        }

        w.Open($"if ({condition.Identifier} == 0)");
        write(w);
        w.Close();
    }

    private static string Unsigned(string count) => $"unchecked((ulong){count})";

    private static void Helpers(CodeWriter w, NativeApiModel api)
    {
        if (api.Methods.Any(static m => m.Parameters.Any(static p => p.Type.Shape == TypeShape.Span)))
        {
            w.Separate();
            w.Line("// A count beyond the buffer is a demand for more room: nothing was written.");
            w.Line("private static int Written(ulong count, int capacity) => count <= (ulong)capacity ? (int)count : 0;");
        }

        if (api.Structs.Any(static s => s.Fields.Any(static f => f.Shape == FieldShape.Chars)))
        {
            w.Separate();
            w.Open("private static global::System.ReadOnlySpan<char> UntilNul(global::System.ReadOnlySpan<char> text)");
            w.Line("int end = global::System.MemoryExtensions.IndexOf(text, '\\0');");
            w.Line("return end < 0 ? text : text[..end];");
            w.Close();
        }
    }
}
