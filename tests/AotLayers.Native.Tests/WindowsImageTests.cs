namespace AotLayers.Native.Tests;

/// <summary>The harness reads tables of Windows programs: what GNU's linker was told to write there is what it must find.</summary>
public sealed class WindowsImageTests
{
    [Test]
    public void Names_of_imports_and_exports_are_those_that_the_linker_was_given()
    {
        using TempFolder folder = new();
        string source = folder.File("library.c");
        File.WriteAllText(source, """
            __declspec(dllimport) unsigned long __stdcall GetCurrentProcessId(void);
            __declspec(dllimport) int __stdcall WSAGetLastError(void);
            __declspec(dllexport) unsigned long zebra(void) { return GetCurrentProcessId(); }
            __declspec(dllexport) int apple(void) { return WSAGetLastError(); }
            int __stdcall entry(void *module, unsigned long reason, void *reserved) { (void)module; (void)reason; (void)reserved; return 1; }
            """);

        string library = CCompiler.MingwGcc.Compile(
            folder.File("library.dll"), source, "-shared", "-nostdlib", "-Wl,-e,entry", "-lkernel32", "-lws2_32");

        var image = WindowsImage.Read(library);
        Assert.That(image.ImportedLibraries, Is.EqualTo(new[] { "kernel32.dll", "ws2_32.dll" }));
        Assert.That(image.ExportedNames, Is.EqualTo(new[] { "apple", "zebra" }));
    }
}
