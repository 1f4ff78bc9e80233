namespace AotLayers.Interop.Generators;

/// <summary>Writes <c>I&lt;Api&gt;</c>.</summary>
internal static class InterfaceWriter
{
    public static string Write(NativeApiModel api)
    {
        CodeWriter w = GeneratedFile.Start(api.Namespace);

        // The analyzer says why; this keeps a declaration from being left out where analyzers are switched off.
        foreach (string refused in api.Refused)
        {
            w.Line($"#error {api.ClassName}.{refused} is not in {api.InterfaceName}: see the AOTL diagnostics of its declaration");
        }

        w.Line($"/// <summary>The functions of the native API <c>{api.Name}</c>, as <see cref=\"{api.ClassType}\"/> declares them.</summary>");
        GeneratedFile.Mark(w);
        w.Open($"{api.Accessibility} interface {api.InterfaceName} : global::AotLayers.Interop.INativeApi");
        foreach (MethodModel method in api.Methods)
        {
            w.Separate();
            w.Line($"/// <inheritdoc cref=\"{api.ClassType}.{method.Name}\"/>");
            w.Line($"{(method.IsUnsafe ? "unsafe " : "")}{SignatureText.Signature(method)};");
        }

        w.Close();
        return w.ToString();
    }
}
