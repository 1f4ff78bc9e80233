using System.Text;

namespace AotLayers.Native.Tests;

/// <summary>The header says what the library has: sizes, offsets, exports, and its own text.</summary>
internal sealed class AbiTests
{
    [Test]
    public void The_committed_header_is_what_the_exports_say() => Generator("--verify").ShouldExit(0);

    [Test]
    public void A_header_that_drifted_is_found()
    {
        using var folder = new TempFolder();
        string header = folder.File("aotlayers.h");
        File.WriteAllText(header, File.ReadAllText(Header).Replace("#define AOTL_END ", "#define AOTL_FINISH ", StringComparison.Ordinal));

        ProcessResult result = Generator("--verify", header);

        Assert.That(result.ExitCode, Is.EqualTo(1), result.ToString());
        Assert.That(result.Error, Does.Contain("AOTL_FINISH").And.Contain("AOTL_END"));
    }

    [Test]
    public void The_published_header_is_the_committed_one([Values] Platform platform) =>
        Assert.That(File.ReadAllText(Path.Combine(CCallers.Include(platform), "aotlayers.h")), Is.EqualTo(File.ReadAllText(Header)));

    [Test]
    public void Structs_have_the_size_and_offsets_in_C_that_they_have_in_the_library([Values] Platform platform)
    {
        string expected = Generator("--layout").ShouldExit(0).Output;
        using var folder = new TempFolder();
        string source = folder.File("layout.c");
        File.WriteAllText(source, PrintLayout(expected));
        string[] options = ["-I", Path.GetDirectoryName(Header)!, source];

        ProcessResult result = platform == Platform.Windows
            ? WineRunner.Run(CCompiler.MingwGcc.Compile(folder.File("layout.exe"), [.. options, "-D__USE_MINGW_ANSI_STDIO=1"]), [])
            : ProcessRunner.Run(CCompiler.Gcc.Compile(folder.File("layout"), options), []);

        Assert.That(result.ShouldExit(0).Output, Is.EqualTo(expected));
        Assert.That(expected.Split('\n'), Has.Length.GreaterThan(20));
    }

    [TestCase("c", "c99")]
    [TestCase("c", "c11")]
    [TestCase("c", "c17")]
    [TestCase("c++", "c++11")]
    [TestCase("c++", "c++20")]
    public void The_header_compiles_alone_and_strictly(string language, string standard)
    {
        using var folder = new TempFolder();
        string source = folder.File("alone." + language.Replace("c++", "cpp", StringComparison.Ordinal));
        File.WriteAllText(source, """
            #include "aotlayers.h"
            #include "aotlayers.h"
            aotl_entry entry = AOTL_ENTRY_INIT;
            aotl_summary summary = AOTL_SUMMARY_INIT;
            aotl_progress progress = AOTL_PROGRESS_INIT;
            """);
        string[] options =
            ["-x", language, "-std=" + standard, "-Wconversion", "-Wshadow", "-c", "-I", Path.GetDirectoryName(Header)!, source];

        (language == "c" ? CCompiler.Gcc : CCompiler.Gxx).Compile(folder.File("alone.o"), options);
        (language == "c" ? CCompiler.MingwGcc : CCompiler.MingwGxx).Compile(folder.File("alone.obj"), options);
    }

    [Test]
    public void The_library_exports_the_functions_of_the_header_and_nothing_else()
    {
        string[] expected = Generator("--exports").ShouldExit(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        string linux = ProcessRunner.Run(
            "nm",
            ["-D", "--defined-only", "--format=just-symbols", PublishedArtifacts.Library(Platform.Linux)]).ShouldExit(0).Output;
        string windows = ProcessRunner.Run(
            "x86_64-w64-mingw32-objdump",
            ["-p", PublishedArtifacts.Library(Platform.Windows)]).ShouldExit(0).Output;

        // Symbols have the version of the linker's script behind them.
        Assert.That(Functions(linux.Split('\n').Select(line => line.Split('@')[0])), Is.EquivalentTo(expected));
        int table = windows.IndexOf("[Ordinal/Name Pointer] Table", StringComparison.Ordinal);
        IEnumerable<string> rows = windows[table..].Split('\n').Skip(1).TakeWhile(line => line.Trim().StartsWith('['));
        Assert.That(Functions(rows.Select(line => line.Split(' ')[^1])), Is.EquivalentTo(expected));
        Assert.That(
            ProcessRunner.Run("objdump", ["-p", PublishedArtifacts.Library(Platform.Linux)]).Output,
            Does.Match(@"SONAME\s+libaotlayers\.so"));
    }

    [Test]
    public void The_list_of_functions_of_the_C_tests_is_complete()
    {
        string[] expected = Generator("--exports").ShouldExit(0).Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

        string[] listed = [.. File.ReadAllLines(Path.Combine(CCallers.Sources, "platform.h")).Where(line => line.StartsWith(
            "    F(",
            StringComparison.Ordinal))
            .Select(line => "aotl_" + line[6..line.IndexOf(')', StringComparison.Ordinal)])];

        Assert.That(listed, Is.EquivalentTo(expected));
    }

    [Test]
    public void The_Linux_library_is_small() =>
        Assert.That(new FileInfo(PublishedArtifacts.Library(Platform.Linux)).Length, Is.LessThanOrEqualTo(4_800_000));

    private static string Header => Path.Combine(PublishedArtifacts.RepositoryRoot, "src", "AotLayers.Native", "include", "aotlayers.h");

    /// <summary>Without what every library of this runtime has for debuggers, and the name of the version.</summary>
    private static IEnumerable<string> Functions(IEnumerable<string> symbols) =>
        symbols.Select(symbol => symbol.Trim()).Where(symbol => symbol is not ("" or "V1.0" or "DotNetRuntimeDebugHeader"));

    /// <summary>The generator was built together with these tests, in the same configuration.</summary>
    private static ProcessResult Generator(params string[] arguments)
    {
        string configuration = Path.GetFileName(Path.TrimEndingDirectorySeparator(AppContext.BaseDirectory));
        string program = Path.Combine(
            PublishedArtifacts.RepositoryRoot,
            "artifacts",
            "bin",
            "AotLayers.Native.Header",
            configuration,
            "AotLayers.Native.Header.dll");
        return ProcessRunner.Run("dotnet", ["exec", program, .. arguments]);
    }

    /// <summary>A program that prints what the compiler makes of every struct and field that the library has.</summary>
    private static string PrintLayout(string layout)
    {
        var program = new StringBuilder("#include \"aotlayers.h\"\n#include <stdio.h>\nint main(void)\n{\n");
        foreach (string name in layout.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split(' ')[0]))
        {
            string[] parts = name.Split('.');
            program.Append(parts.Length == 1
                ? $"    printf(\"{name} %zu\\n\", sizeof({name}));\n"
                : $"    printf(\"{name} %zu %zu\\n\", offsetof({parts[0]}, {parts[1]}), sizeof((({parts[0]} *)0)->{parts[1]}));\n");
        }

        return program.Append("    return 0;\n}\n").ToString();
    }
}
