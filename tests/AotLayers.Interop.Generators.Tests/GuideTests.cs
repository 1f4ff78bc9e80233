using System.Text.RegularExpressions;

namespace AotLayers.Interop.Generators.Tests;

/// <summary>
/// The C# of the toolkit's pages compiles as it is written, around declarations of zlib. (AotLayers.Package.Tests follows the page for
/// beginners step by step.)
/// </summary>
public sealed partial class GuideTests
{
    private const string Around = """
        #pragma warning disable
        using System.Collections.Generic;
        using System.IO;
        using System.Linq;
        """;

    /// <summary>What the pages speak of: an API, its recording, a program.</summary>
    private const string Zlib = """
        [NativeApi("zlib", "libz.so.1", Success = SuccessRule.Zero)]
        public static unsafe partial class Zlib
        {
            [LibraryImport("libz.so.1")] public static partial int inflate([Handle("stream", HandleUse.Used)] nint stream, int flush);
            [LibraryImport("libz.so.1")] public static partial int inflateInit([Handle("stream", HandleUse.Produced)] out nint stream);
        }

        public static class Assert
        {
            public static void ThrowsAny<T>(Action action) where T : Exception { try { action(); } catch (T) { } }
        }
        """;

    public static TheoryData<string, int> Blocks()
    {
        TheoryData<string, int> blocks = [];
        foreach (string path in Directory.GetFiles(Folder, "*.md")
            .Where(static p => Path.GetFileName(p) != "getting-started.md")
            .Order(StringComparer.Ordinal))
        {
            for (int i = 0; i < Code(path).Length; i++)
            {
                blocks.Add(Path.GetFileName(path), i);
            }
        }

        return blocks;
    }

    [Theory]
    [MemberData(nameof(Blocks))]
    public void Every_block_of_csharp_compiles(string page, int index)
    {
        string block = Code(Path.Combine(Folder, page))[index];
        GeneratorHarness.Build(Library().Match(block) is { Success: true } library
            ? Declarations(block, library.Groups[1].Value)
            : Statements(block));
    }

    private static string Folder => Path.Combine(DiagnosticTests.RepositoryRoot(), "docs", "toolkit");

    private static string[] Code(string path) => [.. Fence().Matches(File.ReadAllText(path)).Select(static m => m.Groups[1].Value)];

    /// <summary>Declarations of a class that the page leaves out.</summary>
    private static string Declarations(string block, string library) => $$"""
        {{Around}}
        [NativeApi("x", "{{library}}", Success = SuccessRule.Zero)]
        public static unsafe partial class X
        {
        {{block}}
        }
        """;

    /// <summary>Statements of a program.</summary>
    private static string Statements(string block) => $$"""
        {{Around}}
        {{Zlib}}
        public static class Page
        {
            private static CallRecording recording;
            private static Replayer replayer;
            private static void Program(IZlib zlib) { }
            public static void Run()
            {
        {{block}}
            }
        }
        """;

    [GeneratedRegex(@"```csharp\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Fence();

    [GeneratedRegex("\\[LibraryImport\\(\"([^\"]+)\"")]
    private static partial Regex Library();
}
