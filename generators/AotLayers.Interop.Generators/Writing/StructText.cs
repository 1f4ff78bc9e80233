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
            string name = GeneratedFile.Quote(field.Json);
            string value = "value." + field.Name;
            w.Line(field.Shape switch
            {
                FieldShape.Chars => $"writer.Chars({name}, UntilNul({value}));",
                FieldShape.Bytes => $"writer.Hex({name}, {value});",
                _ => ValueText.Write("writer", name, value, field.Type),
            });
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
            string name = GeneratedFile.Quote(field.Json);
            string value = "value." + field.Name;
            w.Line(field.Shape switch
            {
                FieldShape.Chars => $"reader.CopyChars({name}, {value});",
                FieldShape.Bytes => $"reader.Hex({name}, {value});",
                _ => $"{value} = {ValueText.Read("reader", name, field.Type)};",
            });
        }

        w.Line("return value;");
        w.Close();
    }
}
