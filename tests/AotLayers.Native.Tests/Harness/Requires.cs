namespace AotLayers.Native.Tests.Harness;

/// <summary>
/// What a test needs of the machine. Where it is missing the test is skipped and says why; test.sh installs all of it when it can.
/// </summary>
internal static class Requires
{
    public static void Program(string name, string package)
    {
        if (!ProcessRunner.Exists(name))
        {
            Assert.Ignore($"{name} is not installed (package {package})");
        }
    }

    /// <summary>A published Windows program: it is there when the tools to link it were.</summary>
    public static void WindowsTools()
    {
        Program("x86_64-w64-mingw32-gcc", "mingw-w64");
        if (!Directory.Exists(PublishedArtifacts.Folder("AotLayers.Cli", Platform.Windows)) && !ProcessRunner.Exists("lld-link") && !ProcessRunner.Exists("lld-link-19"))
        {
            Assert.Ignore("lld-link is not installed (package lld), so there is no Windows program to test");
        }
    }
}
