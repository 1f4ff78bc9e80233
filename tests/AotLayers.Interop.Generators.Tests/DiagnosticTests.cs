using System.Collections.Immutable;
using Microsoft.CodeAnalysis;

namespace AotLayers.Interop.Generators.Tests;

/// <summary>Every declaration that cannot be honoured is one diagnostic, at the declaration, with a help section.</summary>
public sealed class DiagnosticTests
{
    /// <summary>Id, the body of a [NativeApi] class, and words of the message.</summary>
    public static TheoryData<string, string, string> Bodies() => new()
    {
        { "AOTL003", "public static partial int A(int x);", "'A' has no [LibraryImport]" },
        { "AOTL003", "public static int Twice(int x) => 2 * x;", "'Twice' has no [LibraryImport]" },
        { "AOTL003", "[DllImport(\"x.dll\")] public static extern int A(int x);", "'A' has no [LibraryImport]" },
        { "AOTL004", "[LibraryImport(\"x.dll\")] public static partial int A<T>(int x) where T : unmanaged;", "'A' is generic" },
        { "AOTL005", "[LibraryImport(\"x.dll\")] public static partial int A(int x);\n[LibraryImport(\"x.dll\")] public static partial "
            + "int A(long x);", "'A' is overloaded" },
        { "AOTL006", "[LibraryImport(\"x.dll\")] private static partial int A(int x);", "'A' is not accessible" },
        { "AOTL007", "[LibraryImport(\"x.dll\")] public static partial int A(Action callback);", "a callback needs [Callback]" },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A(delegate* unmanaged<int> callback);",
            "a callback needs [Callback]"
        },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A([Callback] nint callback);",
            "needs [Callback(Signature = typeof(...))]"
        },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A([Callback] int callback);",
            "[Callback] is for a delegate, a function pointer, or a nint with Signature"
        },
        { "AOTL007", "[LibraryImport(\"x.dll\")] public static partial int A([Callback] delegate*<int> callback);", "must be unmanaged" },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A([Callback] delegate* unmanaged<nint, int> callback);",
            "parameter 'arg1' of its callback: a pointer needs one of [Opaque]"
        },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A([Callback(Context = \"c\")] delegate* unmanaged<nint, int> callback);",
            "Context 'c' is not a parameter of 'A'"
        },
        { "AOTL007", "[LibraryImport(\"x.dll\")] public static partial int A([Callback(Signature = typeof(Visit))] delegate* "
            + "unmanaged<int, int> callback);", "do not have the same parameters" },
        { "AOTL007", "[LibraryImport(\"x.dll\")] public static partial int A([Callback] Visit callback);", "name that one as Context" },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A([Callback(Context = \"c\")] Plain callback, nint c);",
            "no parameter of the callback is marked [Opaque]"
        },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A([Callback(Context = \"c\")] Visit callback, int c);",
            "the context of a callback is a pointer"
        },
        { "AOTL007", "[LibraryImport(\"x.dll\")] public static partial int A([Callback] Texts callback);", "its callback returns string" },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A([Callback] Refs callback);",
            "write a pointer with [In], [Out] or both"
        },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A([Callback] Unmeasured callback);",
            "Length must name the parameter"
        },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A([Callback] Misnamed callback);",
            "'n' is not an integer parameter beside it"
        },
        { "AOTL037", "[LibraryImport(\"x.dll\")] public static partial int A(in Cursor c);", "because the call moves its cursors" },
        { "AOTL040", "[LibraryImport(\"x.dll\")] public static partial int A(ref LostCursor c);", "no integer field of LostCursor" },
        {
            "AOTL040",
            "[LibraryImport(\"x.dll\")] public static partial int A(ref Nested n);",
            "a struct with cursors must be the parameter itself"
        },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A([MarshalAs(UnmanagedType.U2)] int n);",
            "does not fit the type int"
        },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A([MarshalAs(UnmanagedType.I4)] string s);",
            "a string crosses as LPUTF8Str"
        },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A([MarshalUsing(CountElementName = \"n\")] int[] s, int n);",
            "use Span or ReadOnlySpan with [Buffer]"
        },
        { "AOTL007", "[LibraryImport(\"x.dll\")] public static partial int A([LibraryText] out int s);", "are for pointers" },
        { "AOTL050", "[LibraryImport(\"x.dll\")] public static partial int A([LibraryText] nint s);", "memory of the library comes back" },
        { "AOTL050", "[LibraryImport(\"x.dll\")] public static partial int A([LibraryMemory] out nint s);", "say how long the memory is" },
        {
            "AOTL050",
            "[LibraryImport(\"x.dll\")] public static partial int A([LibraryMemory(Length = \"n\")] out nint s);",
            "'n' is not an integer parameter"
        },
        {
            "AOTL050",
            "[LibraryImport(\"x.dll\")] [return: LibraryText(Owner = \"h\")] public static partial nint A();",
            "Owner 'h' is not a parameter with [Handle]"
        },
        {
            "AOTL050",
            "[LibraryImport(\"x.dll\")] [return: LibraryMemory(LengthFunction = \"B\")] public static partial nint A();",
            "LengthFunction 'B' is not a function of this class"
        },
        { "AOTL034", "[LibraryImport(\"x.dll\")] public static partial int A(SafeHandle handle);", "'handle' of 'A' is a SafeHandle" },
        {
            "AOTL007",
            "[LibraryImport(\"x.dll\")] public static partial int A(object o);",
            "only string, arrays, delegates and classes derived from SafeHandle"
        },
        { "AOTL007", "[LibraryImport(\"x.dll\")] public static partial int A(bool b);", "bool has no fixed native size" },
        { "AOTL007", "[LibraryImport(\"x.dll\")] public static partial int A(char c);", "char has no fixed native size" },
        { "AOTL040", "[LibraryImport(\"x.dll\")] public static partial int A(TimeSpan t);", "field TimeSpan._ticks: it is not accessible" },
        { "AOTL040", "[LibraryImport(\"x.dll\")] public static partial int A(in Managed m);", "the struct Managed is not blittable" },
        { "AOTL040", "[LibraryImport(\"x.dll\")] public static partial int A(in Hidden h);", "field Hidden._secret: it is not accessible" },
        {
            "AOTL026",
            "[LibraryImport(\"x.dll\")] public static partial int A(ref WithPointer p);",
            "'Next' of 'WithPointer' is a bare int*"
        },
        {
            "AOTL040",
            "[LibraryImport(\"x.dll\")] public static partial int A(in Numbers n);",
            "field Numbers.Values: an array of nint within a struct"
        },
        {
            "AOTL040",
            "[LibraryImport(\"x.dll\")] public static partial int A(in Twins t);",
            "field Twins.ID: another field is recorded as 'id' too"
        },
        { "AOTL027", "[LibraryImport(\"x.dll\")] public static partial int A(byte* data);", "'data' of 'A' is a byte*" },
        { "AOTL026", "[LibraryImport(\"x.dll\")] public static partial int A(void* data);", "'data' of 'A' is a bare void*" },
        { "AOTL007", "[LibraryImport(\"x.dll\")] public static partial int A(ReadOnlySpan<string> names);", "a span of string" },
        {
            "AOTL037",
            "[LibraryImport(\"x.dll\", StringMarshalling = StringMarshalling.Utf16)] public static partial int A(ref string name);",
            "must be passed by value when it goes in"
        },
        { "AOTL038", "[LibraryImport(\"x.dll\")] public static partial int A(int flags = 3);", "has a default value" },
        {
            "AOTL037",
            "[LibraryImport(\"x.dll\")] public static partial int A(ref readonly int flags);",
            "must be passed by value, or as in, out or ref"
        },
        {
            "AOTL008",
            "[LibraryImport(\"x.dll\", StringMarshalling = StringMarshalling.Utf16)] public static partial string A();",
            "it must say who owns the text"
        },
        { "AOTL008", "[LibraryImport(\"x.dll\")] public static partial Numbers* A();", "field Numbers.Values: an array of nint" },
        { "AOTL008", "[LibraryImport(\"x.dll\")] public static partial Open* A();", "say by [return: LibraryMemory]" },
        {
            "AOTL009",
            "[LibraryImport(\"x.dll\")] public static partial int A([Buffer(Length = \"n\")] int data, int n);",
            "[Buffer] on 'data' of 'A' needs a Span"
        },
        {
            "AOTL010",
            "[LibraryImport(\"x.dll\")] public static partial int A([Buffer(Length = \"count\")] ReadOnlySpan<byte> data, int n);",
            "Length = \"count\""
        },
        {
            "AOTL010",
            "[LibraryImport(\"x.dll\")] public static partial int A([Buffer(Length = \"n\")] ReadOnlySpan<byte> data, out int n);",
            "passed by value"
        },
        {
            "AOTL010",
            "[LibraryImport(\"x.dll\")] public static partial void A([Buffer(WrittenByReturnValue = true)] Span<byte> data);",
            "needs an integer return value"
        },
        {
            "AOTL011",
            "[LibraryImport(\"x.dll\")] public static partial int A([Buffer(Length = \"n\")] Span<byte> data, int n);",
            "The Span 'data' of 'A'"
        },
        {
            "AOTL012",
            "[LibraryImport(\"x.dll\")] public static partial int A([Handle(\"h\", HandleUse.Used)] short h);",
            "does not fit the type short"
        },
        {
            "AOTL012",
            "[LibraryImport(\"x.dll\")] [return: Handle(\"h\", HandleUse.Produced)] public static partial byte A();",
            "'the return value' of 'A' does not fit the type byte"
        },
        {
            "AOTL013",
            "[LibraryImport(\"x.dll\")] public static partial int A([Handle(\"h\", HandleUse.Produced)] nint h);",
            "says Produced, but the parameter is passed by value"
        },
        {
            "AOTL013",
            "[LibraryImport(\"x.dll\")] public static partial int A([Handle(\"h\", HandleUse.Used)] out nint h);",
            "says Used, but the parameter is passed as out"
        },
        {
            "AOTL013",
            "[LibraryImport(\"x.dll\")] [return: Handle(\"h\", HandleUse.Used)] public static partial nint A();",
            "can only be Produced or Borrowed"
        },
        {
            "AOTL014",
            "[LibraryImport(\"x.dll\")] public static partial int A([Handle(\"h\", HandleUse.InOut, ConsumedWhen = \"end\")] ref nint h);",
            "ConsumedWhen = \"end\""
        },
        { "AOTL015", "[StreamRead(\"x\", \"b\")] [LibraryImport(\"x.dll\")] public static partial int A([Handle(\"h\", HandleUse.Used)] "
            + "nint h, [Buffer(Written = \"n\")] Span<byte> b, out int n);", "'x' is not a parameter with [Handle" },
        { "AOTL015", "[StreamRead(\"h\", \"x\")] [LibraryImport(\"x.dll\")] public static partial int A([Handle(\"h\", HandleUse.Used)] "
            + "nint h, [Buffer(Written = \"n\")] Span<byte> b, out int n);", "'x' is not a Span<byte> parameter" },
        { "AOTL015", "[StreamRead(\"h\", \"b\", ExceptWhen = \"e\")] [LibraryImport(\"x.dll\")] public static partial int "
            + "A([Handle(\"h\", HandleUse.Used)] nint h, [Buffer(Written = \"n\")] Span<byte> b, out int n);", "ExceptWhen 'e'" },
        {
            "AOTL016",
            "[LibraryImport(\"x.dll\")] public static partial int A([CalleeAllocated(NativeAllocator.CoTaskMem)] out nint text);",
            "[CalleeAllocated] on 'text' of 'A'"
        },
        {
            "AOTL017",
            "[LibraryImport(\"x.dll\", StringMarshalling = StringMarshalling.Utf16)] public static partial int A(out string? text);",
            "The out-string 'text' of 'A'"
        },
        {
            "AOTL019",
            "[LibraryImport(\"x.dll\")] public static partial uint A();",
            "returns uint, which the success rule HResult cannot judge"
        },
        { "AOTL019", "[LibraryImport(\"x.dll\")] [SuccessWhen(SuccessRule.Zero)] public static partial void A();", "returns void" },
        { "AOTL020", "[LibraryImport(\"x.dll\")] public static partial int A(string name);", "needs StringMarshalling = Utf16 or Utf8" },
        {
            "AOTL025",
            "[LibraryImport(\"x.dll\")] public static partial int A([Handle(\"h#1\", HandleUse.Used)] nint h);",
            "The kind 'h#1' of 'h' of 'A'"
        },
        {
            "AOTL025",
            "[LibraryImport(\"x.dll\")] [return: Handle(\"\", HandleUse.Produced)] public static partial nint A();",
            "The kind '' of 'the return value' of 'A'"
        },
        { "AOTL026", "[LibraryImport(\"x.dll\")] public static partial int A(nint x);", "'x' of 'A' is a bare nint" },
        {
            "AOTL026",
            "[LibraryImport(\"x.dll\")] [SuccessWhen(SuccessRule.NotMinusOne)] public static partial nint A();",
            "'the return value' of 'A' is a bare nint"
        },
        {
            "AOTL028",
            "[LibraryImport(\"x.dll\")] public static partial int A([Handle(\"contxt\", HandleUse.Used)] nint "
                + "h);\n[LibraryImport(\"x.dll\")] public static partial int B([Handle(\"context\", HandleUse.Produced)] out nint h);",
            "did you mean 'context'?"
        },
        {
            "AOTL028",
            "[LibraryImport(\"x.dll\")] public static partial int A([Handle(\"disk\", HandleUse.Used)] nint h);",
            "say so by HandleUse.Borrowed"
        },
        {
            "AOTL029",
            "[LibraryImport(\"x.dll\")] public static partial int A([Direction(Direction.Out)] ReadOnlySpan<byte> data);",
            "a ReadOnlySpan only goes in"
        },
        {
            "AOTL029",
            "[LibraryImport(\"x.dll\")] public static partial int A([Direction(Direction.Out)] int x);",
            "it is for pointers, spans and arrays"
        },
        { "AOTL031", "[LibraryImport(\"x.dll\"), DefaultDllImportSearchPaths(DllImportSearchPath.System32)] public static partial int "
            + "A();\n[LibraryImport(\"x.dll\")] public static partial int B();", "'B' has other [DefaultDllImportSearchPaths] than 'A'" },
        { "AOTL032", "[LibraryImport(\"x.dll\", SetLastError = true)] public static partial int A();", "'A' sets the last error" },
        {
            "AOTL033",
            "[LibraryImport(\"x.dll\")] public static partial int A(System.Threading.NativeOverlapped* o);",
            "'o' of 'A' makes the call overlapped"
        },
        { "AOTL035", "[LibraryImport(\"x.dll\")] public static partial int A([Buffer(Written = \"n\", WrittenByReturnValue = true)] "
            + "Span<byte> data, out int n);", "says more than once" },
        { "AOTL035", "[LibraryImport(\"x.dll\")] public static partial int A([Buffer(Length = \"n\", Terminator = "
            + "BufferTerminator.Ends)] Span<long> data, int n);", "which only text" },
        {
            "AOTL035",
            "[LibraryImport(\"x.dll\")] public static partial int A([Buffer(Count = 3, Truncates = true)] Span<byte> data);",
            "nothing tells the wanted size"
        },
        {
            "AOTL036",
            "[LibraryImport(\"x.dll\")] [ResultsOn(234)] public static partial void A(out int x);",
            "needs an integer return value"
        },
        { "AOTL036", "[LibraryImport(\"x.dll\")] [ResultsOnLastError(234)] public static partial int A(out int x);", "needs SetLastError" },
        { "AOTL039", "[LibraryImport(\"x.dll\")] public static partial int A([Opaque] long x);", "needs a nint or a pointer" },
        { "AOTL039", "[LibraryImport(\"x.dll\")] public static partial int A([Reserved] out int x);", "goes in by value" },
        {
            "AOTL040",
            "[LibraryImport(\"x.dll\")] public static partial int A(in Overlaid o);",
            "the fields of Overlaid lie over each other"
        },
        { "AOTL021", "[LibraryImport(\"y.dll\")] public static partial int A();", "binds to 'y.dll', but its [NativeApi] says 'x.dll'" },
    };

    /// <summary>Id, a whole source, and words of the message.</summary>
    public static TheoryData<string, string, string> Classes() => new()
    {
        { "AOTL001", "[NativeApi(\"x\", \"x.dll\")] public partial class X;", "'X' must be declared static partial" },
        { "AOTL001", "[NativeApi(\"x\", \"x.dll\")] public static class X;", "'X' must be declared static partial" },
        { "AOTL002", "public class Outer { [NativeApi(\"x\", \"x.dll\")] public static partial class X; }", "'X' must not be nested" },
        { "AOTL002", "[NativeApi(\"x\", \"x.dll\")] public static partial class X<T>;", "'X' must not be nested or generic" },
        {
            "AOTL018",
            "public class Names; [NativeApi(\"x\", \"x.dll\", CodeNames = typeof(Names))] public static partial class X;",
            "'Names' of 'X'"
        },
        { "AOTL018", "public class Names { public static string GetName(int code) => \"\"; } [NativeApi(\"x\", \"x.dll\", CodeNames = "
            + "typeof(Names))] public static partial class X;", "'Names' of 'X'" },
        { "AOTL022", "[NativeApi(\"\", \"x.dll\")] public static partial class X;", "'X' needs a name" },
        { "AOTL022", "[NativeApi(\"x\", \"\")] public static partial class X;", "'X' needs a name" },
        {
            "AOTL030",
            "[NativeApi(\"x\", \"x.dll\")] public static partial class X; [NativeApi(\"x\", \"y.dll\")] public static partial class Y;",
            "'X' and 'Y' both have the name 'x'"
        },
        { "AOTL023", "[NativeExports(typeof(string))] public static partial class E;", "the named type has no [NativeApi]" },
        {
            "AOTL023",
            "[NativeApi(\"x\", \"x.dll\")] public static partial class X; [NativeExports(typeof(X))] public static class E;",
            "must be static, partial"
        },
        {
            "AOTL023",
            "[NativeApi(\"x\", \"x.dll\")] public static partial class X; [NativeExports(typeof(X))] public static partial class E;",
            "write 'private static IX GetApi()'"
        },
        {
            "AOTL023",
            "[NativeApi(\"x\", \"x.dll\")] public static class X; [NativeExports(typeof(X))] public static partial class E;",
            "the declarations of 'X' are not valid"
        },
        {
            "AOTL024",
            "[NativeApi(\"x\", \"x.dll\")] public static partial class X { [LibraryImport(\"x.dll\")] public static partial int "
                + "A(ReadOnlySpan<byte> data); } [NativeExports(typeof(X))] public static partial class E { static IX GetApi() => null!; }",
            "'A' cannot be exported from 'E': parameter 'data': [Buffer] must name"
        },
        {
            "AOTL024",
            "[NativeApi(\"x\", \"x.dll\")] public static partial class X { [LibraryImport(\"x.dll\", EntryPoint = \"Z\")] public static "
                + "partial int A(); [LibraryImport(\"x.dll\", EntryPoint = \"Z\")] public static partial int B(); } "
                    + "[NativeExports(typeof(X))] public static partial class E { static IX GetApi() => null!; }",
            "the export Z is bound by several declarations"
        },
    };

    [Theory]
    [MemberData(nameof(Bodies))]
    public void A_declaration_that_cannot_be_honoured_is_reported(string id, string body, string words)
    {
        string source = $$"""
            public struct Managed { public string Text; }
            public struct Hidden { public int Open; private int _secret; }
            public unsafe struct WithPointer { public int* Next; }
            [InlineArray(4)] public struct Ints { private nint _first; }
            [StructLayout(LayoutKind.Explicit)] public struct Overlaid { [FieldOffset(0)] [Handle("h", HandleUse.Produced)] public nint Handle; [FieldOffset(0)] public long Number; }
            public struct Twins { public int Id; public int ID; }
            public struct Numbers { public Ints Values; }
            public struct Open { public int Value; }
            public struct Cursor { [InputCursor("Left")] public nint Next; public uint Left; }
            public struct LostCursor { [InputCursor("Left")] public nint Next; }
            public struct Nested { public Cursor Inner; }
            public delegate int Visit([Opaque] nint context);
            public delegate int Plain(int value);
            public delegate string Texts(int value);
            public delegate int Refs(ref int value);
            public delegate int Unmeasured([LibraryMemory] nint data);
            public delegate int Misnamed([LibraryMemory(Length = "n")] nint data);
            [NativeApi("x", "x.dll")]
            public static unsafe partial class X
            {
            {{body}}
            }
            """;

        // Kinds of handles that nothing in these one-line classes makes are the business of their own rows.
        Diagnostic diagnostic = Assert.Single(GeneratorHarness.Analyze(source), d => id == "AOTL028" || d.Id != "AOTL028");
        Check(diagnostic, id, words);
        if (diagnostic.DefaultSeverity == DiagnosticSeverity.Error && id != "AOTL031")
        {
            // Where the user has switched analyzers off, the build still fails, and says where to look; otherwise the diagnostic is enough.
            Assert.DoesNotContain("#error", GeneratorHarness.Generate(source)["X.Interface.g.cs"], StringComparison.Ordinal);
            Assert.Contains("#error X.", GeneratorHarness.GenerateWithoutAnalyzers(source)["X.Interface.g.cs"], StringComparison.Ordinal);
        }
    }

    [Theory]
    [MemberData(nameof(Classes))]
    public void A_class_that_cannot_be_honoured_is_reported(string id, string source, string words) =>
        Check(GeneratorHarness.Analyze(source).First(d => d.Id == id), id, words);

    [Fact]
    public void Good_declarations_are_not_reported() => Assert.Empty(GeneratorHarness.Analyze(Sources.Everything));

    [Fact]
    public void Every_diagnostic_has_a_test_a_page_and_a_release_note()
    {
        string generator = Path.Combine(RepositoryRoot(), "generators", "AotLayers.Interop.Generators");
        string releases = File.ReadAllText(Path.Combine(
            generator,
            "AnalyzerReleases.Unshipped.md")) + File.ReadAllText(Path.Combine(generator, "AnalyzerReleases.Shipped.md"));
        HashSet<string> tested = [.. Bodies().Concat(Classes()).Select(static row => (string)row.ToArray()[0]!)];
        ImmutableArray<DiagnosticDescriptor> all = new NativeApiAnalyzer().SupportedDiagnostics;

        Assert.Equal(all.Length, all.Select(static d => d.Id).Distinct().Count());
        foreach (DiagnosticDescriptor descriptor in all)
        {
            Assert.Contains(descriptor.Id, tested);
            Assert.Contains(descriptor.Id + " |", releases, StringComparison.Ordinal);
            Assert.Equal($"docs/diagnostics/{descriptor.Id}.md", descriptor.HelpLinkUri);
            string page = File.ReadAllText(Path.Combine(RepositoryRoot(), descriptor.HelpLinkUri));
            Assert.StartsWith($"# {descriptor.Id}: {descriptor.Title}\n", page, StringComparison.Ordinal);
        }
    }

    private static void Check(Diagnostic diagnostic, string id, string words)
    {
        Assert.Equal(id, diagnostic.Id);
        Assert.Equal(
            id is "AOTL026" or "AOTL027" or "AOTL028" or "AOTL032" ? DiagnosticSeverity.Warning : DiagnosticSeverity.Error,
            diagnostic.DefaultSeverity);
        Assert.Contains(words, diagnostic.GetMessage(System.Globalization.CultureInfo.InvariantCulture), StringComparison.Ordinal);
        Assert.Equal("Source0.cs", diagnostic.Location.SourceTree!.FilePath);
    }

    internal static string RepositoryRoot()
    {
        DirectoryInfo? folder = new(AppContext.BaseDirectory);
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "AotLayers.sln")))
        {
            folder = folder.Parent;
        }

        return folder?.FullName ?? throw new InvalidOperationException("AotLayers.sln is in none of the parent folders");
    }
}
