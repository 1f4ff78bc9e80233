using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <content>Where fields lie: whether they lie over each other, and whether there are bytes between or behind them that a callee can
/// write.</content>
internal sealed partial class TypeGatherer
{
    private const int Explicit = 2;

    private static StructModel Layout(INamedTypeSymbol type, string text, string helper, List<FieldModel> fields, bool isBlittable)
    {
        // Field offsets of a referenced assembly are not seen as attributes: its structs are compared byte for byte when they are recorded.
        bool isSource = type.DeclaringSyntaxReferences.Length > 0;
        bool isUnion = isBlittable && isSource && HasOverlap(type);
        bool hasGaps = isBlittable && !isUnion && (!isSource || HasGap(type, pointer: 8) || HasGap(type, pointer: 4));
        return new StructModel(text, helper, new(fields))
        {
            IsUnion = isUnion,
            HasGaps = hasGaps,
            HasOutForm = isBlittable && (hasGaps || fields.Any(static f => f.Handle is not null || f.Type.HasOutForm)),
        };
    }

    private static IEnumerable<IFieldSymbol> Fields(INamedTypeSymbol type) =>
        type.GetMembers().OfType<IFieldSymbol>().Where(static f => !f.IsStatic && !f.IsConst);

    private static bool HasOverlap(INamedTypeSymbol type)
    {
        (long Start, long End)[] ranges = Ranges(type, pointer: 8) ?? [];
        for (int i = 0; i < ranges.Length; i++)
        {
            for (int j = 0; j < i; j++)
            {
                if (ranges[i].Start < ranges[j].End && ranges[j].Start < ranges[i].End)
                {
                    return true;
                }
            }
        }

        // Where a size is not known, explicit offsets may well overlap.
        return ranges.Length == 0 && Kind(type) == Explicit;
    }

    private static bool HasGap(INamedTypeSymbol type, int pointer)
    {
        if (Ranges(type, pointer) is not { } ranges || Measure(type, pointer) is not var (size, _))
        {
            return true;
        }

        return ranges.Sum(static r => r.End - r.Start) < size;
    }

    /// <summary>Where each field begins and ends, or null when a size is not known.</summary>
    private static (long Start, long End)[]? Ranges(INamedTypeSymbol type, int pointer)
    {
        List<(long, long)> ranges = [];
        long offset = 0;
        int pack = type.FindAttribute(KnownNames.StructLayout)?.Named("Pack") is int p and > 0 ? p : int.MaxValue;
        foreach (IFieldSymbol field in Fields(type))
        {
            if (Measure(field, pointer) is not var (size, alignment))
            {
                return null;
            }

            alignment = Math.Min(alignment, pack);
            offset = Kind(type) == Explicit && field.FindAttribute(KnownNames.FieldOffset)?.Positional(0) is int at
                ? at
                : (offset + alignment - 1) / alignment * alignment;
            ranges.Add((offset, offset + size));
            offset += size;
        }

        return [.. ranges];
    }

    private static int Kind(INamedTypeSymbol type) =>
        type.FindAttribute(KnownNames.StructLayout)?.ConstructorArguments.FirstOrDefault().Value switch
    {
        int kind => kind,
        short kind => kind,
        _ => 0,
    };

    private static (long Size, int Alignment)? Measure(IFieldSymbol field, int pointer) =>
        !field.IsFixedSizeBuffer ? Measure(field.Type, pointer)
        : Measure(((IPointerTypeSymbol)field.Type).PointedAtType, pointer) is var (size, alignment) ? (size * field.FixedSize, alignment)
        : null;

    private static (long Size, int Alignment)? Measure(ITypeSymbol type, int pointer)
    {
        switch (type)
        {
            case { SpecialType: SpecialType.System_Boolean or SpecialType.System_SByte or SpecialType.System_Byte }:
                return (1, 1);
            case { SpecialType: SpecialType.System_Char or SpecialType.System_Int16 or SpecialType.System_UInt16 }:
                return (2, 2);
            case { SpecialType: SpecialType.System_Int32 or SpecialType.System_UInt32 or SpecialType.System_Single }:
                return (4, 4);
            case { SpecialType: SpecialType.System_Int64 or SpecialType.System_UInt64 or SpecialType.System_Double }:
                return (8, 8);
            case { SpecialType: SpecialType.System_IntPtr or SpecialType.System_UIntPtr } or IPointerTypeSymbol
                or IFunctionPointerTypeSymbol:
                return (pointer, pointer);
            case INamedTypeSymbol { EnumUnderlyingType: { } underlying }:
                return Measure(underlying, pointer);
            case INamedTypeSymbol named when named.ToDisplayString() == "System.Guid":
                return (16, 4);
            case INamedTypeSymbol { TypeKind: TypeKind.Struct, IsUnmanagedType: true,
                SpecialType: SpecialType.None } named when named.DeclaringSyntaxReferences.Length > 0:
                return MeasureStruct(named, pointer);
            default:
                return null;
        }
    }

    private static (long Size, int Alignment)? MeasureStruct(INamedTypeSymbol type, int pointer)
    {
        if (Ranges(type, pointer) is not { Length: > 0 } ranges)
        {
            return null;
        }

        int pack = type.FindAttribute(KnownNames.StructLayout)?.Named("Pack") is int p and > 0 ? p : int.MaxValue;
        int alignment = Fields(type).Max(f => Math.Min(pack, Measure(f, pointer)!.Value.Alignment));
        if (type.FindAttribute(KnownNames.InlineArray)?.Positional(0) is int count)
        {
            return (ranges[0].End * count, alignment);
        }

        long end = ranges.Max(static r => r.End);
        long size = (end + alignment - 1) / alignment * alignment;
        return (Math.Max(size, type.FindAttribute(KnownNames.StructLayout)?.Named("Size") is int declared ? declared : 0), alignment);
    }
}
