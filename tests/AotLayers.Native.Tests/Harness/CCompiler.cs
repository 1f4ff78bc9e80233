namespace AotLayers.Native.Tests.Harness;

/// <summary>The compilers that stand for our users' ones.</summary>
internal sealed class CCompiler
{
    // Strict, because the header under test is compiled into other people's strict builds.
    private static readonly string[] s_strict = ["-Wall", "-Wextra", "-Wpedantic", "-Werror", "-O1"];

    private readonly string _program;
    private readonly string _package;

    private CCompiler(string program, string package)
    {
        _program = program;
        _package = package;
    }

    public static CCompiler Gcc { get; } = new("gcc", "gcc");

    public static CCompiler Gxx { get; } = new("g++", "g++");

    public static CCompiler MingwGcc { get; } = new("x86_64-w64-mingw32-gcc", "mingw-w64");

    public static CCompiler MingwGxx { get; } = new("x86_64-w64-mingw32-g++", "mingw-w64");

    /// <summary>
    /// Compiles with all warnings as errors, links, and returns <paramref name="output"/>. Skips the test when the compiler is
    /// missing and fails it with the compiler's messages when compilation fails.
    /// </summary>
    /// <param name="output">A program, or with <c>-shared</c> among <paramref name="options"/> a library.</param>
    /// <param name="options">Sources, libraries and options, in the compiler's order.</param>
    public string Compile(string output, params string[] options)
    {
        Requires.Program(_program, _package);
        ProcessRunner.Run(_program, [.. s_strict, .. options, "-o", output]).ShouldExit(0);
        return output;
    }
}
