namespace AotLayers.Interop.Generators.Tests;

/// <summary>The signature hash changes with what a recording depends on, and with nothing else.</summary>
public sealed class SignatureHashTests
{
    private const string Declarations = """
        namespace First;

        public struct Size
        {
            public int Width;
            public int Height;
        }

        [NativeApi("x", "x.dll")]
        public static partial class X
        {
            [LibraryImport("x.dll")]
            public static partial int A([Handle("h", HandleUse.Used)] nint handle, in Size size);

            [LibraryImport("x.dll")]
            public static partial int B([Buffer(Length = "length")] ReadOnlySpan<byte> data, uint length);
        }
        """;

    public static TheoryData<string, string> Irrelevant() => new()
    {
        { "namespace First;", "namespace Second.Third;" },
        { "public static partial class X", "internal static partial class X" },
        {
            "[LibraryImport(\"x.dll\")]\n    public static partial int A",
            "/// <summary>Docs.</summary>\n    [OptionalExport, LibraryImport(\"x.dll\")]\n    public static partial int A"
        },
        { "nint handle", "System.IntPtr handle" },
    };

    public static TheoryData<string, string> Relevant() => new()
    {
        { "partial int A(", "partial int Aa(" },
        { "public static partial int A", "[SuccessWhen(SuccessRule.Zero)] public static partial int A" },
        {
            "[LibraryImport(\"x.dll\")]\n    public static partial int A",
            "[LibraryImport(\"x.dll\", EntryPoint = \"AW\")]\n    public static partial int A"
        },
        { "nint handle", "nint context" },
        { "\"h\", HandleUse.Used", "\"k\", HandleUse.Used" },
        { "HandleUse.Used", "HandleUse.Consumed" },
        { "in Size size", "ref Size size" },
        { "public int Width;", "public long Width;" },
        { "public int Height;", "public int Depth;" },
        { "uint length", "nuint length" },
        { "[Buffer(Length = \"length\")] ", "" },
        { "ReadOnlySpan<byte>", "ReadOnlySpan<ushort>" },
    };

    [Theory]
    [MemberData(nameof(Irrelevant))]
    public void A_hash_stays(string old, string changed) => Assert.Equal(Hash(Declarations), Hash(Edit(old, changed)));

    [Theory]
    [MemberData(nameof(Relevant))]
    public void A_hash_changes(string old, string changed) => Assert.NotEqual(Hash(Declarations), Hash(Edit(old, changed)));

    [Fact]
    public void Order_of_declarations_does_not_matter()
    {
        int a = Declarations.IndexOf("    [LibraryImport", StringComparison.Ordinal);
        int b = Declarations.LastIndexOf("    [LibraryImport", StringComparison.Ordinal);
        int end = Declarations.LastIndexOf('}');
        string swapped = Declarations[..a] + Declarations[b..end] + Declarations[a..b] + "}";
        Assert.Equal(Hash(Declarations), Hash(swapped));
    }

    private static string Edit(string old, string changed)
    {
        Assert.Contains(old, Declarations, StringComparison.Ordinal);
        return Declarations.Replace(old, changed, StringComparison.Ordinal);
    }

    [Fact]
    public void A_change_touches_the_functions_that_it_concerns()
    {
        Assert.Equal(Signatures(Declarations)["B"], Signatures(Edit("public int Width;", "public long Width;"))["B"]);
        Assert.NotEqual(Signatures(Declarations)["A"], Signatures(Edit("public int Width;", "public long Width;"))["A"]);
        Assert.Equal(Signatures(Declarations)["A"], Signatures(Edit("uint length", "nuint length"))["A"]);
    }

    private static string Hash(string source) => string.Join(" ", Signatures(source).OrderBy(static s => s.Key, StringComparer.Ordinal));

    private static Dictionary<string, string> Signatures(string source)
    {
        string info = GeneratorHarness.Generate(source).Single(static f => f.Key.EndsWith("X.Info.g.cs", StringComparison.Ordinal)).Value;
        return System.Text.RegularExpressions.Regex.Matches(info, "new\\(\"(\\w+)\", \"\\w+\", \"([0-9a-f]{16})\"\\)")
            .ToDictionary(static m => m.Groups[1].Value, static m => m.Groups[2].Value);
    }
}
