namespace AotLayers.Interop.Generators;

/// <summary>Writes <c>Unsupported&lt;Api&gt;</c>, the base of fakes: every function can be overridden and throws until it is.</summary>
internal static class UnsupportedWriter
{
    public static string Write(NativeApiModel api)
    {
        CodeWriter w = GeneratedFile.Start(api.Namespace);
        w.Line($"/// <summary>A base for fakes of <see cref=\"{api.InterfaceName}\"/>: a function that a fake does not override throws "
            + $"and says which one it is.</summary>");
        GeneratedFile.Mark(w);
        w.Open($"{api.Accessibility} abstract class {api.UnsupportedName} : {api.InterfaceName}");
        w.Line("/// <inheritdoc />");
        w.Line($"public global::AotLayers.Interop.NativeApiInfo Info => {api.Info};");
        w.Line("");
        w.Line("/// <summary>Every export is there, unless a fake says otherwise.</summary>");
        w.Line("/// <inheritdoc />");
        w.Line("public virtual global::AotLayers.Interop.ExportStatus Probe(string export) => "
            + "global::AotLayers.Interop.ExportStatus.Present;");
        foreach (MethodModel method in api.Methods)
        {
            w.Line("");
            w.Line("/// <inheritdoc />");
            w.Line($"{SignatureText.Implementation(api, method, api.UnsupportedName, "virtual ")} =>");
            w.Indented(
                w =>
                    w.Line(
                        $"throw new global::System.NotSupportedException({GeneratedFile.Quote($"{api.Name}!{method.Name}: this fake does not serve it")});"));
        }

        w.Close();
        return w.ToString();
    }
}
