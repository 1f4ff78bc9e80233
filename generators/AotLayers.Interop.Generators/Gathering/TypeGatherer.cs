using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <summary>Turns the types of one API's signatures into models, and keeps each struct once.</summary>
internal sealed class TypeGatherer(IAssemblySymbol home)
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
            TypeModel? target = pointer.PointedAtType.IsUnmanagedType ? Gather(pointer.PointedAtType, out reason) : null;
            if (target is { Shape: TypeShape.Struct })
            {
                return new TypeModel(TypeShape.Pointer, text, Element: target) { HasCursors = target.HasCursors };
            }

            reason = reason.Length > 0 ? reason : "a pointer must point to one unmanaged struct; for several values use Span or ReadOnlySpan with [Buffer]";
            return null;
        }

        if (type is INamedTypeSymbol { TypeKind: TypeKind.Enum, EnumUnderlyingType: { } underlying } && Scalar(underlying) is var (enumScalar, enumKeyword))
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
        IArrayTypeSymbol => "arrays hide their length; use Span or ReadOnlySpan with [Buffer]",
        { TypeKind: TypeKind.Delegate } => "callbacks cannot be recorded",
        { TypeKind: TypeKind.FunctionPointer } => "callbacks cannot be recorded",
        { TypeKind: TypeKind.Error } => "the type is not known",
        { IsReferenceType: true } => "only string is supported among reference types; pass a handle as nint with [Handle]",
        _ => "the type is not supported",
    };

    private TypeModel? GatherSpan(ITypeSymbol element, bool isReadOnly, string text, out string reason)
    {
        TypeModel? model = element.SpecialType == SpecialType.System_Char
            ? new TypeModel(TypeShape.Scalar, "char", "Char", "char")
            : Gather(element, out reason);
        reason = "";
        if (model is null || model.HasCursors || model.Shape is not (TypeShape.Scalar or TypeShape.CLong or TypeShape.Enum or TypeShape.Guid or TypeShape.Struct))
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
            return new TypeModel(TypeShape.Struct, text, Helper: known, Marshaller: marshaller) { HasCursors = _structs.Any(s => s.Helper == known && s.HasCursors) };
        }

        List<FieldModel> fields = [];
        foreach (IFieldSymbol field in type.GetMembers().OfType<IFieldSymbol>().Where(static f => !f.IsStatic && !f.IsConst))
        {
            if (GatherField(field, out reason) is not { } model)
            {
                reason = $"field {type.Name}.{field.Name}: {reason}";
                return null;
            }

            if (fields.Any(f => f.Json == model.Json))
            {
                reason = $"field {type.Name}.{field.Name}: another field is recorded as '{model.Json}' too";
                return null;
            }

            fields.Add(model);
        }

        // Fields that the compiler hides (private ones of another assembly) leave nothing to record.
        if (fields.Count == 0)
        {
            reason = $"the struct {type.Name} has no accessible fields";
            return null;
        }

        string helper = type.Name;
        for (int n = 2; _structs.Any(s => s.Helper == helper); n++)
        {
            helper = $"{type.Name}{n}";
        }

        _helpers.Add(type, helper);
        StructModel gathered = new(text, helper, new(fields));
        _structs.Add(gathered);
        return new TypeModel(TypeShape.Struct, text, Helper: helper, Marshaller: marshaller) { HasCursors = gathered.HasCursors };
    }

    private FieldModel? GatherField(IFieldSymbol field, out string reason)
    {
        bool isAccessible = field.DeclaredAccessibility == Accessibility.Public
            || (field.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedOrInternal && SymbolEqualityComparer.Default.Equals(field.ContainingAssembly, home));
        if (!isAccessible || field.IsReadOnly)
        {
            reason = "it is not accessible or read-only, so it cannot be recorded and read back";
            return null;
        }

        FieldModel? pointer = GatherPointerField(field, out reason);
        if (pointer is not null || reason.Length > 0)
        {
            return pointer;
        }

        if (field.IsFixedSizeBuffer || field.Type is IPointerTypeSymbol or IFunctionPointerTypeSymbol)
        {
            reason = "pointers and fixed buffers cannot be recorded; use [InlineArray], or a managed struct with [NativeMarshalling]";
            return null;
        }

        if (field.Type.FindAttribute(KnownNames.InlineArray)?.Positional(0) is int length)
        {
            SpecialType? element = field.Type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(static f => !f.IsStatic)?.Type.SpecialType;
            FieldShape? shape = element switch
            {
                SpecialType.System_Char => FieldShape.Chars,
                SpecialType.System_Byte => FieldShape.Bytes,
                _ => null,
            };
            reason = shape is null ? "only inline arrays of char or byte can be recorded" : "";
            return shape is { } s ? new(field.Name, field.Name.ToCamelCase(), s, new(TypeShape.Struct, field.Type.ToSource()), length) : null;
        }

        TypeModel? type = field.Type.SpecialType switch
        {
            // Where a struct crosses by its memory, bool is one byte and char is two.
            SpecialType.System_Boolean => new TypeModel(TypeShape.Bool, "bool"),
            SpecialType.System_Char => new TypeModel(TypeShape.Char, "char"),
            _ => Gather(field.Type, out reason),
        };
        if (type is { Shape: TypeShape.Span or TypeShape.ReadOnlySpan })
        {
            reason = "spans cannot be fields of a recorded struct";
            return null;
        }

        if (type is { HasCursors: true })
        {
            reason = "a struct with cursors must be the parameter itself, by ref or by pointer";
            return null;
        }

        return type is null ? null : new FieldModel(field.Name, field.Name.ToCamelCase(), FieldShape.Value, type, 0);
    }

    /// <summary>A field that an attribute says to be a cursor into the caller's memory, the library's text, or somebody's own pointer.</summary>
    private static FieldModel? GatherPointerField(IFieldSymbol field, out string reason)
    {
        reason = "";
        FieldShape? shape =
            field.FindAttribute(KnownNames.InputCursor) is not null ? FieldShape.InputCursor
            : field.FindAttribute(KnownNames.OutputCursor) is not null ? FieldShape.OutputCursor
            : field.FindAttribute(KnownNames.LibraryText) is not null ? FieldShape.LibraryText
            : field.FindAttribute(KnownNames.Opaque) is not null ? FieldShape.Opaque
            : null;
        if (shape is not { } found)
        {
            return null;
        }

        if (!ValueGatherer.IsAddress(field.Type) && field.Type is not IFunctionPointerTypeSymbol)
        {
            reason = "its attribute is for pointers";
            return null;
        }

        string? remaining = (field.FindAttribute(KnownNames.InputCursor) ?? field.FindAttribute(KnownNames.OutputCursor))?.Positional(0) as string;
        if (remaining is not null && !field.ContainingType.GetMembers(remaining).OfType<IFieldSymbol>().Any(static f => MethodGatherer.IsInteger(f.Type)))
        {
            reason = $"it names '{remaining}' as the field that counts the bytes left, which is no integer field of {field.ContainingType.Name}";
            return null;
        }

        NativeTextEncoding encoding = field.FindAttribute(KnownNames.LibraryText)?.Named("Encoding") is 1 ? NativeTextEncoding.Utf16 : NativeTextEncoding.Utf8;
        return new FieldModel(field.Name, field.Name.ToCamelCase(), found, ValueGatherer.Address(field.Type), 0) { Remaining = remaining, Encoding = encoding };
    }

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
