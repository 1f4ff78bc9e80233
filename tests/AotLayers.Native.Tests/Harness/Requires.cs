namespace AotLayers.Native.Tests.Harness;

/// <summary>
/// What a test needs of the machine. Where it is missing the test is skipped and says why; test.sh installs all of it when it can.
/// </summary>
internal static class Requires
{
    // As in eng/windows-cross/WindowsCross.targets: Debian's newer versions have their number in the name.
    private static readonly string[] s_versions = ["", "-22", "-21", "-20", "-19", "-18", "-17", "-16", "-15", "-14"];

    public static void Program(string name, string package)
    {
        if (!ProcessRunner.Exists(name))
        {
            Assert.Ignore($"{name} is not installed (package {package})");
        }
    }

    /// <summary>The name under which a tool of LLVM is installed.</summary>
    public static string LlvmTool(string name, string package)
    {
        string? found = Array.Find(s_versions, version => ProcessRunner.Exists(name + version));
        if (found is null)
        {
            Assert.Ignore($"{name} is not installed (package {package})");
        }

        return name + found;
    }

    /// <summary>The tools without which nothing is published for Windows.</summary>
    public static void WindowsTools()
    {
        LlvmTool("lld-link", "lld");
        LlvmTool("clang++", "clang");
        LlvmTool("llvm-dlltool", "llvm");
        Program("x86_64-w64-mingw32-gcc", "mingw-w64");
    }
}
