namespace AotLayers.Interop.Tests;

/// <summary>The assembly as a program, for the tests that need a process of their own.</summary>
internal static class Program
{
    private static int Main(string[] args) => args is ["replay", var name]
        ? LibraryProgram.All.Single(p => p.Name == name).ReplayAlone()
        : throw new ArgumentException("replay NAME");
}
