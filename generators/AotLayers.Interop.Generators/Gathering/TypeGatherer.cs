using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <summary>Turns the types of one API's signatures into models, and keeps each struct once.</summary>
internal sealed partial class TypeGatherer(IAssemblySymbol home)
{
    private readonly Dictionary<ITypeSymbol, string> _helpers = new(SymbolEqualityComparer.Default);
    private readonly List<StructModel> _structs = [];

    /// <summary>Every struct met so far, innermost first.</summary>
    public IReadOnlyList<StructModel> Structs => _structs;

    /// <summary>The model of a type, or null and the reason why a declaration cannot use it.</summary>
    public TypeModel? Gather(ITypeSymbol type, out string reason)
    {
        reason = "";
        string text = type.ToSource();
        if (type.SpecialType == SpecialType.System_Void)
        {
            return new TypeModel(TypeShape.Void, "void");
        }

        if (Scalar(type) is var (scalar, keyword))
        {
            return new TypeModel(TypeShape.Scalar, text, scalar, keyword);
        }

        if (type.SpecialType == SpecialType.System_String)
        {
            return new TypeModel(TypeShape.String, text);
        }

        if (type.ToDisplayString() == "System.Guid")
        {
            return new TypeModel(TypeShape.Guid, text);
        }

        if (type.ToDisplayString() is "System.Runtime.InteropServices.CLong" or "System.Runtime.InteropServices.CULong")
        {
            return new TypeModel(TypeShape.CLong, text, type.Name == "CLong" ? "NInt" : "NUInt", type.Name == "CLong" ? "nint" : "nuint");
        }

        if (type.IsSpan(out bool isReadOnly))
        {
            return GatherSpan(((INamedTypeSymbol)type).TypeArguments[0], isReadOnly, text, out reason);
        }

        if (type is IPointerTypeSymbol pointer)
        {
            return GatherPointer(pointer, text, out reason);
        }

        if (type is IArrayTypeSymbol array)
        {
            return GatherArray(array, text, out reason);
        }

        if (MethodGatherer.IsSafeHandle(type))
        {
            return new TypeModel(TypeShape.SafeHandle, text);
        }

        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying }
            && Scalar(underlying) is var (enumScalar, enumKeyword))
        {
            return new TypeModel(TypeShape.Enum, text, enumScalar, enumKeyword);
        }

        if (type is INamedTypeSymbol { TypeKind: TypeKind.Struct, SpecialType: SpecialType.None } named)
        {
            return GatherStruct(named, text, out reason);
        }

        reason = Refusal(type);
        return null;
    }

    private static string Refusal(ITypeSymbol type) => type switch
    {
        { SpecialType: SpecialType.System_Boolean } => "bool has no fixed native size; use int for BOOL or byte for BOOLEAN",
        { SpecialType: SpecialType.System_Char } => "char has no fixed native size; use ushort or byte",
        { TypeKind: TypeKind.Delegate } => "callbacks cannot be recorded",
        { TypeKind: TypeKind.FunctionPointer } => "callbacks cannot be recorded",
        { TypeKind: TypeKind.Error } => "the type is not known",
        { IsReferenceType: true } => "only string, arrays, delegates and classes derived from SafeHandle are supported among reference "
            + "types; pass a handle as nint with [Handle]",
        _ => "the type is not supported",
    };

    private TypeModel? GatherSpan(ITypeSymbol element, bool isReadOnly, string text, out string reason)
    {
        TypeModel? model = element.SpecialType == SpecialType.System_Char
            ? new TypeModel(TypeShape.Scalar, "char", "Char", "char")
            : Gather(element, out reason);
        reason = "";
        if (model is null
            || model.HasCursors
            || model.Shape is not (TypeShape.Scalar or TypeShape.CLong or TypeShape.Enum or TypeShape.Guid or TypeShape.Struct))
        {
            reason = $"a span of {element.ToDisplayString()} cannot be recorded";
            return null;
        }

        return new TypeModel(isReadOnly ? TypeShape.ReadOnlySpan : TypeShape.Span, text, Element: model);
    }

    /// <summary>A struct with the marshaller that one parameter names for it.</summary>
    public TypeModel? Gather(ITypeSymbol type, INamedTypeSymbol marshaller, out string reason) =>
        GatherStruct((INamedTypeSymbol)type, type.ToSource(), out reason, Marshaller(marshaller));

    /// <summary>A marshaller, as far as entry points can use it.</summary>
    public static MarshallerModel Marshaller(INamedTypeSymbol marshaller)
    {
        IMethodSymbol? toManaged = Converter(marshaller, "ConvertToManaged");
        IMethodSymbol? toUnmanaged = Converter(marshaller, "ConvertToUnmanaged");
        ITypeSymbol? native = toManaged?.Parameters[0].Type ?? toUnmanaged?.ReturnType;
        return new MarshallerModel(marshaller.ToSource(), native?.ToSource() ?? "", toManaged is not null, toUnmanaged is not null);
    }

    private TypeModel? GatherStruct(INamedTypeSymbol type, string text, out string reason, MarshallerModel? named = null)
    {
        reason = "";
        MarshallerModel? marshaller = named ?? GatherMarshaller(type);
        if (marshaller is null && !type.IsUnmanagedType)
        {
            reason = $"the struct {type.Name} is not blittable and has no [NativeMarshalling]";
            return null;
        }

        if (type.IsGenericType)
        {
            reason = $"the struct {type.Name} is generic";
            return null;
        }

        if (_helpers.TryGetValue(type, out string? known))
        {
            return Model(type, text, _structs.First(s => s.Helper == known), marshaller);
        }

        if (GatherFields(type, out reason) is not { } fields)
        {
            return null;
        }

        string helper = type.Name;
        for (int n = 2; _structs.Any(s => s.Helper == helper); n++)
        {
            helper = $"{type.Name}{n}";
        }

        StructModel gathered = Layout(type, text, helper, fields, isBlittable: marshaller is null && type.IsUnmanagedType);
        if (gathered.IsUnion && fields.Any(static f => f.Handle is not null || f.Shape != FieldShape.Value || f.Type.HasOutForm))
        {
            reason = $"the fields of {type.Name} lie over each other, so that a handle, a pointer or a buffer among them cannot be told "
                + $"from a number";
            return null;
        }

        _helpers.Add(type, helper);
        _structs.Add(gathered);
        return Model(type, text, gathered, marshaller);
    }

    private static TypeModel Model(INamedTypeSymbol type, string text, StructModel model, MarshallerModel? marshaller) =>
        new(
            TypeShape.Struct,
            text,
            Helper: model.Helper,
            Marshaller: marshaller) { HasCursors = model.HasCursors, HasOutForm = model.HasOutForm && type.IsUnmanagedType };

    private static MarshallerModel? GatherMarshaller(INamedTypeSymbol type) =>
        type.FindAttribute(KnownNames.NativeMarshalling)?.Positional(0) is INamedTypeSymbol marshaller ? Marshaller(marshaller) : null;

    private static IMethodSymbol? Converter(INamedTypeSymbol marshaller, string name) =>
        marshaller.GetMembers(name).OfType<IMethodSymbol>().FirstOrDefault(static m => m is { IsStatic: true, Parameters.Length: 1 });

    private static (string Scalar, string Keyword)? Scalar(ITypeSymbol type) => type.SpecialType switch
    {
        SpecialType.System_SByte => ("SByte", "sbyte"),
        SpecialType.System_Byte => ("Byte", "byte"),
        SpecialType.System_Int16 => ("Int16", "short"),
        SpecialType.System_UInt16 => ("UInt16", "ushort"),
        SpecialType.System_Int32 => ("Int32", "int"),
        SpecialType.System_UInt32 => ("UInt32", "uint"),
        SpecialType.System_Int64 => ("Int64", "long"),
        SpecialType.System_UInt64 => ("UInt64", "ulong"),
        SpecialType.System_IntPtr => ("NInt", "nint"),
        SpecialType.System_UIntPtr => ("NUInt", "nuint"),
        SpecialType.System_Single => ("Single", "float"),
        SpecialType.System_Double => ("Double", "double"),
        _ => null,
    };
}
