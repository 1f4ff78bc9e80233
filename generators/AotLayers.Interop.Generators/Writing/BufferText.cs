namespace AotLayers.Interop.Generators;

/// <summary>The sizes of spans and arrays in written code: what was written of a buffer, and what a length must be.</summary>
internal static class BufferText
{
    private const string Runtime = "global::AotLayers.Interop.BufferCount";

    /// <summary>The elements as a span.</summary>
    public static string Span(ParameterModel p) =>
        p.Type.Shape == TypeShape.Array ? $"global::System.MemoryExtensions.AsSpan({p.Identifier})" : p.Identifier;

    /// <summary>The part of the elements that the callee wrote.</summary>
    public static string Written(MethodModel method, ParameterModel p, string result)
    {
        string span = Span(p);
        string length = p.Identifier + ".Length";
        if (p.Buffer is not { IsMeasured: true } buffer)
        {
            return span;
        }

        if (buffer.Terminator == BufferTerminator.Ends)
        {
            return $"{span}[..{Runtime}.UntilNul<{p.Type.Element!.Text}>({span})]";
        }

        string? count = buffer.WrittenByReturnValue ? result : method.Find(buffer.Written)?.Identifier;
        if (count is null)
        {
            return $"{span}[..global::System.Math.Min({buffer.Count}, {length})]";
        }

        string options = (buffer.InBytes ? $", {Unit(p)}" : "")
            + (buffer.Terminator == BufferTerminator.NotCounted ? ", nulFollows: true" : "")
            + (buffer.Truncates ? ", truncates: true" : "");
        return $"{span}[..{Runtime}.Written(unchecked((long){count}), {length}{options})]";
    }

    /// <summary>Bytes of an element where a buffer is counted in bytes, otherwise 1.</summary>
    public static string Unit(ParameterModel p) =>
        p.Buffer is { InBytes: true } ? $"global::System.Runtime.CompilerServices.Unsafe.SizeOf<{p.Type.Element!.Text}>()" : "1";

    /// <summary>Writes the checks that keep the callee within its memory.</summary>
    public static void Check(CodeWriter w, MethodModel method)
    {
        foreach (ParameterModel p in method.Parameters.Where(static p => p.IsElements && p.Buffer is not null))
        {
            string length = p.Type.Shape == TypeShape.Array ? $"{Span(p)}.Length" : p.Identifier + ".Length";
            ParameterModel? exact = method.Find(p.Buffer!.Length);

            // A size that goes in and comes out, or that says how much is to be written, may be less than the room.
            ParameterModel? most = exact is null && method.Find(p.Buffer.Written) is { Mode: PassingMode.Ref or PassingMode.Value } written
                ? written
                : null;
            if ((exact ?? most) is { } size)
            {
                w.Line($"{Runtime}.CheckLength(unchecked((ulong){size.Identifier}), {length}, {Unit(p)}, atMost: "
                    + $"{(exact is null ? "true" : "false")}, {GeneratedFile.Quote(size.Name)});");
            }

            if (p.Buffer.Count > 0)
            {
                w.Line($"global::System.ArgumentOutOfRangeException.ThrowIfLessThan({length}, {p.Buffer.Count}, "
                    + $"{GeneratedFile.Quote(p.Name)});");
            }
        }
    }
}
