namespace AotLayers.Interop.Generators;

/// <summary>Writes <c>I&lt;Api&gt;</c>.</summary>
internal static class InterfaceWriter
{
    public static string Write(NativeApiModel api, bool isUnreported)
    {
        CodeWriter w = GeneratedFile.Start(api.Namespace);

        // The analyzer says why; this keeps a declaration from being left out where analyzers are switched off.
        foreach (string refused in isUnreported ? api.Refused : new([]))
        {
            w.Line($"#error {api.ClassName}.{refused} is not in {api.InterfaceName}: see the AOTL diagnostics of its declaration");
        }

        if (api.Methods.Any(static m => m.Name is "Info" or "Probe"))
        {
            w.Line("#pragma warning disable CS0108 // A function has the name of a member that every API has; that one is reached by "
                + "INativeApi.");
        }

        w.Line(
            $"/// <summary>The functions of the native API <c>{api.Name}</c>, as <see cref=\"{api.ClassType}\"/> declares them.</summary>");
        GeneratedFile.Mark(w);
        w.Open($"{api.Accessibility} interface {api.InterfaceName} : global::AotLayers.Interop.INativeApi");
        foreach (MethodModel method in api.Methods)
        {
            w.Separate();
            w.Line($"/// <inheritdoc cref=\"{api.ClassType}.{method.Identifier}\"/>");
            w.Line($"{(method.IsUnsafe ? "unsafe " : "")}{SignatureText.Signature(method)};");
        }

        w.Close();
        return w.ToString();
    }
}
