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
            Names(w, "optionalExports", OptionalExports(api), ");");
        });
        w.Close();
        return w.ToString();
    }

    /// <summary>The exports that may be absent. One export bound twice is optional only when both declarations say so.</summary>
    private static IEnumerable<string> OptionalExports(NativeApiModel api) =>
        api.Methods.GroupBy(static m => m.Export).Where(static g => g.All(static m => m.IsOptional)).Select(static g => g.Key);

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
