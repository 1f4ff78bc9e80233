using System.Reflection;
using System.Runtime.InteropServices;
using System.Text;

namespace AotLayers.Native.Header;

/// <summary>A macro.</summary>
internal sealed record CConstant(string Name, object Value, string Documentation);

/// <summary>Macros under a heading.</summary>
internal sealed record CConstantGroup(string Title, bool Hexadecimal, IReadOnlyList<CConstant> Constants);

/// <summary>A field: type, name, number of elements (0: no array), place.</summary>
internal sealed record CField(string Type, string Name, int Elements, int Offset, int Size, string Documentation);

/// <summary>A struct; an opaque one has no fields.</summary>
internal sealed record CStruct(string Name, bool IsOpaque, IReadOnlyList<CField> Fields, int Size, string Documentation);

/// <summary>A parameter.</summary>
internal sealed record CParameter(string Type, string Name);

/// <summary>A function, or the type of one.</summary>
internal sealed record CFunction(string Name, string ReturnType, IReadOnlyList<CParameter> Parameters, string Documentation);

/// <summary>Functions under a heading.</summary>
internal sealed record CSection(string Title, IReadOnlyList<CFunction> Functions);

/// <summary>All that the header declares, read from the built assembly, in an order that does not depend on that of the files.</summary>
internal sealed record CInterface(
    IReadOnlyList<CConstantGroup> Constants,
    IReadOnlyList<CStruct> Structs,
    IReadOnlyList<CFunction> Callbacks,
    IReadOnlyList<CSection> Sections)
{
    /// <summary>All functions.</summary>
    public IEnumerable<CFunction> Functions => Sections.SelectMany(section => section.Functions);

    /// <summary>Reads the interface of AotLayers.Native.</summary>
    public static CInterface Read()
    {
        Assembly assembly = typeof(LibraryExports).Assembly;
        Type[] types = [.. assembly.GetExportedTypes().OrderBy(type => type.FullName, StringComparer.Ordinal)];
        var documentation = XmlDocumentation.Load(Path.ChangeExtension(assembly.Location, ".xml"), types);
        return new CInterface(
            [.. types.Where(type => type.IsDefined(typeof(CConstantsAttribute))).Select(type => ReadConstants(type, documentation))],
            [.. types.Where(IsCStruct).Select(type => ReadStruct(type, documentation))],
            [.. types.Where(IsCallback)
                .Select(type => ReadFunction(type.GetMethod("Invoke")!, CNames.Of(type), documentation.OfType(type)))],
            [.. types.Where(type => type.IsDefined(typeof(CSectionAttribute)))
                .OrderBy(type => type.GetCustomAttribute<CSectionAttribute>()!.Order)
                .Select(type => ReadSection(type, documentation))]);
    }

    private static bool IsCStruct(Type type) => type.IsValueType && type.IsDefined(typeof(CNameAttribute));

    private static bool IsCallback(Type type) => type.IsSubclassOf(typeof(Delegate)) && type.IsDefined(typeof(CNameAttribute));

    private static CConstantGroup ReadConstants(Type type, XmlDocumentation documentation)
    {
        CConstantsAttribute attribute = type.GetCustomAttribute<CConstantsAttribute>()!;
        return new CConstantGroup(
            attribute.Title,
            attribute.Hexadecimal,
            [.. type.GetFields()
                .OrderBy(Order)
                .Select(field => new CConstant(CNames.Of(field), field.GetRawConstantValue()!, documentation.OfField(field)))]);
    }

    private static CStruct ReadStruct(Type type, XmlDocumentation documentation)
    {
        bool opaque = type.IsDefined(typeof(COpaqueAttribute));
        CField[] fields = opaque ? [] : [.. type.GetFields().OrderBy(Order).Select(field => ReadField(type, field, documentation))];
        return new CStruct(CNames.Of(type), opaque, fields, opaque ? 0 : Marshal.SizeOf(type), documentation.OfType(type));
    }

    private static CField ReadField(Type type, FieldInfo field, XmlDocumentation documentation)
    {
        int elements = field.FieldType.GetCustomAttribute<System.Runtime.CompilerServices.InlineArrayAttribute>()?.Length ?? 0;
        string c = field.GetCustomAttribute<CTypeAttribute>()?.Type
            ?? (elements == 0 ? CTypes.Of(field.FieldType) : field.FieldType.IsDefined(typeof(CTextAttribute)) ? "char" : "uint8_t");
        return new CField(
            c,
            CNames.Of(field),
            elements,
            (int)Marshal.OffsetOf(type, field.Name),
            elements > 0 ? elements : CTypes.SizeOf(field.FieldType),
            documentation.OfField(field));
    }

    private static CSection ReadSection(Type type, XmlDocumentation documentation) => new(
        type.GetCustomAttribute<CSectionAttribute>()!.Title,
        [.. type.GetMethods(BindingFlags.Public | BindingFlags.Static).OrderBy(Order).Select(method => ReadExport(method, documentation))]);

    private static CFunction ReadExport(MethodInfo method, XmlDocumentation documentation)
    {
        string name = method.GetCustomAttribute<UnmanagedCallersOnlyAttribute>()?.EntryPoint
            ?? throw new InvalidOperationException($"{method.DeclaringType!.Name}.{method.Name} is public, but not exported");
        return ReadFunction(method, name, documentation.OfMethod(method));
    }

    private static CFunction ReadFunction(MethodInfo method, string name, string documentation) => new(
        name,
        CTypes.Of(method.ReturnType),
        [.. method.GetParameters().Select(parameter => new CParameter(
            parameter.GetCustomAttribute<CTypeAttribute>()?.Type ?? CTypes.Of(parameter.ParameterType),
            CNames.ToSnakeCase(parameter.Name!)))],
        documentation);

    private static int Order(MemberInfo member) => member.MetadataToken;
}

/// <summary>Names of C from names of C#.</summary>
internal static class CNames
{
    public static string Of(MemberInfo member) => member.GetCustomAttribute<CNameAttribute>()?.Name ?? ToSnakeCase(member.Name);

    /// <summary><c>StructSize</c> and <c>structSize</c> are <c>struct_size</c>.</summary>
    public static string ToSnakeCase(string name)
    {
        var text = new StringBuilder();
        foreach (char c in name)
        {
            if (char.IsUpper(c) && text.Length > 0)
            {
                text.Append('_');
            }

            text.Append(char.ToLowerInvariant(c));
        }

        return text.ToString();
    }
}

/// <summary>Types of C from types of C#.</summary>
internal static class CTypes
{
    /// <summary>
    /// The C type. A <c>byte*</c> is a string that is only read: what else it may be is said by <see cref="CTypeAttribute"/>.
    /// </summary>
    public static string Of(Type type)
    {
        if (type.IsPointer)
        {
            Type element = type.GetElementType()!;
            return element == typeof(byte) ? "const char *" : Pointer(Of(element));
        }

        return type == typeof(void) ? "void"
            : type == typeof(byte) ? "uint8_t"
            : type == typeof(int) ? "int32_t"
            : type == typeof(uint) ? "uint32_t"
            : type == typeof(long) ? "int64_t"
            : type == typeof(ulong) ? "uint64_t"
            : type == typeof(nuint) ? "size_t"
            : type.IsDefined(typeof(CNameAttribute)) ? CNames.Of(type)
            : throw new InvalidOperationException($"{type} has no C type here");
    }

    /// <summary>Size of a field's type on 64-bit systems.</summary>
    public static int SizeOf(Type type) => type.IsPointer ? IntPtr.Size : Marshal.SizeOf(type);

    private static string Pointer(string type) => type.EndsWith('*') ? type + "*" : type + " *";
}
