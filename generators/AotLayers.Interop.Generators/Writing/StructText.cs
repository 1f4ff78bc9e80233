namespace AotLayers.Interop.Generators;

/// <summary>Writes the helper methods that record a struct as an object of its fields and read it back.</summary>
internal static class StructText
{
    private const string Bytes = "global::System.Runtime.InteropServices.MemoryMarshal.AsBytes";

    public static void Write(CodeWriter w, StructModel model)
    {
        w.Separate();
        w.Open($"private static {Unsafe(model)}void Write{model.Helper}(global::AotLayers.Interop.CallWriter writer, string? name, in "
            + $"{model.Text} value)");
        Fields(w, model, isOut: false);
        w.Close();
    }

    /// <summary>
    /// What a call gave back, where that is written in another form: handles that were made, and bytes that belong to no field.
    /// </summary>
    public static void WriteBack(CodeWriter w, StructModel model)
    {
        w.Separate();
        w.Open($"private static {Unsafe(model)}void WriteBack{model.Helper}(global::AotLayers.Interop.CallWriter writer, string? name, "
            + $"in {model.Text} value)");
        Fields(w, model, isOut: true);
        w.Close();
    }

    /// <summary>The method that reads a struct.</summary>
    /// <param name="w">Where to.</param>
    /// <param name="model">The struct.</param>
    /// <param name="isShared">The class of the callbacks calls it, too.</param>
    public static void Read(CodeWriter w, StructModel model, bool isShared)
    {
        w.Separate();
        w.Open($"{(isShared ? "internal" : "private")} static {Unsafe(model)}{model.Text} Read{model.Helper}(global::AotLayers.Interop.CallReader reader)");
        w.Line($"{model.Text} value = default;");
        if (model.IsUnion)
        {
            w.Line($"reader.Raw({Bytes}(new global::System.Span<{model.Text}>(ref value)));");
        }
        else
        {
            foreach (FieldModel field in model.Fields)
            {
                ReadField(w, field);
            }
        }

        if (model.HasGaps)
        {
            w.Line($"reader.Gaps({Bytes}(new global::System.Span<{model.Text}>(ref value)));");
        }

        w.Line("return value;");
        w.Close();
    }

    /// <summary>The statement that writes a field without elements.</summary>
    public static string WriteField(FieldModel field, string value, bool isOut = false)
    {
        string name = GeneratedFile.Quote(field.Json);
        return field switch
        {
            { Handle: { } handle } => isOut
                ? HandleText.Out("writer", name, handle, field.Type, value)
                : HandleText.In("writer", name, handle, field.Type, value),
            { Shape: FieldShape.Chars } =>
                $"writer.Chars({name}, global::System.MemoryExtensions.TrimEnd((global::System.ReadOnlySpan<char>){value}, '\\0'));",
            { Shape: FieldShape.Bytes } => $"writer.Hex({name}, {value});",
            { Shape: FieldShape.Opaque } => $"writer.Opaque({name}, (nint){value});",
            { Shape: FieldShape.LibraryText } => $"writer.LibraryText({name}, (nint){value}, {ContentText.Encoding(field.Encoding)});",
            _ => ValueText.Write("writer", name, value, field.Type, isOut),
        };
    }

    /// <summary>The statement that reads a field without elements.</summary>
    public static string ReadField(FieldModel field, string value)
    {
        string name = GeneratedFile.Quote(field.Json);
        return field switch
        {
            { Handle: { } handle } => $"{value} = {HandleText.Read("reader", name, handle, field.Type)};",
            { Shape: FieldShape.Chars } => $"reader.CopyChars({name}, {value});",
            { Shape: FieldShape.Bytes } => $"reader.Hex({name}, {value});",
            { Shape: FieldShape.Opaque } => $"{value} = ({field.Type.Text})reader.Opaque({name});",
            { Shape: FieldShape.LibraryText } =>
                $"{value} = ({field.Type.Text})reader.LibraryText({name}, 0, {ContentText.Encoding(field.Encoding)});",
            _ => $"{value} = {ValueText.Read("reader", name, field.Type)};",
        };
    }

    private static string Unsafe(StructModel model) =>
        model.Fields.Any(static f => f.Shape == FieldShape.Fixed || f.Type.Text.Contains('*')) ? "unsafe " : "";

    private static void Fields(CodeWriter w, StructModel model, bool isOut)
    {
        w.Line("writer.BeginObject(name);");
        foreach (FieldModel field in model.Fields)
        {
            // What a handle that is to be made holds before the call means nothing.
            if (isOut || field.Handle is not { Use: HandleUse.Produced })
            {
                WriteField(w, field, isOut);
            }
        }

        if (model.IsUnion)
        {
            w.Line($"writer.Raw({Bytes}(new global::System.ReadOnlySpan<{model.Text}>(in value)));");
        }

        if (isOut && model.HasGaps)
        {
            w.Line($"{model.Text} plain = default;");
            foreach (FieldModel field in model.Fields)
            {
                CopyField(w, field);
            }

            w.Line($"writer.Gaps({Bytes}(new global::System.ReadOnlySpan<{model.Text}>(in value)), {Bytes}(new "
                + $"global::System.ReadOnlySpan<{model.Text}>(in plain)));");
        }

        w.Line("writer.EndObject();");
    }

    private static void WriteField(CodeWriter w, FieldModel field, bool isOut)
    {
        string name = GeneratedFile.Quote(field.Json);
        string value = "value." + field.Name;
        string element = field.Type.Text;
        switch (field.Shape)
        {
            case FieldShape.Elements:
                ElementText.Write(w, "writer", name, $"((global::System.ReadOnlySpan<{element}>){value})", ElementText.Form.Of(field.Type));
                break;
            case FieldShape.Fixed:
                w.Open($"fixed ({element}* elements = {value})");
                ElementText.Write(
                    w,
                    "writer",
                    name,
                    $"new global::System.ReadOnlySpan<{element}>(elements, {field.Length})",
                    ElementText.Form.Of(field.Type));
                w.Close();
                break;
            default:
                w.Line(WriteField(field, value, isOut));
                break;
        }
    }

    private static void ReadField(CodeWriter w, FieldModel field)
    {
        string name = GeneratedFile.Quote(field.Json);
        string value = "value." + field.Name;
        string element = field.Type.Text;
        switch (field.Shape)
        {
            case FieldShape.Elements:
                ElementText.Read(w, "reader", name, $"((global::System.Span<{element}>){value})", ElementText.Form.Of(field.Type));
                break;
            case FieldShape.Fixed:
                ElementText.Read(
                    w,
                    "reader",
                    name,
                    $"new global::System.Span<{element}>({value}, {field.Length})",
                    ElementText.Form.Of(field.Type));
                break;
            default:
                w.Line(ReadField(field, value));
                break;
        }
    }

    private static void CopyField(CodeWriter w, FieldModel field)
    {
        if (field.Shape != FieldShape.Fixed)
        {
            w.Line($"plain.{field.Name} = value.{field.Name};");
            return;
        }

        w.Open($"fixed ({field.Type.Text}* elements = value.{field.Name})");
        w.Line($"new global::System.ReadOnlySpan<{field.Type.Text}>(elements, {field.Length}).CopyTo(new "
            + $"global::System.Span<{field.Type.Text}>(plain.{field.Name}, {field.Length}));");
        w.Close();
    }
}
