using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <content>The fields of structs, pointers to single values, and arrays.</content>
internal sealed partial class TypeGatherer
{
    private readonly List<IFieldSymbol> _naked = [];

    /// <summary>Fields that are pointers of which nothing is said.</summary>
    public IReadOnlyList<IFieldSymbol> Naked => _naked;

    private TypeModel? GatherPointer(IPointerTypeSymbol pointer, string text, out string reason)
    {
        reason = "";
        ITypeSymbol pointed = pointer.PointedAtType;
        TypeModel? target = pointed.SpecialType == SpecialType.System_Char ? new TypeModel(TypeShape.Char, "char")
            : pointed.IsUnmanagedType && pointed.SpecialType != SpecialType.System_Void ? Gather(pointed, out reason)
            : null;
        if (target is { Shape: TypeShape.Scalar or TypeShape.CLong or TypeShape.Enum or TypeShape.Guid or TypeShape.Char } or {
            Shape: TypeShape.Struct, Marshaller: null })
        {
            return new TypeModel(TypeShape.Pointer, text, Element: target) { HasCursors = target.HasCursors };
        }

        reason = reason.Length > 0 ? reason : "a pointer must point to one number, enum, Guid or blittable struct; for several values "
            + "use Span or ReadOnlySpan with [Buffer]";
        return null;
    }

    private TypeModel? GatherArray(IArrayTypeSymbol array, string text, out string reason)
    {
        TypeModel? element = null;
        reason = "an array has one dimension";
        if (array.Rank == 1)
        {
            element = array.ElementType.SpecialType == SpecialType.System_Char
                ? new TypeModel(TypeShape.Scalar, "char", "Char", "char")
                : Gather(array.ElementType, out reason);
        }

        if (element is { HasCursors: false, Shape: TypeShape.Scalar or TypeShape.Enum or TypeShape.Guid } or { HasCursors: false,
            Shape: TypeShape.Struct, Marshaller: null })
        {
            return new TypeModel(TypeShape.Array, text, Element: element);
        }

        reason = reason.Length > 0 ? reason : $"an array of {array.ElementType.ToDisplayString()} does not cross by its memory; use "
            + $"ReadOnlySpan with [Buffer], or a marshaller for a struct around it";
        return null;
    }

    private List<FieldModel>? GatherFields(INamedTypeSymbol type, out string reason)
    {
        reason = "";
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

        return fields;
    }

    private FieldModel? GatherField(IFieldSymbol field, out string reason)
    {
        bool isAccessible = field.DeclaredAccessibility == Accessibility.Public
            || (field.DeclaredAccessibility is Accessibility.Internal or Accessibility.ProtectedOrInternal
                && SymbolEqualityComparer.Default.Equals(field.ContainingAssembly, home));
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

        string json = field.Name.ToCamelCase();
        if (field.FindAttribute(KnownNames.Handle) is { } attribute)
        {
            return GatherHandleField(field, json, attribute, out reason);
        }

        if (field.IsFixedSizeBuffer)
        {
            ITypeSymbol element = ((IPointerTypeSymbol)field.Type).PointedAtType;
            return GatherElements(field, json, FieldShape.Fixed, element, field.FixedSize, out reason);
        }

        if (field.Type is IFunctionPointerTypeSymbol)
        {
            reason = "a callback in a struct cannot be recorded; say by [Opaque] that the callee only keeps it, or pass it as a "
                + "parameter with [Callback]";
            return null;
        }

        if (field.Type.FindAttribute(KnownNames.InlineArray)?.Positional(0) is int length)
        {
            ITypeSymbol? element = field.Type.GetMembers().OfType<IFieldSymbol>().FirstOrDefault(static f => !f.IsStatic)?.Type;
            FieldShape shape = element?.SpecialType switch
            {
                SpecialType.System_Char => FieldShape.Chars,
                SpecialType.System_Byte => FieldShape.Bytes,
                _ => FieldShape.Elements,
            };
            return GatherElements(field, json, shape, element, length, out reason);
        }

        return GatherValueField(field, json, out reason);
    }

    private FieldModel? GatherValueField(IFieldSymbol field, string json, out string reason)
    {
        reason = "";
        TypeModel? type = field.Type.SpecialType switch
        {
            // Where a struct crosses by its memory, bool is one byte and char is two.
            SpecialType.System_Boolean => new TypeModel(TypeShape.Bool, "bool"),
            SpecialType.System_Char => new TypeModel(TypeShape.Char, "char"),
            _ => Gather(field.Type, out reason),
        };
        if (type is { Shape: TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Array or TypeShape.SafeHandle })
        {
            reason = "spans, arrays and safe handles cannot be fields of a recorded struct";
            return null;
        }

        if (type is { HasCursors: true })
        {
            reason = "a struct with cursors must be the parameter itself, by ref or by pointer";
            return null;
        }

        return type is null ? null : new FieldModel(field.Name, json, FieldShape.Value, type, 0);
    }

    private FieldModel? GatherElements(
        IFieldSymbol field,
        string json,
        FieldShape shape,
        ITypeSymbol? element,
        int length,
        out string reason)
    {
        reason = "";
        TypeModel? type = element switch
        {
            null => null,
            { SpecialType: SpecialType.System_Char } => new TypeModel(TypeShape.Scalar, "char", "Char", "char"),
            _ => Gather(element, out reason),
        };
        if (type is { Shape: TypeShape.Scalar or TypeShape.Enum or TypeShape.Guid,
            Scalar: not ("NInt" or "NUInt") } or { Shape: TypeShape.Struct, Marshaller: null, HasOutForm: false, HasCursors: false })
        {
            return new FieldModel(field.Name, json, shape, type, length);
        }

        reason = reason.Length > 0 ? reason : $"an array of {element?.ToDisplayString()} within a struct holds numbers, enums, Guids, "
            + $"or structs without handles and without padding";
        return null;
    }

    private FieldModel? GatherHandleField(IFieldSymbol field, string json, AttributeData attribute, out string reason)
    {
        HandleModel handle = MethodGatherer.GatherHandle(attribute, field.Type)!;
        TypeModel? type = field.Type is IPointerTypeSymbol ? ValueGatherer.Address(field.Type) : Gather(field.Type, out _);
        reason = handle.ConsumedWhen is not null ? "ConsumedWhen names a parameter, which a field cannot see"
            : type is { Shape: TypeShape.Address } or { Shape: TypeShape.Scalar,
                Scalar: "Int32" or "UInt32" or "Int64" or "UInt64" or "NInt" or "NUInt" } ? ""
            : "a handle is int, uint, long, ulong, nint, nuint or a pointer";
        return reason.Length == 0 ? new FieldModel(field.Name, json, FieldShape.Value, type!, 0) { Handle = handle } : null;
    }

    /// <summary>
    /// A field that an attribute says to be a cursor into the caller's memory, the library's text, or somebody's own pointer.
    /// </summary>
    private FieldModel? GatherPointerField(IFieldSymbol field, out string reason)
    {
        reason = "";
        FieldShape? shape =
            field.FindAttribute(KnownNames.InputCursor) is not null ? FieldShape.InputCursor
            : field.FindAttribute(KnownNames.OutputCursor) is not null ? FieldShape.OutputCursor
            : field.FindAttribute(KnownNames.LibraryText) is not null ? FieldShape.LibraryText
            : field.FindAttribute(KnownNames.Opaque) is not null ? FieldShape.Opaque
            : null;
        if (shape is null && field.FindAttribute(KnownNames.Handle) is null && field.FindAttribute(
            KnownNames.Number) is null && !field.IsFixedSizeBuffer
            && (field.Type.IsNint() || field.Type is IPointerTypeSymbol))
        {
            // Reported, and never recorded as an address.
            _naked.Add(field);
            shape = FieldShape.Opaque;
        }

        if (shape is not { } found)
        {
            return null;
        }

        if (!ValueGatherer.IsAddress(field.Type) && field.Type is not IFunctionPointerTypeSymbol)
        {
            reason = "its attribute is for pointers";
            return null;
        }

        string? remaining = (field.FindAttribute(KnownNames.InputCursor)
            ?? field.FindAttribute(KnownNames.OutputCursor))?.Positional(0) as string;
        if (remaining is not null
            && !field.ContainingType.GetMembers(remaining).OfType<IFieldSymbol>().Any(static f => MethodGatherer.IsInteger(f.Type)))
        {
            reason =
                $"it names '{remaining}' as the field that counts the bytes left, which is no integer field of {field.ContainingType.Name}";
            return null;
        }

        NativeTextEncoding encoding = field.FindAttribute(KnownNames.LibraryText)?.Named("Encoding") is 1
            ? NativeTextEncoding.Utf16
            : NativeTextEncoding.Utf8;
        return new FieldModel(
            field.Name,
            field.Name.ToCamelCase(),
            found,
            ValueGatherer.Address(field.Type),
            0) { Remaining = remaining, Encoding = encoding };
    }
}
