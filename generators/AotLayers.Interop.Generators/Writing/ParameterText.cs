namespace AotLayers.Interop.Generators;

/// <summary>How one parameter of an exported entry point becomes an argument of the interface's method.</summary>
/// <param name="NullCheck">Condition under which a pointer is missing, or null.</param>
/// <param name="RangeCheck">Condition under which a length is out of range, or null.</param>
/// <param name="Before">Statements before the call.</param>
/// <param name="Argument">The argument.</param>
/// <param name="Always">Statements after the call.</param>
/// <param name="OnSuccess">Statements after a successful call.</param>
internal sealed record ParameterText(
    string? NullCheck,
    string? RangeCheck,
    string[] Before,
    string Argument,
    string[] Always,
    string[] OnSuccess)
{
    public static ParameterText Create(MethodModel method, ParameterModel p) => p.Type.Shape switch
    {
        TypeShape.Span or TypeShape.ReadOnlySpan => Buffer(method, p),
        TypeShape.Array => Values(method, p),
        TypeShape.SafeHandle => Safe(method, p),
        TypeShape.String => Text(method, p),
        TypeShape.Struct when p.Type.Marshaller is not null => Marshalled(method, p),
        TypeShape.Bool or TypeShape.Char => Converted(method, p),
        TypeShape.Callback when p.Type.IsDelegate => Function(p),
        _ => Blittable(method, p),
    };

    /// <summary>The element type of a native string.</summary>
    public static string Character(StringEncoding encoding) =>
        encoding switch { StringEncoding.Utf16 => "char", StringEncoding.BStr => "ushort", _ => "byte" };

    /// <summary>A native string that its receiver frees.</summary>
    public static string Allocate(StringEncoding encoding, string value)
    {
        string allocate = encoding switch
        {
            StringEncoding.Utf16 => "ToCoTaskMemUni",
            StringEncoding.BStr => "ToBSTR",
            StringEncoding.Ansi => "ToCoTaskMemAnsi",
            _ => "ToCoTaskMemUTF8"
        };
        return $"({Character(encoding)}*)global::System.Runtime.InteropServices.Marshal.String{allocate}({value})";
    }

    /// <summary>The text behind a pointer that may be null, which stays with its owner.</summary>
    public static string Read(StringEncoding encoding, string pointer)
    {
        string read = encoding switch
        {
            StringEncoding.Utf16 => "Uni",
            StringEncoding.BStr => "BSTR",
            StringEncoding.Ansi => "Ansi",
            _ => "UTF8",
        };
        string text = $"global::System.Runtime.InteropServices.Marshal.PtrToString{read}((nint){pointer})!";
        return encoding == StringEncoding.BStr ? $"{pointer} is null ? null! : {text}" : text;
    }

    /// <summary>A bool or a char, whose size at the ABI is another one.</summary>
    private static ParameterText Converted(MethodModel method, ParameterModel p)
    {
        string value = method.Local(p.Name + "Value");
        string missing = $"{p.Identifier} is null";
        string In(string native) => p.Type.Shape == TypeShape.Bool ? $"{native} != 0" : $"(char){native}";
        string back = p.Type.Shape == TypeShape.Bool ? $"{value} ? {p.Type.True} : ({p.Type.Native})0" : value;
        return p.Mode switch
        {
            PassingMode.In => new(missing, null, [$"{p.Type.Text} {value} = {In("*" + p.Identifier)};"], $"in {value}", [], []),
            PassingMode.Out => new(missing, null, [], $"out {p.Type.Text} {value}", [], [$"*{p.Identifier} = {back};"]),
            PassingMode.Ref => new(
                missing,
                null,
                [$"{p.Type.Text} {value} = {In("*" + p.Identifier)};"],
                $"ref {value}",
                [$"*{p.Identifier} = {back};"],
                []),
            _ => Plain(In(p.Identifier)),
        };
    }

    private static ParameterText Function(ParameterModel p)
    {
        string type = p.Type.Text.TrimEnd('?');
        string function = $"global::System.Runtime.InteropServices.Marshal.GetDelegateForFunctionPointer<{type}>({p.Identifier})";
        return p.Type.Text.EndsWith("?", StringComparison.Ordinal)
            ? Plain($"{p.Identifier} == 0 ? null : {function}")
            : Plain(function) with { NullCheck = $"{p.Identifier} == 0" };
    }

    private static ParameterText Plain(string argument) => new(null, null, [], argument, [], []);

    private static ParameterText Blittable(MethodModel method, ParameterModel p)
    {
        string value = method.Local(p.Name + "Value");
        string missing = $"{p.Identifier} is null";
        return p.Mode switch
        {
            PassingMode.In => new(missing, null, [], $"in *{p.Identifier}", [], []),
            PassingMode.Out => new(missing, null, [], $"out {p.Type.Text} {value}", [], [$"*{p.Identifier} = {value};"]),
            PassingMode.Ref =>
                new(missing, null, [$"{p.Type.Text} {value} = *{p.Identifier};"], $"ref {value}", [$"*{p.Identifier} = {value};"], []),
            _ => Plain(p.Identifier),
        };
    }

    private static ParameterText Marshalled(MethodModel method, ParameterModel p)
    {
        string value = method.Local(p.Name + "Value");
        string marshaller = p.Type.Marshaller!.Type;
        return p.Mode == PassingMode.In
            ? new(
                $"{p.Identifier} is null",
                null,
                [$"{p.Type.Text} {value} = {marshaller}.ConvertToManaged(*{p.Identifier});"],
                $"in {value}",
                [],
                [])
            : Plain($"{marshaller}.ConvertToManaged({p.Identifier})");
    }

    private static ParameterText Text(MethodModel method, ParameterModel p)
    {
        bool nullable = p.Type.Text.EndsWith("?", StringComparison.Ordinal);
        if (p.Mode == PassingMode.Out)
        {
            string value = method.Local(p.Name + "Value");
            return new(
                $"{p.Identifier} is null",
                null,
                [],
                $"out {p.Type.Text} {value}",
                [],
                [$"*{p.Identifier} = {Allocate(p.Strings, value)};"]);
        }

        if (p.Type.Marshaller is { } marshaller)
        {
            return Plain($"{marshaller.Type}.ConvertToManaged({p.Identifier})!");
        }

        string read = p.Strings switch
        {
            StringEncoding.Utf16 => $"new string({p.Identifier})",
            StringEncoding.BStr => $"global::System.Runtime.InteropServices.Marshal.PtrToStringBSTR((nint){p.Identifier})",
            StringEncoding.Ansi => $"global::System.Runtime.InteropServices.Marshal.PtrToStringAnsi((nint){p.Identifier})!",
            _ => $"global::System.Runtime.InteropServices.Marshal.PtrToStringUTF8((nint){p.Identifier})!",
        };
        return nullable
            ? Plain($"{p.Identifier} is null ? null : {read}")
            : Plain(read) with { NullCheck = $"{p.Identifier} is null" };
    }

    /// <summary>An array: its values are copied in, and back where the callee may change them.</summary>
    private static ParameterText Values(MethodModel method, ParameterModel p)
    {
        ParameterText span = Buffer(method, p);
        string value = method.Local(p.Name + "Value");
        bool nullable = p.Type.Text.EndsWith("?", StringComparison.Ordinal);
        string copy = $"{p.Type.Text} {value} = {(nullable ? $"{p.Identifier} is null ? null : " : "")}{span.Argument}.ToArray();";
        string[] back = p.Direction == Direction.In ? [] : [$"global::System.MemoryExtensions.AsSpan({value}).CopyTo({span.Argument});"];
        return new(nullable ? null : span.NullCheck, span.RangeCheck, [copy], value, back, []);
    }

    /// <summary>A handle in a class: what goes in stays the caller's, what comes out becomes it.</summary>
    private static ParameterText Safe(MethodModel method, ParameterModel p)
    {
        string value = method.Local(p.Name + "Value");
        string type = p.Type.Text.TrimEnd('?');
        return p.Mode == PassingMode.Out
            ? new(
                $"{p.Identifier} is null",
                null,
                [],
                $"out {p.Type.Text} {value}",
                [],
                [$"*{p.Identifier} = global::AotLayers.Interop.HandleValues.Given({value});"])
            : Plain($"global::AotLayers.Interop.HandleValues.Lent(new {type}(), {p.Identifier})");
    }

    private static ParameterText Buffer(MethodModel method, ParameterModel p)
    {
        string capacity = Elements(method, p);
        TypeModel element = p.Type.Element!;
        string span = p.Type.Shape == TypeShape.ReadOnlySpan ? "ReadOnlySpan" : "Span";

        // The capacity may stand behind a pointer: its own null check is part of the first guard, which uses || from left to right only
        // within one parameter.
        string behind = capacity[0] == '*' ? $"{capacity.Substring(1)} is not null && " : "";
        string missing = $"({behind}{p.Identifier} is null && {capacity} != 0)";
        string range = p.Buffer is { Count: > 0, Length: null, Written: null } ? "false" : $"unchecked((ulong){capacity}) > int.MaxValue";
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

    /// <summary>The number of elements at the ABI.</summary>
    public static string Elements(MethodModel method, ParameterModel p)
    {
        string capacity = ExportsWriter.Capacity(method, p)!;
        return p.Buffer is { InBytes: true } && p.Type.Element!.Text != "byte" ? $"({capacity} / sizeof({p.Type.Element.Text}))" : capacity;
    }
}
