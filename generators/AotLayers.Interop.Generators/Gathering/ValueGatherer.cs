using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <summary>
/// Reads how one value crosses the ABI: its type, and what [MarshalAs], [MarshalUsing], [LibraryText] and [LibraryMemory] of a parameter
/// or return value say of it. What is honoured here is honoured by interface, recorder, replayer and exports alike; everything else is
/// refused.
/// </summary>
internal sealed class ValueGatherer(TypeGatherer types)
{
    private const string Marshalling = "System.Runtime.InteropServices.Marshalling.";

    /// <summary>The model of a value, or null and the reason why a declaration cannot have it.</summary>
    /// <param name="type">Its type.</param>
    /// <param name="attributes">The attributes of the parameter or return value.</param>
    /// <param name="strings">How the declaration's strings cross.</param>
    /// <param name="encoding">How this one does, if it is a string.</param>
    /// <param name="reason">Why there is no model.</param>
    public TypeModel? Gather(
        ITypeSymbol type,
        ImmutableArray<AttributeData> attributes,
        StringEncoding strings,
        out StringEncoding encoding,
        out string reason)
    {
        encoding = strings;
        if (SymbolExtensions.Find(attributes, KnownNames.LibraryText) is not null
            || SymbolExtensions.Find(attributes, KnownNames.LibraryMemory) is not null)
        {
            reason = IsAddress(type) ? "" : "[LibraryText] and [LibraryMemory] are for pointers: nint, nuint or an unmanaged pointer type";
            return reason.Length == 0 ? Address(type) : null;
        }

        AttributeData? marshalAs = SymbolExtensions.Find(attributes, KnownNames.MarshalAs);
        AttributeData? marshalUsing = SymbolExtensions.Find(attributes, KnownNames.MarshalUsing);
        if (marshalUsing is not null)
        {
            return GatherMarshalUsing(type, marshalUsing, ref encoding, out reason);
        }

        int? unmanaged = marshalAs is null
            ? null
            : Convert.ToInt32(marshalAs.ConstructorArguments[0].Value, System.Globalization.CultureInfo.InvariantCulture);
        string text = type.ToSource();
        switch (type.SpecialType)
        {
            case SpecialType.System_Boolean:
                (string Native, string True)? size = unmanaged switch
                {
                    2 or 7 => ("int", "1"),
                    8 => ("uint", "1u"),
                    3 => ("sbyte", "(sbyte)1"),
                    4 => ("byte", "(byte)1"),
                    37 => ("short", "(short)-1"),
                    _ => null,
                };
                reason = size is null ? "bool has no fixed native size; add [MarshalAs(UnmanagedType.Bool)] for 4 bytes (BOOL, int), U1 "
                    + "for 1 (C's bool, BOOLEAN) or VariantBool for 2" : "";
                return size is { } s ? new TypeModel(TypeShape.Bool, text) { Native = s.Native, True = s.True } : null;
            case SpecialType.System_Char:
                bool isUtf16 = unmanaged is 5 or 6 || (unmanaged is null && strings == StringEncoding.Utf16);
                reason = isUtf16 ? "" : "char has no fixed native size; use byte, or add [MarshalAs(UnmanagedType.U2)]";
                return isUtf16 ? new TypeModel(TypeShape.Char, text) { Native = "ushort" } : null;
            case SpecialType.System_String when unmanaged is int form:
                StringEncoding? named = form switch
                {
                    48 => StringEncoding.Utf8,
                    21 or 22 => StringEncoding.Utf16,
                    20 => StringEncoding.Ansi,
                    19 => StringEncoding.BStr,
                    _ => null
                };
                reason = named is null ? "a string crosses as LPUTF8Str, LPWStr, LPTStr, LPStr or BStr" : "";
                encoding = named ?? encoding;
                return named is null ? null : new TypeModel(TypeShape.String, text);
            default:
                if (unmanaged is int other && !Fits(type, other))
                {
                    reason = $"[MarshalAs] with UnmanagedType value {other} does not fit the type {type.ToDisplayString()}; leave it "
                        + $"out, or write the type that crosses";
                    return null;
                }

                return types.Gather(type, out reason);
        }
    }

    /// <summary>What a pointer points to, or null where neither [LibraryText] nor [LibraryMemory] stands.</summary>
    public static ContentModel? GatherContent(ITypeSymbol type, ImmutableArray<AttributeData> attributes)
    {
        if (SymbolExtensions.Find(attributes, KnownNames.LibraryText) is { } text)
        {
            string? count = text.Named("Count") as string;
            return new ContentModel(
                count is null ? ContentKind.Text : ContentKind.Texts,
                text.Named("Owner") as string,
                count,
                LengthByReturnValue: false,
                LengthFunction: null,
                text.Named("Encoding") is 1 ? NativeTextEncoding.Utf16 : NativeTextEncoding.Utf8);
        }

        if (SymbolExtensions.Find(attributes, KnownNames.LibraryMemory) is not { } memory)
        {
            return null;
        }

        ITypeSymbol? target = (type as IPointerTypeSymbol)?.PointedAtType;
        bool isTyped = target is { SpecialType: not (SpecialType.System_Void or SpecialType.System_Byte or SpecialType.System_SByte) }
            and not IPointerTypeSymbol;
        return new ContentModel(
            ContentKind.Block,
            memory.Named("Owner") as string,
            memory.Named("Length") as string,
            memory.Named("LengthByReturnValue") is true,
            memory.Named("LengthFunction") as string,
            NativeTextEncoding.Utf8)
        {
            Unit = isTyped ? $"sizeof({target!.ToSource()})" : "1",
        };
    }

    /// <summary>A pointer by one of its types.</summary>
    public static bool IsAddress(ITypeSymbol type) =>
        type is { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr }
            or IPointerTypeSymbol { PointedAtType.IsUnmanagedType: true }
            or IPointerTypeSymbol { PointedAtType.SpecialType: SpecialType.System_Void };

    /// <summary>The model of a pointer that is passed as it is.</summary>
    public static TypeModel Address(ITypeSymbol type) => new(TypeShape.Address, type.ToSource());

    private TypeModel? GatherMarshalUsing(ITypeSymbol type, AttributeData attribute, ref StringEncoding encoding, out string reason)
    {
        reason = "";
        if (attribute.Positional(0) is not INamedTypeSymbol marshaller || attribute.Named("ElementIndirectionDepth") is > 0)
        {
            reason = "[MarshalUsing] that describes elements or their count is not carried into the generated types; use Span or "
                + "ReadOnlySpan with [Buffer]";
            return null;
        }

        if (type.SpecialType == SpecialType.System_String)
        {
            (StringEncoding encoding, bool frees)? known = marshaller.ToDisplayString() switch
            {
                Marshalling + "Utf8StringMarshaller" => (StringEncoding.Utf8, true),
                Marshalling + "Utf16StringMarshaller" => (StringEncoding.Utf16, true),
                Marshalling + "AnsiStringMarshaller" => (StringEncoding.Ansi, true),
                Marshalling + "BStrStringMarshaller" => (StringEncoding.BStr, true),
                "AotLayers.Interop.LibraryUtf8Text" => (StringEncoding.Utf8, false),
                "AotLayers.Interop.LibraryUtf16Text" => (StringEncoding.Utf16, false),
                _ => null,
            };
            if (known is { } k)
            {
                encoding = k.encoding;
                return new TypeModel(TypeShape.String, type.ToSource()) { IsLibraryOwned = !k.frees };
            }

            encoding = StringEncoding.Custom;
            return new TypeModel(TypeShape.String, type.ToSource(), Marshaller: TypeGatherer.Marshaller(marshaller));
        }

        if (type is INamedTypeSymbol { TypeKind: TypeKind.Struct }
            && types.Gather(type, marshaller, out reason) is { Shape: TypeShape.Struct } model)
        {
            return model;
        }

        reason = reason.Length > 0
            ? reason
            : $"[MarshalUsing] on {type.ToDisplayString()} is not carried into the generated types; it is for string and for structs";
        return null;
    }

    /// <summary>[MarshalAs] that says of an integer, a float or a callback what its type says already.</summary>
    private static bool Fits(ITypeSymbol type, int unmanaged)
    {
        SpecialType special = type is INamedTypeSymbol { EnumUnderlyingType: { } underlying } ? underlying.SpecialType : type.SpecialType;
        return special switch
        {
            SpecialType.System_SByte or SpecialType.System_Byte => unmanaged is 3 or 4,
            SpecialType.System_Int16 or SpecialType.System_UInt16 => unmanaged is 5 or 6,
            SpecialType.System_Int32 or SpecialType.System_UInt32 => unmanaged is 7 or 8 or 45,
            SpecialType.System_Int64 or SpecialType.System_UInt64 => unmanaged is 9 or 10,
            SpecialType.System_IntPtr or SpecialType.System_UIntPtr => unmanaged is 31 or 32,
            SpecialType.System_Single => unmanaged == 11,
            SpecialType.System_Double => unmanaged == 12,
            _ => type is { TypeKind: TypeKind.Delegate or TypeKind.FunctionPointer } && unmanaged == 38,
        };
    }
}
