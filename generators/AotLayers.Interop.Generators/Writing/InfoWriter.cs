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
        w.Line("/// <summary>Name, library, signature hash and exports.</summary>");
        w.Line("public static global::AotLayers.Interop.NativeApiInfo Info { get; } = new(");
        w.Indented(w =>
        {
            w.Line($"name: {GeneratedFile.Quote(api.Name)},");
            w.Line($"library: {GeneratedFile.Quote(api.Library)},");
            w.Line($"signatureHash: {GeneratedFile.Quote(api.SignatureHash)},");
            Names(w, "exports", api.Methods.Select(static m => m.Export).Distinct(), ",");
            Names(w, "optionalExports", OptionalExports(api), ",");
            Handles(w, api);
        });
        w.Close();
        return w.ToString();
    }

    /// <summary>The exports that may be absent. One export bound twice is optional only when both declarations say so.</summary>
    private static IEnumerable<string> OptionalExports(NativeApiModel api) =>
        api.Methods.GroupBy(static m => m.Export).Where(static g => g.All(static m => m.IsOptional)).Select(static g => g.Key);

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
            w.Line($"new({GeneratedFile.Quote(method.Name)}, {place}, {GeneratedFile.Quote(handle.Kind)}, global::AotLayers.Interop.HandleUse.{handle.Use}{end}),");
        }
    }

    private static void Names(CodeWriter w, string argument, IEnumerable<string> names, string end)
    {
        string[] all = [.. names];
        if (all.Length == 0)
        {
            w.Line($"{argument}: []{end}");
            return;
        }

        w.Line($"{argument}:");
        w.Line("[");
        w.Indented(w =>
        {
            foreach (string name in all)
            {
                w.Line(GeneratedFile.Quote(name) + ",");
            }
        });
        w.Line("]" + end);
    }
}
