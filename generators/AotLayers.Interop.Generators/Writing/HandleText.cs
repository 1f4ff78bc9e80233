namespace AotLayers.Interop.Generators;

/// <summary>
/// How handles of any type are written to and read from recordings, by way of the pointer-sized value that they are looked up by.
/// </summary>
internal static class HandleText
{
    private const string Runtime = "global::AotLayers.Interop.HandleValues";

    /// <summary>The pointer-sized value of a handle. 32-bit ones are sign-extended, so that -1 is -1 in all types.</summary>
    public static string Value(TypeModel type, string expression) => type switch
    {
        { Shape: TypeShape.SafeHandle } => $"{Runtime}.Of({expression})",
        { Scalar: "NInt" } => expression,
        { Scalar: "UInt32" } => $"unchecked((nint)(int){expression})",
        { Scalar: "Int32" } or { Shape: TypeShape.Address } => $"(nint){expression}",
        _ => $"unchecked((nint){expression})",
    };

    /// <summary>A handle from its pointer-sized value.</summary>
    public static string Typed(TypeModel type, string expression) => type switch
    {
        { Shape: TypeShape.SafeHandle } => $"{Runtime}.Replayed(new {type.Text.TrimEnd('?')}(), {expression})",
        { Scalar: "NInt" } => expression,
        { Shape: TypeShape.Address } => $"({type.Text}){expression}",
        _ => $"unchecked(({type.Text}){expression})",
    };

    /// <summary>The last argument: the values that are no handles.</summary>
    public static string Plain(HandleModel handle, string prefix = "") =>
        handle.Plain is { } plain ? $", {prefix}[{string.Join(", ", plain)}]" : "";

    /// <summary>The condition that a value is a handle.</summary>
    public static string IsHandle(HandleModel handle, TypeModel type, string expression)
    {
        string values = string.Join(" or ", (handle.Plain ?? new([0, -1])).Select(static v => v + "L"));
        return values.Length == 0 ? "true" : $"(long){Value(type, expression)} is not ({values})";
    }

    /// <summary>The value that says "no handle", as a failing function returns it.</summary>
    public static string None(HandleModel? handle, TypeModel type)
    {
        if (type.Shape == TypeShape.SafeHandle)
        {
            return $"new {type.Text.TrimEnd('?')}()";
        }

        long value = handle?.Plain is { Count: > 0 } plain ? plain[0] : 0;
        return value == 0 ? "default" : $"unchecked(({type.Text})({value}))";
    }

    /// <summary>What an out-parameter holds when the call gave nothing: as the SDK's marshalling leaves it.</summary>
    public static string Nothing(TypeModel type) => type.Shape switch
    {
        TypeShape.SafeHandle => $"new {type.Text.TrimEnd('?')}()",
        TypeShape.String when !type.Text.EndsWith("?", StringComparison.Ordinal) => "default!",
        _ => "default",
    };

    /// <summary>The statement that writes a handle which goes in.</summary>
    public static string In(string writer, string name, HandleModel handle, TypeModel type, string expression)
    {
        string method = handle.Use is HandleUse.Consumed or HandleUse.ConsumedOnSuccess ? handle.Use.ToString() : "Handle";
        return Call(writer, method, name, handle, type, expression);
    }

    /// <summary>The statement that writes a handle which came out.</summary>
    public static string Out(string writer, string name, HandleModel handle, TypeModel type, string expression)
    {
        string method = handle.Use switch { HandleUse.Produced => "Produced", HandleUse.InOut => "Kept", _ => "Borrowed" };
        return Call(writer, method, name, handle, type, expression);
    }

    /// <summary>The expression that reads a handle which came out.</summary>
    public static string Read(string reader, string name, HandleModel handle, TypeModel type) =>
        Typed(type, $"{reader}.{(handle.Use == HandleUse.Produced ? "Produced" : "Kept")}({name}, {GeneratedFile.Quote(handle.Kind)})");

    private static string Call(string writer, string method, string name, HandleModel handle, TypeModel type, string expression) =>
        $"{writer}.{method}({name}, {GeneratedFile.Quote(handle.Kind)}, {Value(type, expression)}{Plain(handle)});";
}
