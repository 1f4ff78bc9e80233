namespace AotLayers.Interop.Generators;

/// <summary>How one value is written to and read from a recording.</summary>
internal static class ValueText
{
    /// <summary>The statement that writes a value.</summary>
    public static string Write(string writer, string name, string value, TypeModel type, bool isOut = false) => type.Shape switch
    {
        TypeShape.Struct when isOut && type.HasOutForm => $"WriteBack{type.Helper}({writer}, {name}, in {value});",
        TypeShape.Struct => $"Write{type.Helper}({writer}, {name}, in {value});",
        TypeShape.String => $"{writer}.Text({name}, {value});",
        TypeShape.Guid => $"{writer}.Guid({name}, {value});",
        TypeShape.CLong => $"{writer}.{type.Scalar}({name}, {value}.Value);",
        TypeShape.Bool => $"{writer}.Bool({name}, {value});",
        TypeShape.Char => $"{writer}.UInt32({name}, {value});",
        TypeShape.Enum => $"{writer}.{RuntimeName(type)}({name}, ({type.ScalarText}){value});",
        _ => $"{writer}.{RuntimeName(type)}({name}, {value});",
    };

    /// <summary>The expression that reads a value.</summary>
    public static string Read(string reader, string name, TypeModel type)
    {
        string runtime = type.Scalar == "Single" ? $"(float){reader}.Double({name})" : $"{reader}.{type.Scalar}({name})";
        return type.Shape switch
        {
            TypeShape.Struct => $"Read{type.Helper}({reader}.Object({name}))",
            TypeShape.String => $"{reader}.Text({name}){(type.Text.EndsWith("?", StringComparison.Ordinal) ? "" : "!")}",
            TypeShape.Guid => $"{reader}.Guid({name})",
            TypeShape.CLong => $"new {type.Text}({runtime})",
            TypeShape.Bool => $"{reader}.Bool({name})",
            TypeShape.Char => $"(char){reader}.UInt16({name})",
            TypeShape.Enum => $"({type.Text}){runtime}",
            _ => runtime,
        };
    }

    /// <summary>The runtime writes small integers as 32-bit ones: JSON has one kind of number.</summary>
    private static string RuntimeName(TypeModel type) => type.Scalar switch
    {
        "SByte" or "Int16" => "Int32",
        "Byte" or "UInt16" => "UInt32",
        "Single" => "Double",
        _ => type.Scalar!,
    };
}
