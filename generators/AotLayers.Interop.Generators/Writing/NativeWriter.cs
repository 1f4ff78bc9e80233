namespace AotLayers.Interop.Generators;

/// <summary>Writes <c>Native&lt;Api&gt;</c>, which calls the library.</summary>
internal static class NativeWriter
{
    public static string Write(NativeApiModel api)
    {
        CodeWriter w = GeneratedFile.Start(api.Namespace);
        string paths = api.SearchPaths is int value ? $", (global::System.Runtime.InteropServices.DllImportSearchPath){value}" : "";

        w.Line($"/// <summary>The native API <c>{api.Name}</c>, served by its library. A missing library or export is told before the "
            + $"call.</summary>");
        GeneratedFile.Mark(w);
        w.Open($"{api.Accessibility} sealed class {api.NativeName} : {api.InterfaceName}");
        w.Line($"private static readonly global::AotLayers.Interop.NativeLibraryBinding {Binding(api)} =");
        w.Indented(w => w.Line($"global::AotLayers.Interop.NativeLibraryBinding.For(typeof({api.ClassType}).Assembly, "
            + $"{GeneratedFile.Quote(api.Library)}{paths});"));
        w.Line("");
        foreach (MethodModel method in api.Methods)
        {
            w.Line($"private static readonly global::AotLayers.Interop.NativeExport {Field(api, method)} = "
                + $"{Binding(api)}.Export({GeneratedFile.Quote(method.Export)});");
        }

        w.Separate();
        w.Line("/// <inheritdoc />");
        w.Line($"public global::AotLayers.Interop.NativeApiInfo Info => {api.Info};");
        w.Line("");
        w.Line("/// <summary>Chooses the library file for the whole process. A P/Invoke binds once, so this comes before the first "
            + "call.</summary>");
        w.Line("/// <param name=\"path\">Path of a library that has the exports.</param>");
        w.Line("/// <exception cref=\"global::AotLayers.Interop.MissingLibraryException\">The file does not load.</exception>");
        w.Line("/// <exception cref=\"global::System.InvalidOperationException\">Another library is already in use.</exception>");
        w.Line($"public static void UseLibrary(string path) => {Binding(api)}.UseLibrary(path);");
        w.Line("");
        w.Line("/// <inheritdoc />");
        w.Line($"public global::AotLayers.Interop.ExportStatus Probe(string export) => {Binding(api)}.Probe(export);");
        foreach (MethodModel method in api.Methods)
        {
            w.Line("");
            w.Line("/// <inheritdoc />");
            w.Open(SignatureText.Implementation(api, method, api.NativeName));
            w.Line($"{Field(api, method)}.Require();");
            BufferText.Check(w, method);
            Reserved(w, method);
            ClearOuts(w, method);
            string call = $"{api.ClassType}.{method.Identifier}({SignatureText.Arguments(method)});";
            w.Line(method.Return.Shape == TypeShape.Void ? call : "return " + call);
            w.Close();
        }

        w.Close();
        return w.ToString();
    }

    /// <summary>
    /// A callee need not write what means nothing in its answer, and the SDK's stub leaves an out-parameter as it finds it: it must not
    /// hold what was there before.
    /// </summary>
    private static void ClearOuts(CodeWriter w, MethodModel method)
    {
        foreach (ParameterModel p in method.Parameters.Where(static p => p.Mode == PassingMode.Out
            && p.Type.Shape is not (TypeShape.String or TypeShape.SafeHandle)))
        {
            w.Line($"{p.Identifier} = default;");
        }
    }

    private static void Reserved(CodeWriter w, MethodModel method)
    {
        foreach (ParameterModel p in method.Parameters.Where(static p => p.Role == ValueRole.Reserved))
        {
            w.Line($"global::System.ArgumentOutOfRangeException.ThrowIfNotEqual((nint){p.Identifier}, 0, {GeneratedFile.Quote(p.Name)});");
        }
    }

    private static string Binding(NativeApiModel api) => api.Member("s_binding");

    private static string Field(NativeApiModel api, MethodModel method) => api.Member("s_export" + method.Name);
}
