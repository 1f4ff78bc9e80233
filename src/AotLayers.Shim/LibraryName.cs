namespace AotLayers.Shim;

/// <summary>
/// Whether two names mean one library: <c>C:\Windows\System32\VMCOMPUTE.DLL</c>, <c>vmcompute</c>, <c>libvmcompute.so.1</c>.
/// </summary>
internal static class LibraryName
{
    /// <summary>Compares what is left without folder, prefix and extension.</summary>
    public static bool Equal(string first, string second) => Stem(first).Equals(Stem(second), StringComparison.OrdinalIgnoreCase);

    private static ReadOnlySpan<char> Stem(ReadOnlySpan<char> name)
    {
        name = name[(name.LastIndexOfAny('/', '\\') + 1)..];
        int so = name.IndexOf(".so", StringComparison.Ordinal);
        if (so > 0 && (so + 3 == name.Length || name[so + 3] == '.'))
        {
            name = name[..so];
            return name.StartsWith("lib", StringComparison.Ordinal) ? name[3..] : name;
        }

        return name.EndsWith(".dll", StringComparison.OrdinalIgnoreCase) ? name[..^4] : name;
    }
}
