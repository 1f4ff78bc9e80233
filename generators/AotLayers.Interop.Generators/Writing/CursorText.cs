namespace AotLayers.Interop.Generators;

/// <summary>
/// How a struct that keeps cursors into the caller's buffers (<c>z_stream</c>, <c>lzma_stream</c>) is recorded. What went in is what the
/// callee read, and what came out is what it wrote: both are told by how far a call moved the cursors. A replay moves them as far,
/// compares what was read and puts there what was written.
/// </summary>
internal static class CursorText
{
    /// <summary>Writes the helper methods of one struct.</summary>
    public static void Write(CodeWriter w, StructModel model)
    {
        WriteIn(w, model);
        WriteOut(w, model);
        Read(w, model);
    }

    /// <summary>Writes the statement that records what a call did to a parameter.</summary>
    public static void CallWrite(CodeWriter w, string writer, string name, ParameterModel p, string before)
    {
        string helper = (p.Type.Element ?? p.Type).Helper!;
        if (p.Type.Element is null)
        {
            w.Line($"Write{helper}Moved({writer}, {name}, in {before}, in {p.Identifier});");
            return;
        }

        w.Open($"if ({p.Identifier} is not null)");
        w.Line($"Write{helper}Moved({writer}, {name}, in {before}, in *{p.Identifier});");
        w.Close();
    }

    /// <summary>Writes the statement that does the same to a replay's parameter.</summary>
    public static void CallRead(CodeWriter w, string reader, string name, ParameterModel p)
    {
        string helper = (p.Type.Element ?? p.Type).Helper!;
        if (p.Type.Element is null)
        {
            w.Line($"Move{helper}({reader}.Object({name}), ref {p.Identifier});");
            return;
        }

        w.Open($"if ({p.Identifier} is not null)");
        w.Line($"Move{helper}({reader}.Object({name}), ref *{p.Identifier});");
        w.Close();
    }

    private static void WriteIn(CodeWriter w, StructModel model)
    {
        w.Separate();
        w.Open($"private static unsafe void Write{model.Helper}(global::AotLayers.Interop.CallWriter writer, string? name, in "
            + $"{model.Text} value)");
        w.Line("writer.BeginObject(name);");
        foreach (FieldModel field in model.Fields.Where(
            static f => f.Shape is not (FieldShape.InputCursor or FieldShape.OutputCursor or FieldShape.LibraryText)))
        {
            w.Line(StructText.WriteField(field, "value." + field.Name));
        }

        w.Line("writer.EndObject();");
        w.Close();
    }

    private static void WriteOut(CodeWriter w, StructModel model)
    {
        w.Separate();
        w.Open($"private static unsafe void Write{model.Helper}Moved(global::AotLayers.Interop.CallWriter writer, string? name, in "
            + $"{model.Text} before, in {model.Text} value)");
        w.Line("writer.BeginObject(name);");
        foreach (FieldModel field in model.Fields)
        {
            string name = GeneratedFile.Quote(field.Json);
            w.Line(field.Shape switch
            {
                FieldShape.InputCursor or FieldShape.OutputCursor =>
                    $"writer.Moved({name}, (nint)before.{field.Name}, (nint)value.{field.Name}, (ulong)before.{field.Remaining});",
                FieldShape.LibraryText => $"writer.LibraryText({name}, (nint)value.{field.Name}, {ContentText.Encoding(field.Encoding)});",
                _ => StructText.WriteField(field, "value." + field.Name),
            });
        }

        w.Line("writer.EndObject();");
        w.Close();
    }

    private static void Read(CodeWriter w, StructModel model)
    {
        w.Separate();
        w.Open($"private static unsafe void Move{model.Helper}(global::AotLayers.Interop.CallReader reader, ref {model.Text} value)");
        w.Line($"{model.Text} before = value;");
        foreach (FieldModel field in model.Fields)
        {
            string name = GeneratedFile.Quote(field.Json);
            string value = "value." + field.Name;
            string before = $"(nint)before.{field.Name}, (ulong)before.{field.Remaining}";
            w.Line(field.Shape switch
            {
                FieldShape.InputCursor => $"{value} = ({field.Type.Text})reader.MoveInput({name}, {before});",
                FieldShape.OutputCursor => $"{value} = ({field.Type.Text})reader.MoveOutput({name}, {before});",
                FieldShape.LibraryText =>
                    $"{value} = ({field.Type.Text})reader.LibraryText({name}, 0, {ContentText.Encoding(field.Encoding)});",
                _ => StructText.ReadField(field, value),
            });
        }

        w.Close();
    }
}
