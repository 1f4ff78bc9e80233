using System.Globalization;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CodeFixes;

namespace AotLayers.Interop.Generators.Tests;

/// <summary>
/// What an editor offers for declarations that leave something open. Each offer is taken, and what it gives compiles with both generators
/// and without the diagnostic.
/// </summary>
public sealed class CodeFixTests
{
    /// <summary>Id, declarations, the offers in order, and the line that each gives.</summary>
    public static TheoryData<string, string, string[], string[]> Offers() => new()
    {
        {
            "AOTL026",
            "[LibraryImport(\"x.dll\")] public static partial int A(nint db);",
            [
                "[Handle(\"db\", HandleUse.Used)]",
                "[Handle(\"item\", HandleUse.Used)]",
                "[Opaque]",
                "[Number]",
                "[Reserved]",
            ],
            [
                "A([Handle(\"db\", HandleUse.Used)] nint db);",
                "A([Handle(\"item\", HandleUse.Used)] nint db);",
                "A([Opaque] nint db);",
                "A([Number] nint db);",
                "A([Reserved] nint db);",
            ]
        },
        {
            "AOTL026",
            "[LibraryImport(\"x.dll\")] public static partial int A(int before, void* @out);",
            ["[Handle(\"out\", HandleUse.Used)]", "[Handle(\"item\", HandleUse.Used)]", "[Opaque]", "[Reserved]"],
            [
                "A(int before, [Handle(\"out\", HandleUse.Used)] void* @out);",
                "A(int before, [Handle(\"item\", HandleUse.Used)] void* @out);",
                "A(int before, [Opaque] void* @out);",
                "A(int before, [Reserved] void* @out);",
            ]
        },
        {
            "AOTL026",
            "[LibraryImport(\"x.dll\")] public static partial int A(out nint item);",
            ["[Handle(\"item\", HandleUse.Produced)]", "[Opaque]", "[Number]", "[LibraryText]"],
            [
                "A([Handle(\"item\", HandleUse.Produced)] out nint item);",
                "A([Opaque] out nint item);",
                "A([Number] out nint item);",
                "A([LibraryText] out nint item);",
            ]
        },
        {
            "AOTL026",
            "[LibraryImport(\"x.dll\")] public static partial int A(ref nint item);",
            ["[Handle(\"item\", HandleUse.InOut)]", "[Opaque]", "[Number]"],
            ["A([Handle(\"item\", HandleUse.InOut)] ref nint item);", "A([Opaque] ref nint item);", "A([Number] ref nint item);"]
        },
        {
            "AOTL026",
            "[LibraryImport(\"x.dll\"), SuccessWhen(SuccessRule.NotNull)]\npublic static partial nint A();",
            [
                "[return: Handle(\"handle\", HandleUse.Produced)]",
                "[return: Handle(\"item\", HandleUse.Produced)]",
                "[return: Opaque]",
                "[return: Number]",
                "[return: LibraryText]",
            ],
            [
                "[return: Handle(\"handle\", HandleUse.Produced)]",
                "[return: Handle(\"item\", HandleUse.Produced)]",
                "[return: Opaque]",
                "[return: Number]",
                "[return: LibraryText]",
            ]
        },
        {
            "AOTL026",
            "[LibraryImport(\"x.dll\")] public static partial int A(in Pair pair);",
            [
                "[Handle(\"first\", HandleUse.Used)]",
                "[Handle(\"items\", HandleUse.Used)]",
                "[Handle(\"item\", HandleUse.Used)]",
                "[Opaque]",
                "[Number]",
                "[LibraryText]",
            ],
            [
                "[Handle(\"first\", HandleUse.Used)]",
                "[Handle(\"items\", HandleUse.Used)]",
                "[Handle(\"item\", HandleUse.Used)]",
                "[Opaque]",
                "[Number]",
                "[LibraryText]",
            ]
        },
        {
            "AOTL034",
            "[LibraryImport(\"x.dll\")] public static partial int A(Microsoft.Win32.SafeHandles.SafeFileHandle file);",
            ["[Handle(\"file\", HandleUse.Used)]", "[Handle(\"item\", HandleUse.Used)]"],
            [
                "A([Handle(\"file\", HandleUse.Used)] Microsoft.Win32.SafeHandles.SafeFileHandle file);",
                "A([Handle(\"item\", HandleUse.Used)] Microsoft.Win32.SafeHandles.SafeFileHandle file);",
            ]
        },
        {
            "AOTL027",
            "[LibraryImport(\"x.dll\")] public static partial int A(\n    int first,\n    long* time);",
            ["[Direction(Direction.In)]", "[Direction(Direction.Out)]", "[Direction(Direction.InOut)]"],
            [
                "    [Direction(Direction.In)] long* time);",
                "    [Direction(Direction.Out)] long* time);",
                "    [Direction(Direction.InOut)] long* time);",
            ]
        },
        {
            "AOTL028",
            "[LibraryImport(\"x.dll\")] public static partial int A([Handle(\"itme\", HandleUse.Used)] nint x);",
            ["Change the kind to 'item'", "It is made elsewhere"],
            ["A([Handle(\"item\", HandleUse.Used)] nint x);", "A([Handle(\"itme\", HandleUse.Borrowed)] nint x);"]
        },
        {
            "AOTL028",
            "[LibraryImport(\"x.dll\")] public static partial int A([Handle(\"console\", HandleUse.Used)] nint x);",
            ["It is made elsewhere"],
            ["A([Handle(\"console\", HandleUse.Borrowed)] nint x);"]
        },
        {
            "AOTL028",
            "[LibraryImport(\"x.dll\")] public static partial int A([Handle(\"other|itme\", HandleUse.Consumed)] nint x);\n"
                + "[LibraryImport(\"x.dll\")] public static partial int B([Handle(\"other\", HandleUse.Produced)] out nint x);",
            ["Change the kind to 'item'"],
            ["A([Handle(\"other|item\", HandleUse.Consumed)] nint x);"]
        },
        {
            "AOTL028",
            "[LibraryImport(\"x.dll\")] public static partial int A(in Used used);",
            ["Change the kind to 'item'", "It is made elsewhere"],
            ["[Handle(\"item\", HandleUse.Used)]", "[Handle(\"items\", HandleUse.Borrowed)]"]
        },
    };

    [Theory]
    [MemberData(nameof(Offers))]
    public async Task Every_offer_gives_a_declaration_without_the_diagnostic(string id, string body, string[] offers, string[] lines)
    {
        using CodeFixHarness harness = new(Source(body));
        string[] offered = await harness.OfferedAsync(id);
        Assert.Equal(offers.Length, offered.Length);
        for (int i = 0; i < offers.Length; i++)
        {
            Assert.Contains(offers[i], offered[i], StringComparison.Ordinal);
            string text = await harness.FixAsync(id, offered[i]);
            Assert.True((text + "\n").Contains(lines[i] + "\n", StringComparison.Ordinal), text);
            Assert.DoesNotContain("global::", text, StringComparison.Ordinal);
            Assert.DoesNotContain(GeneratorHarness.Analyze(text), d => d.Id == id);
            GeneratorHarness.Build(text);
        }
    }

    [Theory]
    [InlineData(FixAllScope.Document)]
    [InlineData(FixAllScope.Project)]
    public async Task All_of_a_file_or_project_are_fixed_together(FixAllScope scope)
    {
        const string Body = """
            [LibraryImport("x.dll")] public static partial int A(nint a, nint b, [Direction(Direction.In)] int* kept);
            [LibraryImport("x.dll")] public static partial int B(void* a, in Pair pair);
            [LibraryImport("x.dll"), SuccessWhen(SuccessRule.NotNull)] public static partial nint C();
            """;
        using CodeFixHarness harness = new(Source(Body));
        string text = await harness.FixAllAsync("AOTL026", "[Opaque]", scope);
        Assert.Contains("A([Opaque] nint a, [Opaque] nint b, [Direction(Direction.In)] int* kept);", text, StringComparison.Ordinal);
        Assert.Contains("B([Opaque] void* a, in Pair pair);", text, StringComparison.Ordinal);
        Assert.Contains("[return: Opaque]", text, StringComparison.Ordinal);
        Assert.Empty(GeneratorHarness.Analyze(text));
        GeneratorHarness.Build(text);
    }

    [Fact]
    public async Task Handles_of_one_kind_are_fixed_together_and_others_are_left()
    {
        const string Body = """
            [LibraryImport("x.dll")] public static partial int Open([Handle("db", HandleUse.Produced)] out nint db);
            [LibraryImport("x.dll")] public static partial int A(long* time);
            [LibraryImport("x.dll")] public static partial int B(long* time);
            [LibraryImport("x.dll")] public static partial int C([Handle("dbs", HandleUse.Used)] nint db);
            [LibraryImport("x.dll")] public static partial int D([Handle("ddb", HandleUse.Used)] nint db);
            [LibraryImport("x.dll")] public static partial int E([Handle("it", HandleUse.Used)] nint item);
            """;
        using CodeFixHarness harness = new(Source(Body));
        string text = await harness.FixAllAsync("AOTL028", "Change the kind to 'db'", FixAllScope.Document);
        Assert.Equal(3, text.Split("[Handle(\"db\"").Length - 1);
        Assert.Contains("[Handle(\"it\", HandleUse.Used)]", text, StringComparison.Ordinal);
        Assert.Equal(2, GeneratorHarness.Analyze(text).Count(static d => d.Id == "AOTL027"));
    }

    [Fact]
    public void Nothing_fixes_a_whole_solution_unasked()
    {
        // `dotnet format` takes the first fix of every warning, where a fix can be made for a whole solution: that would be a guess.
        Assert.All(
            CodeFixHarness.Providers,
            static p => Assert.DoesNotContain(FixAllScope.Solution, p.GetFixAllProvider().GetSupportedFixAllScopes()));
    }

    [Fact]
    public void Every_fix_is_for_a_diagnostic_whose_page_speaks_of_it()
    {
        string[] known = [.. new NativeApiAnalyzer().SupportedDiagnostics.Select(static d => d.Id)];
        string[] fixable = [.. CodeFixHarness.Providers.SelectMany(static p => p.FixableDiagnosticIds)];
        Assert.Equal(["AOTL026", "AOTL027", "AOTL028", "AOTL034"], fixable.Order(StringComparer.Ordinal));
        Assert.All(fixable, id =>
        {
            Assert.Contains(id, known);
            string page = File.ReadAllText(Path.Combine(DiagnosticTests.RepositoryRoot(), "docs", "diagnostics", id + ".md"));
            Assert.Contains("\n## Code fixes\n", page, StringComparison.Ordinal);
        });
    }

    private static string Source(string body) => string.Create(
        CultureInfo.InvariantCulture,
        $$"""
        // The file that is edited.
        #pragma warning disable CS1591
        public struct Pair
        {
            public nint First;
        }

        public struct Used
        {
            [Handle("items", HandleUse.Used)]
            public nint Item;
        }

        [NativeApi("x", "x.dll")]
        public static unsafe partial class X
        {
            [LibraryImport("x.dll")] public static partial int Make([Handle("item", HandleUse.Produced)] out nint item);
            {{body.Replace("\n", "\n    ", StringComparison.Ordinal)}}
        }
        """);
}
