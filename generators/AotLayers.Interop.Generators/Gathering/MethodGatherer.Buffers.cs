using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators;

/// <content>How parameters are passed, which way values go, and what tells the sizes of buffers.</content>
internal sealed partial class MethodGatherer
{
    private bool CheckPassing(IMethodSymbol method, IParameterSymbol parameter, PassingMode? mode, TypeModel type)
    {
        string? wanted = (mode, type.Shape) switch
        {
            (null, _) => "by value, or as in, out or ref",
            (not PassingMode.Value, TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Pointer or TypeShape.Array
                or TypeShape.Callback) => "by value",
            (PassingMode.In or PassingMode.Ref, TypeShape.String) => "by value when it goes in, or as out when it comes back",
            (PassingMode.In or PassingMode.Ref, TypeShape.SafeHandle) => "by value or as out",
            (not PassingMode.Ref, _) when type is { HasCursors: true, Shape: not TypeShape.Pointer } =>
                "by ref or by pointer, because the call moves its cursors",
            _ => null,
        };
        return Check(wanted is null, DiagnosticDescriptors.PassingMode, parameter, parameter.Name, method.Name, wanted ?? "")
            && Check(
                !parameter.HasExplicitDefaultValue,
                DiagnosticDescriptors.NotCarried,
                parameter,
                parameter.Name,
                method.Name,
                "a default value")
            && Check(!parameter.IsParams, DiagnosticDescriptors.NotCarried, parameter, parameter.Name, method.Name, "params");
    }

    private bool TryGatherDirection(IMethodSymbol method, IParameterSymbol parameter, TypeModel type, out Direction direction)
    {
        direction = type.Shape == TypeShape.Span ? Direction.Out : Direction.In;
        object? declared = parameter.FindAttribute(KnownNames.Direction)?.Positional(0);
        bool takesDirection = type.Shape is TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Array or TypeShape.Pointer;
        if (declared is null)
        {
            if (type is { Shape: TypeShape.Array })
            {
                bool isIn = parameter.FindAttribute(KnownNames.In) is not null;
                bool isOut = parameter.FindAttribute(KnownNames.Out) is not null;
                direction = isOut ? isIn ? Direction.InOut : Direction.Out : Direction.In;
            }
            else if (type is { Shape: TypeShape.Pointer, HasCursors: false })
            {
                report?.Invoke(
                    DiagnosticDescriptors.UndirectedPointer,
                    parameter,
                    parameter.Name,
                    method.Name,
                    parameter.Type.ToDisplayString());
                direction = Direction.InOut;
            }

            return true;
        }

        direction = (Direction)(int)declared;
        bool fits = Check(
            takesDirection && !(type.Shape == TypeShape.ReadOnlySpan && direction != Direction.In),
            DiagnosticDescriptors.DirectionType,
            parameter,
            direction.ToString(),
            parameter.Name,
            method.Name,
            type.Shape == TypeShape.ReadOnlySpan ? "a ReadOnlySpan only goes in; use Span" : "it is for pointers, spans and arrays");

        // What follows from a wrong direction is not reported as well.
        direction = fits ? direction : Direction.In;
        return fits;
    }

    private bool TryGatherBuffer(
        IMethodSymbol method,
        IParameterSymbol parameter,
        TypeModel type,
        Direction direction,
        out BufferModel? buffer)
    {
        buffer = null;
        bool isElements = type.Shape is TypeShape.Span or TypeShape.ReadOnlySpan or TypeShape.Array;
        if (parameter.FindAttribute(KnownNames.Buffer) is { } attribute)
        {
            if (!Check(isElements, DiagnosticDescriptors.BufferOnNonSpan, parameter, method.Name, parameter.Name))
            {
                return false;
            }

            buffer = new BufferModel(
                attribute.Named("Length") as string,
                attribute.Named("Written") as string,
                attribute.Named("WrittenByReturnValue") is true)
            {
                InBytes = attribute.Named("Unit") is 1,
                Terminator = attribute.Named("Terminator") is int terminator ? (BufferTerminator)terminator : BufferTerminator.Counted,
                Truncates = attribute.Named("Truncates") is true,
                Count = attribute.Named("Count") is int count ? count : 0,
            };
            if (!CheckSize(
                method,
                parameter,
                "Length",
                buffer.Length,
                static k => k == RefKind.None,
                "must name an integer parameter passed by value")
                | !CheckSize(
                    method,
                    parameter,
                    "Written",
                    buffer.Written,
                    static k => k is RefKind.Out or RefKind.Ref or RefKind.None,
                    "must name an integer parameter")
                || !CheckCounting(method, parameter, type, buffer))
            {
                return false;
            }

            if (buffer.WrittenByReturnValue && !Check(
                IsInteger(method.ReturnType),
                DiagnosticDescriptors.BufferSize,
                parameter,
                method.Name,
                parameter.Name,
                "WrittenByReturnValue",
                "true",
                "needs an integer return value"))
            {
                return false;
            }
        }

        return Check(
            !isElements || direction != Direction.Out || buffer is { IsMeasured: true },
            DiagnosticDescriptors.BufferUnknownWritten,
            parameter,
            method.Name,
            parameter.Name);
    }

    private bool CheckCounting(IMethodSymbol method, IParameterSymbol parameter, TypeModel type, BufferModel buffer)
    {
        int counts = (buffer.Written is null ? 0 : 1) + (buffer.WrittenByReturnValue ? 1 : 0) + (buffer.Terminator == BufferTerminator.Ends
            ? 1
            : 0);
        bool isText = type.Element!.Scalar is "Byte" or "SByte" or "UInt16" or "Char";
        string? problem =
            counts > 1 ? "says more than once how much was written: Written, WrittenByReturnValue and Terminator.Ends exclude each other"
            : buffer.Terminator != BufferTerminator.Counted && !isText ? "has a terminator, which only text of byte, ushort or char has"
            : buffer.Terminator == BufferTerminator.NotCounted && counts == 0 ? "has a NUL that is not counted, but nothing counts"
            : buffer.Truncates
                && !(buffer.WrittenByReturnValue || buffer.Written is not null) ? "truncates, but nothing tells the wanted size"
            : buffer.Count < 0 ? "has a negative Count"
            : null;
        return Check(problem is null, DiagnosticDescriptors.BufferCounting, parameter, parameter.Name, method.Name, problem ?? "");
    }

    private bool CheckSize(
        IMethodSymbol method,
        IParameterSymbol buffer,
        string property,
        string? name,
        Func<RefKind, bool> mode,
        string rule) => Check(
        name is null || method.Parameters.Any(p => p.Name == name && IsInteger(p.Type) && mode(p.RefKind)),
        DiagnosticDescriptors.BufferSize,
        buffer,
        method.Name,
        buffer.Name,
        property,
        name ?? "",
        rule);
}
