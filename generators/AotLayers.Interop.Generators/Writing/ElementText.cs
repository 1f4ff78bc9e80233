namespace AotLayers.Interop.Generators;

/// <summary>How the elements of a span are written and read: bytes as a buffer, UTF-16 units as text, everything else as an array.</summary>
internal static class ElementText
{
    public static void Write(CodeWriter w, string writer, string name, string span, TypeModel element)
    {
        switch (element.Scalar)
        {
            case "Byte" when element.Shape == TypeShape.Scalar:
                w.Line($"{writer}.Bytes({name}, {span});");
                break;
            case "Char":
                w.Line($"{writer}.Chars({name}, {span});");
                break;
            case "UInt16" when element.Shape == TypeShape.Scalar:
                w.Line($"{writer}.Chars({name}, global::System.Runtime.InteropServices.MemoryMarshal.Cast<ushort, char>({span}));");
                break;
            default:
                w.Line($"{writer}.BeginArray({name});");
                w.Open($"foreach (ref readonly {element.Text} item in {span})");
                w.Line(ValueText.Write(writer, "null", "item", element));
                w.Close();
                w.Line($"{writer}.EndArray();");
                break;
        }
    }

    public static void Read(CodeWriter w, string reader, string name, string span, TypeModel element)
    {
        switch (element.Scalar)
        {
            case "Byte" when element.Shape == TypeShape.Scalar:
                w.Line($"{reader}.CopyBytes({name}, {span});");
                break;
            case "Char":
                w.Line($"{reader}.CopyChars({name}, {span});");
                break;
            case "UInt16" when element.Shape == TypeShape.Scalar:
                w.Line($"{reader}.CopyChars({name}, global::System.Runtime.InteropServices.MemoryMarshal.Cast<ushort, char>({span}));");
                break;
            default:
                w.Open();
                w.Line($"global::AotLayers.Interop.CallReader items = {reader}.Array({name});");
                w.Open($"if (items.Count > {span}.Length)");
                w.Line($"throw new global::AotLayers.Interop.ReplayException($\"The recording has {{items.Count}} elements for the buffer {name.Trim('"')}, which has room for {{{span}.Length}}.\");");
                w.Close();
                w.Line("");
                w.Open("for (int i = 0; i < items.Count; i++)");
                w.Line($"{span}[i] = {(element.Shape == TypeShape.Struct ? $"Read{element.Helper}(items[i])" : ValueText.Read("items[i]", "null", element))};");
                w.Close();
                w.Close();
                break;
        }
    }
}
