namespace AotLayers.Interop.Generators;

/// <summary>Writes the helper methods that record a struct as an object of its fields and read it back.</summary>
internal static class StructText
{
    public static void Write(CodeWriter w, StructModel model)
    {
        w.Separate();
        w.Open($"private static void Write{model.Helper}(global::AotLayers.Interop.CallWriter writer, string? name, in {model.Text} value)");
        w.Line("writer.BeginObject(name);");
        foreach (FieldModel field in model.Fields)
        {
            w.Line(WriteField(field, "value." + field.Name));
        }

        w.Line("writer.EndObject();");
        w.Close();
    }

    public static void Read(CodeWriter w, StructModel model)
    {
        w.Separate();
        w.Open($"private static {model.Text} Read{model.Helper}(global::AotLayers.Interop.CallReader reader)");
        w.Line($"{model.Text} value = default;");
        foreach (FieldModel field in model.Fields)
        {
            w.Line(ReadField(field, "value." + field.Name));
        }

        w.Line("return value;");
        w.Close();
    }

    /// <summary>The statement that writes a field.</summary>
    public static string WriteField(FieldModel field, string value)
    {
        string name = GeneratedFile.Quote(field.Json);
        return field.Shape switch
        {
            FieldShape.Chars => $"writer.Chars({name}, UntilNul({value}));",
            FieldShape.Bytes => $"writer.Hex({name}, {value});",
            FieldShape.Opaque => $"writer.Opaque({name}, (nint){value});",
            FieldShape.LibraryText => $"writer.LibraryText({name}, (nint){value}, {ContentText.Encoding(field.Encoding)});",
            _ => ValueText.Write("writer", name, value, field.Type),
        };
    }

    /// <summary>The statement that reads a field.</summary>
    public static string ReadField(FieldModel field, string value)
    {
        string name = GeneratedFile.Quote(field.Json);
        return field.Shape switch
        {
            FieldShape.Chars => $"reader.CopyChars({name}, {value});",
            FieldShape.Bytes => $"reader.Hex({name}, {value});",
            FieldShape.Opaque => $"{value} = ({field.Type.Text})reader.Opaque({name});",
            FieldShape.LibraryText => $"{value} = ({field.Type.Text})reader.LibraryText({name}, 0, {ContentText.Encoding(field.Encoding)});",
            _ => $"{value} = {ValueText.Read("reader", name, field.Type)};",
        };
    }
}
