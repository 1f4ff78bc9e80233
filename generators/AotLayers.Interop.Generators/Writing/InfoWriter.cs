namespace AotLayers.Interop.Generators;

/// <summary>Writes <c>&lt;Api&gt;Api</c>, the facts known at compile time.</summary>
internal static class InfoWriter
{
    public static string Write(NativeApiModel api)
    {
        CodeWriter w = GeneratedFile.Start(api.Namespace);
        w.Line($"/// <summary>What is known of the native API <c>{api.Name}</c> at compile time.</summary>");
        GeneratedFile.Mark(w);
        w.Open($"{api.Accessibility} static class {api.InfoName}");
        w.Line("/// <summary>Name, library, functions and handles.</summary>");
        w.Line("public static global::AotLayers.Interop.NativeApiInfo Info { get; } = new(");
        w.Indented(w =>
        {
            w.Line($"name: {GeneratedFile.Quote(api.Name)},");
            w.Line($"library: {GeneratedFile.Quote(api.Library)},");
            Functions(w, api);
            Handles(w, api);
        });
        w.Line("");
        w.Line($"/// <summary>The API of a recording session: the library, recorded, or the recording, answering.</summary>");
        w.Line("/// <param name=\"session\">The session.</param>");
        w.Line("/// <param name=\"native\">Makes what is called while recording; null for the library.</param>");
        w.Line($"public static {api.InterfaceName} Open(global::AotLayers.Interop.RecordingSession session, "
            + $"global::System.Func<{api.InterfaceName}>? native = null) =>");
        w.Indented(w => w.Line(
            $"session.Use(native ?? (static () => new {api.NativeName}()), static (inner, recorder) => new {api.RecordingName}(inner, "
                + $"recorder), static replayer => new {api.ReplayingName}(replayer));"));
        w.Close();
        return w.ToString();
    }

    private static void Functions(CodeWriter w, NativeApiModel api)
    {
        w.Line("functions:");
        w.Line("[");
        w.Indented(w =>
        {
            foreach ((MethodModel method, string signature) in api.Methods.Zip(api.Signatures, static (m, s) => (m, s)))
            {
                string[] facts =
                [
                    .. method.IsOptional ? ["IsOptional = true"] : Array.Empty<string>(),
                    .. method.Success == SuccessRule.Always || (method.Return.Shape == TypeShape.Void
                        && method.Success != SuccessRule.NoLastError) ? ["CanFail = false"] : Array.Empty<string>(),
                ];
                string more = facts.Length == 0 ? "" : $" {{ {string.Join(", ", facts)} }}";
                w.Line($"new({GeneratedFile.Quote(method.Name)}, {GeneratedFile.Quote(method.Export)}, "
                    + $"{GeneratedFile.Quote(signature)}){more},");
            }
        });
        w.Line("],");
    }

    private static void Handles(CodeWriter w, NativeApiModel api)
    {
        w.Line("handles:");
        w.Line("[");
        w.Indented(w =>
        {
            foreach (MethodModel method in api.Methods)
            {
                foreach (ParameterModel parameter in method.Parameters)
                {
                    Handle(w, method, parameter.Name, parameter.Handle);
                }

                Handle(w, method, null, method.ReturnHandle);
            }
        });
        w.Line("]);");
    }

    private static void Handle(CodeWriter w, MethodModel method, string? parameter, HandleModel? handle)
    {
        if (handle is not null)
        {
            string place = parameter is null ? "null" : GeneratedFile.Quote(parameter);
            string end = handle.ConsumedWhen is null ? "" : ", " + GeneratedFile.Quote(handle.ConsumedWhen);
            w.Line($"new({GeneratedFile.Quote(method.Name)}, {place}, {GeneratedFile.Quote(handle.Kind)}, "
                + $"global::AotLayers.Interop.HandleUse.{handle.Use}{end}),");
        }
    }
}
