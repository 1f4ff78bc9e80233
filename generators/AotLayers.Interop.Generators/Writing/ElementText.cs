namespace AotLayers.Interop.Generators;

/// <summary>
/// How the elements of a span are written and read: bytes as a buffer, UTF-16 units as text, everything else as an array.
/// </summary>
internal static class ElementText
{
    private const string Cast = "global::System.Runtime.InteropServices.MemoryMarshal.Cast<ushort, char>";

    /// <summary>What the elements are, beyond their type.</summary>
    /// <param name="Element">The type.</param>
    /// <param name="Handle">Set when each is a handle.</param>
    /// <param name="IsOpaque">Each is a token.</param>
    /// <param name="IsOut">They came out.</param>
    /// <param name="Local">Gives a local variable's name.</param>
    public sealed record Form(TypeModel Element, HandleModel? Handle, bool IsOpaque, bool IsOut, Func<string, string> Local)
    {
        /// <summary>The elements of a parameter.</summary>
        public static Form Of(MethodModel method, ParameterModel p, bool isOut) =>
            new(p.Type.Element!, p.Handle, p.Role == ValueRole.Opaque, isOut, method.Local);

        /// <summary>The elements of an array within a struct.</summary>
        public static Form Of(TypeModel element) => new(element, null, IsOpaque: false, IsOut: false, static name => name);

        public bool IsPlain => Handle is null && !IsOpaque;
    }

    public static void Write(CodeWriter w, string writer, string name, string span, Form form)
    {
        TypeModel element = form.Element;
        switch (element.Scalar)
        {
            case "Byte" when element.Shape == TypeShape.Scalar:
                w.Line($"{writer}.Bytes({name}, {span});");
                break;
            case "Char":
                w.Line($"{writer}.Chars({name}, {span});");
                break;
            case "UInt16" when element.Shape == TypeShape.Scalar:
                w.Line($"{writer}.Chars({name}, {Cast}({span}));");
                break;
            default:
                string item = form.Local("item");
                w.Line($"{writer}.BeginArray({name});");
                w.Open($"foreach (ref readonly {element.Text} {item} in {span})");
                w.Line(form.Handle is { } handle ? form.IsOut
                    ? HandleText.Out(writer, "null", handle, element, item)
                    : HandleText.In(writer, "null", handle, element, item)
                    : form.IsOpaque ? $"{writer}.Opaque(null, (nint){item});"
                    : ValueText.Write(writer, "null", item, element, form.IsOut));
                w.Close();
                w.Line($"{writer}.EndArray();");
                break;
        }
    }

    public static void Read(CodeWriter w, string reader, string name, string span, Form form)
    {
        TypeModel element = form.Element;
        switch (element.Scalar)
        {
            case "Byte" when element.Shape == TypeShape.Scalar:
                w.Line($"{reader}.CopyBytes({name}, {span});");
                break;
            case "Char":
                w.Line($"{reader}.CopyChars({name}, {span});");
                break;
            case "UInt16" when element.Shape == TypeShape.Scalar:
                w.Line($"{reader}.CopyChars({name}, {Cast}({span}));");
                break;
            default:
                string items = form.Local("items");
                string index = form.Local("i");
                string target = form.Local("target");
                w.Open();
                w.Line($"global::System.Span<{element.Text}> {target} = {span};");
                w.Line($"global::AotLayers.Interop.CallReader {items} = {reader}.Array({name}, {target}.Length);");
                w.Open($"for (int {index} = 0; {index} < {items}.Count; {index}++)");
                string from = $"{items}[{index}]";
                w.Line($"{target}[{index}] = " + (form.Handle is { } handle ? HandleText.Read(from, "null", handle, element)
                    : form.IsOpaque ? $"({element.Text}){from}.Opaque(null)"
                    : element.Shape == TypeShape.Struct ? $"Read{element.Helper}({from})"
                    : ValueText.Read(from, "null", element)) + ";");
                w.Close();
                w.Close();
                break;
        }
    }
}
