namespace AotLayers.Interop.Generators;

/// <summary>
/// Writes the arguments of a callback as recordings hold them. The roles are turned round: the library's arguments go in and are given
/// again by a replay, the program's answer comes out and is compared by it.
/// </summary>
internal static class CallbackCallsText
{
    /// <summary>The parameters that the in-arguments are written from.</summary>
    public static IEnumerable<CallbackParameter> InParameters(CallbackSignature signature) =>
        signature.Parameters.Where(static p => p.Role != CallbackRole.Context);

    /// <summary>The parameters that the answer is written from.</summary>
    public static IEnumerable<CallbackParameter> OutParameters(CallbackSignature signature) =>
        signature.Parameters.Where(p => p.IsOut || signature.Parameters.Any(q => q.IsOut
            && (q.Content?.Length == p.Name || q.Buffer?.Length == p.Name || q.Buffer?.Written == p.Name)));

    /// <summary>The answer's buffers are measured by the return value.</summary>
    public static bool NeedsResult(CallbackSignature signature) =>
        signature.Parameters.Any(static p => p.IsOut
            && (p.Content is { LengthByReturnValue: true } || p.Buffer is { WrittenByReturnValue: true }));

    /// <summary>Writes both methods.</summary>
    public static void Write(CodeWriter w, CallbackSignature signature)
    {
        WriteIn(w, signature);
        if (signature.HasOut)
        {
            WriteOut(w, signature);
        }
    }

    private static void WriteIn(CodeWriter w, CallbackSignature signature)
    {
        string writer = signature.Local("writer");
        w.Separate();
        w.Line($"/// <summary>Writes what the library passes to a callback <c>{signature.Name}</c>.</summary>");
        w.Open($"public static unsafe void Write{signature.Name}CallbackIn({Parameters(writer, InParameters(signature))})");
        foreach (CallbackParameter p in InParameters(signature))
        {
            string name = GeneratedFile.Quote(p.Name);
            switch (p.Role)
            {
                case CallbackRole.Handle:
                    w.Line($"{writer}.Handle({name}, {GeneratedFile.Quote(p.Handle!.Kind)}, {p.Identifier});");
                    break;
                case CallbackRole.Content:
                    w.Line(ContentText.Write(writer, name, p.Identifier, p.Content!, Count(signature, p.Content!.Length)));
                    break;
                case CallbackRole.In or CallbackRole.InOut:
                    Pointed(w, writer, name, p);
                    break;
                case CallbackRole.Out or CallbackRole.OutContent:
                    w.Line($"{writer}.Room({name}, (nint){p.Identifier}, 1);");
                    break;
                case CallbackRole.Buffer:
                    w.Line($"{writer}.Room({name}, (nint){p.Identifier}, (long){Count(signature, p.Buffer!.Length)});");
                    break;
                default:
                    w.Line(ValueText.Write(writer, name, p.Identifier, p.Type));
                    break;
            }
        }

        w.Close();
    }

    private static void WriteOut(CodeWriter w, CallbackSignature signature)
    {
        string writer = signature.Local("writer");
        string result = signature.Local("result");
        w.Separate();
        w.Line($"/// <summary>Writes what the program answers to a callback <c>{signature.Name}</c>, beside the return value.</summary>");
        string last = NeedsResult(signature) ? $", {signature.Return.Text} {result}" : "";
        w.Open($"public static unsafe void Write{signature.Name}CallbackOut({Parameters(writer, OutParameters(signature))}{last})");
        foreach (CallbackParameter p in signature.Parameters.Where(static p => p.IsOut))
        {
            string name = GeneratedFile.Quote(p.Name);
            switch (p.Role)
            {
                case CallbackRole.Buffer:
                    string written = p.Buffer!.WrittenByReturnValue ? result : Count(signature, p.Buffer.Written)!;
                    w.Line($"{writer}.LibraryMemory({name}, (nint){p.Identifier}, global::System.Math.Min((long){written}, "
                        + $"(long){Count(signature, p.Buffer.Length)}));");
                    break;
                case CallbackRole.OutContent:
                    string length = p.Content!.LengthByReturnValue ? result : Count(signature, p.Content.Length)!;
                    w.Line($"{writer}.LibraryMemory({name}, {p.Identifier} is null ? 0 : (nint)(*{p.Identifier}), (long){length});");
                    break;
                default:
                    Pointed(w, writer, name, p);
                    break;
            }
        }

        w.Close();
    }

    private static void Pointed(CodeWriter w, string writer, string name, CallbackParameter p)
    {
        w.Open($"if ({p.Identifier} is null)");
        w.Line($"{writer}.Null({name});");
        w.Close();
        w.Open("else");
        w.Line(p.Type.Element!.Shape == TypeShape.Struct
            ? $"Write{p.Type.Element.Helper}({writer}, {name}, in *{p.Identifier});"
            : ValueText.Write(writer, name, $"(*{p.Identifier})", p.Type.Element));
        w.Close();
    }

    private static string? Count(CallbackSignature signature, string? name) => signature.Find(name) switch
    {
        null => null,
        { Type.Shape: TypeShape.Pointer } p => $"(*{p.Identifier})",
        { } p => p.Identifier,
    };

    private static string Parameters(string writer, IEnumerable<CallbackParameter> parameters) =>
        string.Join(
            ", ",
            parameters.Select(static p => $"{p.Type.Text} {p.Identifier}").Prepend($"global::AotLayers.Interop.CallWriter {writer}"));
}
