namespace AotLayers.Interop.Generators;

/// <summary>
/// Writes <c>&lt;Api&gt;Calls</c>: per function one body that writes the in-arguments, one that writes the out-arguments and one that
/// reads them back. The recorder and the replayer share them, so the two cannot drift apart.
/// </summary>
internal static class CallsWriter
{
    private const string Writer = "global::AotLayers.Interop.CallWriter";
    private const string Reader = "global::AotLayers.Interop.CallReader";

    public static string Write(NativeApiModel api)
    {
        CodeWriter w = GeneratedFile.Start(api.Namespace);
        w.Line(
            $"/// <summary>The arguments of <c>{api.Name}</c> as recordings hold them; shared by the recorder and the replayer.</summary>");
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

        foreach (CallbackSignature signature in api.Callbacks)
        {
            CallbackCallsText.Write(w, signature);
        }

        HashSet<string?> shared = [.. api.Callbacks.SelectMany(static c => c.Parameters)
            .Where(static p => p.IsIn)
            .Select(static p => (p.Type.Element ?? p.Type).Helper)];
        HashSet<string> read =
        [
            .. api.Methods.SelectMany(static m => m.Parameters)
                .Where(static p => p.IsWritten)
                .Select(static p => (p.Type.Element ?? p.Type).Helper)
                .Concat(api.Methods.Select(static m => m.Return.Helper))
                .Concat(shared)
                .OfType<string>(),
        ];
        HashSet<string> back = [.. api.Methods.SelectMany(static m => m.Parameters.Where(static p => p.IsWritten)
            .Select(static p => p.Type.Element ?? p.Type)
            .Append(m.Return)).Where(static t => t.HasOutForm).Select(static t => t.Helper).OfType<string>()];
        foreach (StructModel model in api.Structs.Reverse())
        {
            if (model.HasCursors)
            {
                CursorText.Write(w, model);
                read.UnionWith(model.Fields.Select(static f => f.Type.Helper).OfType<string>());
                continue;
            }

            StructText.Write(w, model);
            if (back.Contains(model.Helper))
            {
                back.UnionWith(model.Fields.Where(static f => f.Type.HasOutForm).Select(static f => f.Type.Helper).OfType<string>());
                StructText.WriteBack(w, model);
            }

            if (read.Contains(model.Helper))
            {
                read.UnionWith(model.Fields.Select(static f => f.Type.Helper).OfType<string>());
                StructText.Read(w, model, shared.Contains(model.Helper));
            }
        }

        w.Close();
        return w.ToString();
    }

    /// <summary>The function has something that a successful call gives back.</summary>
    public static bool HasOut(MethodModel method) => method.ReturnsContent || method.Parameters.Any(IsOut);

    /// <summary>The parameters that <c>WriteIn</c> takes.</summary>
    public static IEnumerable<ParameterModel> InParameters(MethodModel method) => method.Parameters.Where(p => p.Mode != PassingMode.Out
        && !p.IsContext
        && !(p.Content is not null && p.Handle is null)
        && (p.LengthOf is null || IsCondition(method, p)));

    /// <summary>The parameters that <c>WriteOut</c> and <c>ReadOut</c> take.</summary>
    public static IEnumerable<ParameterModel> OutParameters(MethodModel method) =>
        method.Parameters.Where(p => IsOut(p) || IsHandleCondition(method, p));

    /// <summary>The return value tells how much of a buffer was written.</summary>
    public static bool NeedsResult(MethodModel method) =>
        method.ReturnsContent
            || method.Parameters.Any(static p => p.Buffer is { WrittenByReturnValue: true } || p.Content is { LengthByReturnValue: true });

    /// <summary>What <c>WriteOut</c> takes after the out-parameters and the return value: declarations and arguments.</summary>
    public static IEnumerable<(string Declaration, string Argument)> MoreOut(MethodModel method)
    {
        foreach (ParameterModel p in method.Parameters.Where(static p => p.Type.HasCursors))
        {
            string before = method.Local(p.Name + "Before");
            yield return ($"in {(p.Type.Element ?? p.Type).Text} {before}", $"in {before}");
        }

        ContentModel?[] contents = [method.ReturnContent, .. method.Parameters.Select(static p => p.Content)];
        foreach (ParameterModel p in method.Parameters.Where(p => !OutParameters(method).Contains(p)
            && (contents.Any(c => c?.Length == p.Name) || method.Parameters.Any(b => b.Buffer?.Written == p.Name))))
        {
            yield return ($"{p.Type.Text} {p.Identifier}", p.Identifier);
        }

        foreach (string function in contents.Select(static c => c?.LengthFunction).OfType<string>().Distinct())
        {
            string length = method.Local(function + "Length");
            yield return ($"long {length}", length);
        }
    }

    /// <summary>What <c>ReadOut</c> takes at the end: the handles that the library's memory lives with.</summary>
    public static IEnumerable<ParameterModel> Owners(MethodModel method)
    {
        string?[] owners = [method.ReturnContent?.Owner, .. method.Parameters.Select(static p => p.Content?.Owner)];
        return method.Parameters.Where(p => owners.Contains(p.Name) && !OutParameters(method).Contains(p));
    }

    private static bool IsOut(ParameterModel p) => p.IsWritten;

    private static bool IsHandleCondition(MethodModel method, ParameterModel p) =>
        method.Parameters.Any(h => IsOut(h) && h.Handle?.ConsumedWhen == p.Name);

    private static bool IsCondition(MethodModel method, ParameterModel p) => method.Parameters.Any(h => h.Handle?.ConsumedWhen == p.Name);

    private static string Parameters(
        string first,
        IEnumerable<ParameterModel> parameters,
        Func<ParameterModel, string> modifier,
        string? last = null) =>
        string.Join(
            ", ",
            parameters.Select(p => $"{modifier(p)}{p.Type.Text} {p.Identifier}").Prepend(first).Concat(last is null ? [] : [last]));

    private static string Unsafe(IEnumerable<ParameterModel> parameters) =>
        parameters.Any(static p => p.Type.Text.Contains('*')) ? "unsafe " : "";

    private static void WriteIn(CodeWriter w, MethodModel method)
    {
        string writer = method.Local("writer");
        ParameterModel[] parameters = [.. InParameters(method)];
        w.Separate();
        w.Line($"/// <summary>Writes what goes into <c>{method.Name}</c>.</summary>");
        w.Open(
            $"public static {Unsafe(parameters)}void "
                + $"Write{method.Name}In({Parameters($"{Writer} {writer}", parameters, static p => p.Type.Shape == TypeShape.Struct ? "in " : "")})");
        foreach (ParameterModel p in parameters.Where(static p => p.LengthOf is null))
        {
            string name = GeneratedFile.Quote(p.Name);
            if (p.IsElements)
            {
                WriteElementsIn(w, writer, name, method, p);
            }
            else if (p.Handle is { } handle)
            {
                WriteHandleIn(w, writer, method, p, handle);
            }
            else if (p.Callback is not null)
            {
                w.Line($"{writer}.Callback({name}, {p.Identifier} {(p.Type.Text is "nint" or "nuint" ? "!= 0" : "is not null")});");
            }
            else if (p.Role is ValueRole.Opaque or ValueRole.Reserved)
            {
                w.Line($"{writer}.{p.Role}({name}, (nint){p.Identifier});");
            }
            else if (p.Type.Shape == TypeShape.Pointer)
            {
                string pointed = p.Direction == Direction.Out
                    ? $"{writer}.Capacity({name}, 1);"
                    : ValueText.Write(writer, name, Pointed(p), p.Type.Element!);
                NullOr(w, writer, name, p, w => w.Line(pointed));
            }
            else
            {
                w.Line(ValueText.Write(writer, name, p.Identifier, p.Type));
            }
        }

        w.Close();
    }

    private static void WriteElementsIn(CodeWriter w, string writer, string name, MethodModel method, ParameterModel p)
    {
        void Elements(CodeWriter w)
        {
            if (p.Direction == Direction.Out)
            {
                w.Line($"{writer}.Capacity({name}, {p.Identifier}.Length);");
            }
            else
            {
                ElementText.Write(w, writer, name, BufferText.Span(p), ElementText.Form.Of(method, p, isOut: false));
            }
        }

        if (p.Type.Shape == TypeShape.Array)
        {
            NullOr(w, writer, name, p, Elements);
        }
        else
        {
            Elements(w);
        }
    }

    private static string Pointed(ParameterModel p) =>
        p.Type.Element!.Shape == TypeShape.Struct ? "*" + p.Identifier : $"(*{p.Identifier})";

    private static void NullOr(CodeWriter w, string writer, string name, ParameterModel p, Action<CodeWriter> write)
    {
        w.Open($"if ({p.Identifier} is null)");
        w.Line($"{writer}.Null({name});");
        w.Close();
        w.Open("else");
        write(w);
        w.Close();
    }

    private static void WriteHandleIn(CodeWriter w, string writer, MethodModel method, ParameterModel p, HandleModel handle)
    {
        string name = GeneratedFile.Quote(p.Name);
        if (method.Find(handle.ConsumedWhen) is not { } condition)
        {
            w.Line(HandleText.In(writer, name, handle, p.Type, p.Identifier));
            return;
        }

        w.Open($"if ({condition.Identifier} != 0)");
        w.Line(HandleText.In(writer, name, handle with { Use = HandleUse.Consumed }, p.Type, p.Identifier));
        w.Close();
        w.Open("else");
        w.Line(HandleText.In(writer, name, handle with { Use = HandleUse.Used }, p.Type, p.Identifier));
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
            Join((NeedsResult(method)
                ? [$"{method.Return.Text} {result}"]
                : Array.Empty<string>()).Concat(MoreOut(method).Select(static m => m.Declaration))));
        w.Open($"public static {UnsafeOut(method)}void Write{method.Name}Out({signature})");
        foreach (ParameterModel p in parameters.Where(IsOut))
        {
            string name = GeneratedFile.Quote(p.Name);
            if (p.Type.HasCursors)
            {
                CursorText.CallWrite(w, writer, name, p, method.Local(p.Name + "Before"));
            }
            else if (p.Content is { } content)
            {
                WriteContent(w, writer, name, method, p, content, result);
            }
            else if (p.IsElements)
            {
                void Elements(CodeWriter w) =>
                    ElementText.Write(w, writer, name, BufferText.Written(method, p, result), ElementText.Form.Of(method, p, isOut: true));
                if (p.Type.Shape == TypeShape.Array)
                {
                    NullOr(w, writer, name, p, Elements);
                }
                else
                {
                    Elements(w);
                }
            }
            else if (p.Type.Shape == TypeShape.Pointer)
            {
                NullOr(w, writer, name, p, w => w.Line(ValueText.Write(writer, name, Pointed(p), p.Type.Element!, isOut: true)));
            }
            else if (p.Handle is { } handle)
            {
                Unless(w, method, handle, w => w.Line(HandleText.Out(writer, name, handle, p.Type, p.Identifier)));
            }
            else if (p.Role == ValueRole.Opaque)
            {
                w.Line($"{writer}.Opaque({name}, (nint){p.Identifier});");
            }
            else if (!IsStreamCount(method, p))
            {
                w.Line(ValueText.Write(writer, name, p.Identifier, p.Type, isOut: true));
            }
        }

        if (method.ReturnContent is { } returned)
        {
            w.Line(ContentText.Write(writer, ContentText.ReturnName, result, returned, Length(method, returned, result)));
        }
        else if (method.ReturnsContent)
        {
            w.Line(ValueText.Write(writer, ContentText.ReturnName, result, method.Return, isOut: true));
        }

        w.Close();
    }

    private static void WriteContent(
        CodeWriter w,
        string writer,
        string name,
        MethodModel method,
        ParameterModel p,
        ContentModel content,
        string result)
    {
        if (p.Handle is { } handle)
        {
            w.Line($"{writer}.{(handle.Use == HandleUse.Produced ? "Produced" : "Kept")}({name}, {GeneratedFile.Quote(handle.Kind)}, "
                + $"(nint){p.Identifier});");
            w.Line($"{writer}.HandleText({name}, (nint){p.Identifier}, {ContentText.Encoding(content)});");
            return;
        }

        w.Line(ContentText.Write(writer, name, p.Identifier, content, Length(method, content, result)));
    }

    private static string? Length(MethodModel method, ContentModel content, string result) =>
        content.LengthByReturnValue ? result
        : content.LengthFunction is { } function ? method.Local(function + "Length")
        : method.Find(content.Length)?.Identifier;

    private static string? Join(IEnumerable<string> parts) => string.Join(", ", parts) is { Length: > 0 } text ? text : null;

    private static string UnsafeOut(MethodModel method) =>
        method.ReturnContent is not null || OutParameters(method)
            .Any(static p => p.Content is not null || p.Type.HasCursors || p.Type.Text.Contains('*')) ? "unsafe " : "";

    private static void ReadOut(CodeWriter w, MethodModel method)
    {
        string reader = method.Local("reader");
        string written = method.Local("written");
        ParameterModel[] parameters = [.. OutParameters(method)];
        w.Separate();
        w.Line($"/// <summary>Reads what a recorded, successful <c>{method.Name}</c> gave back.</summary>");
        string result = method.Local("result");
        string signature = Parameters(
            $"{Reader} {reader}",
            parameters,
            static p => IsOut(p) ? p.Modifier : "",
            Join((method.StreamRead is null ? Array.Empty<string>() : [$"int {written}"])
                .Concat(method.ReturnsContent ? [$"out {method.Return.Text} {result}"] : [])
                .Concat(Owners(method).Select(static p => $"{p.Type.Text} {p.Identifier}"))));
        w.Open($"public static {UnsafeOut(method)}void Read{method.Name}Out({signature})");
        foreach (ParameterModel p in parameters.Where(IsOut))
        {
            string name = GeneratedFile.Quote(p.Name);
            if (p.Type.HasCursors)
            {
                CursorText.CallRead(w, reader, name, p);
            }
            else if (p.Content is { } content)
            {
                w.Line(p.Handle is { } text
                    ? $"{p.Identifier} = ({p.Type.Text}){reader}.ProducedText({name}, {GeneratedFile.Quote(text.Kind)}, "
                        + $"{ContentText.Encoding(content)});"
                    : $"{p.Identifier} = {ContentText.Read(reader, name, p.Type.Text, content, Owner(method, content))};");
            }
            else if (p.IsElements)
            {
                // The bytes of a stream were put into the buffer by MatchStream.
                if (method.StreamRead?.Buffer != p.Name)
                {
                    void Elements(CodeWriter w) =>
                        ElementText.Read(w, reader, name, BufferText.Span(p), ElementText.Form.Of(method, p, isOut: true));
                    UnlessNull(w, p, p.Type.Shape == TypeShape.Array, Elements);
                }
            }
            else if (p.Type.Shape == TypeShape.Pointer)
            {
                TypeModel element = p.Type.Element!;
                string value = element.Shape == TypeShape.Char ? $"(char){reader}.UInt32({name})" : ValueText.Read(reader, name, element);
                UnlessNull(w, p, canBeNull: true, w => w.Line($"*{p.Identifier} = {value};"));
            }
            else if (p.Handle is { } handle)
            {
                Unless(w, method, handle, w => w.Line($"{p.Identifier} = {HandleText.Read(reader, name, handle, p.Type)};"));
            }
            else if (p.Role == ValueRole.Opaque)
            {
                w.Line($"{p.Identifier} = {HandleText.Typed(p.Type, $"{reader}.Opaque({name})")};");
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

        if (method.ReturnsContent)
        {
            w.Line(method.ReturnContent is { } returned
                ? $"{result} = {ContentText.Read(reader, ContentText.ReturnName, method.Return.Text, returned, Owner(method, returned))};"
                : $"{result} = {ValueText.Read(reader, ContentText.ReturnName, method.Return)};");
        }

        w.Close();
    }

    /// <summary>The value that the memory lives with: a handle, or 0 for as long as the replay.</summary>
    private static string Owner(MethodModel method, ContentModel content) =>
        method.Find(content.Owner) is { Type.Shape: not TypeShape.Struct } owner ? "(nint)" + owner.Identifier : "0";

    /// <summary>
    /// The count of a stream's buffer is the buffer's length; any other count may ask for more room than there is, so it is recorded
    /// itself.
    /// </summary>
    private static bool IsStreamCount(MethodModel method, ParameterModel p) =>
        p.WrittenOf is not null && method.StreamRead?.Buffer == p.WrittenOf && p.Mode == PassingMode.Out;

    private static void UnlessNull(CodeWriter w, ParameterModel p, bool canBeNull, Action<CodeWriter> write)
    {
        if (!canBeNull)
        {
            write(w);
            return;
        }

        w.Open($"if ({p.Identifier} is not null)");
        write(w);
        w.Close();
    }

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
}
