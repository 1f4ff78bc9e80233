namespace AotLayers.Interop.Generators;

/// <summary>How one parameter of an exported entry point becomes an argument of the interface's method.</summary>
/// <param name="NullCheck">Condition under which a pointer is missing, or null.</param>
/// <param name="RangeCheck">Condition under which a length is out of range, or null.</param>
/// <param name="Before">Statements before the call.</param>
/// <param name="Argument">The argument.</param>
/// <param name="Always">Statements after the call.</param>
/// <param name="OnSuccess">Statements after a successful call.</param>
internal sealed record ParameterText(string? NullCheck, string? RangeCheck, string[] Before, string Argument, string[] Always, string[] OnSuccess)
{
    public static ParameterText Create(MethodModel method, ParameterModel p) => p.Type.Shape switch
    {
        TypeShape.Span or TypeShape.ReadOnlySpan => Buffer(method, p),
        TypeShape.String => Text(method, p),
        TypeShape.Struct when p.Type.Marshaller is not null => Marshalled(method, p),
        _ => Blittable(method, p),
    };

    private static ParameterText Plain(string argument) => new(null, null, [], argument, [], []);

    private static ParameterText Blittable(MethodModel method, ParameterModel p)
    {
        string value = method.Local(p.Name + "Value");
        string missing = $"{p.Identifier} is null";
        return p.Mode switch
        {
            PassingMode.In => new(missing, null, [], $"in *{p.Identifier}", [], []),
            PassingMode.Out => new(missing, null, [], $"out {p.Type.Text} {value}", [], [$"*{p.Identifier} = {value};"]),
            PassingMode.Ref => new(missing, null, [$"{p.Type.Text} {value} = *{p.Identifier};"], $"ref {value}", [$"*{p.Identifier} = {value};"], []),
            _ => Plain(p.Identifier),
        };
    }

    private static ParameterText Marshalled(MethodModel method, ParameterModel p)
    {
        string value = method.Local(p.Name + "Value");
        string marshaller = p.Type.Marshaller!.Type;
        return p.Mode == PassingMode.In
            ? new($"{p.Identifier} is null", null, [$"{p.Type.Text} {value} = {marshaller}.ConvertToManaged(*{p.Identifier});"], $"in {value}", [], [])
            : Plain($"{marshaller}.ConvertToManaged({p.Identifier})");
    }

    private static ParameterText Text(MethodModel method, ParameterModel p)
    {
        bool utf8 = method.Strings == StringEncoding.Utf8;
        bool nullable = p.Type.Text.EndsWith("?", StringComparison.Ordinal);
        if (p.Mode == PassingMode.Out)
        {
            string value = method.Local(p.Name + "Value");
            string allocate = utf8 ? "(byte*)global::System.Runtime.InteropServices.Marshal.StringToCoTaskMemUTF8" : "(char*)global::System.Runtime.InteropServices.Marshal.StringToCoTaskMemUni";
            return new($"{p.Identifier} is null", null, [], $"out {p.Type.Text} {value}", [], [$"*{p.Identifier} = {allocate}({value});"]);
        }

        string read = utf8 ? $"global::System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint){p.Identifier})!" : $"new string({p.Identifier})";
        return nullable
            ? Plain($"{p.Identifier} is null ? null : {read}")
            : Plain(read) with { NullCheck = $"{p.Identifier} is null" };
    }

    private static ParameterText Buffer(MethodModel method, ParameterModel p)
    {
        string capacity = ExportsWriter.Capacity(method, p)!;
        TypeModel element = p.Type.Element!;
        string span = p.Type.Shape == TypeShape.Span ? "Span" : "ReadOnlySpan";

        // The capacity may stand behind a pointer: its own null check is part of the first guard, which uses || from left to right only within one parameter.
        string behind = capacity[0] == '*' ? $"{capacity.Substring(1)} is not null && " : "";
        string missing = $"({behind}{p.Identifier} is null && {capacity} != 0)";
        string range = $"unchecked((ulong){capacity}) > int.MaxValue";
        if (element.Marshaller is not { } marshaller)
        {
            return new(missing, range, [], $"new global::System.{span}<{element.Text}>({p.Identifier}, (int){capacity})", [], []);
        }

        string value = method.Local(p.Name + "Value");
        string index = method.Local("i");
        string[] before =
        [
            $"{element.Text}[] {value} = new {element.Text}[(int){capacity}];",
            $"for (int {index} = 0; {index} < {value}.Length; {index}++)",
            "{",
            $"    {value}[{index}] = {marshaller.Type}.ConvertToManaged({p.Identifier}[{index}]);",
            "}",
            "",
        ];
        return new(missing, range, before, value, [], []);
    }
}
