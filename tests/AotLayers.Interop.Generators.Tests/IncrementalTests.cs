using System.Runtime.CompilerServices;
using Microsoft.CodeAnalysis;
using Microsoft.CodeAnalysis.CSharp;

namespace AotLayers.Interop.Generators.Tests;

/// <summary>An edit that does not touch the declarations writes nothing anew, and no compilation outlives its run.</summary>
public sealed class IncrementalTests
{
    private const string Declarations = """
        [NativeApi("x", "x.dll")]
        public static partial class X
        {
            [LibraryImport("x.dll")]
            public static partial int A(int first);
        }
        """;

    private const string Exports = """
        [NativeExports(typeof(X))]
        public static partial class E
        {
            private static IX GetApi() => null!;
        }
        """;

    [Fact]
    public void First_run_is_all_new() => Check(
        Run(static c => c, runs: 1),
        gather: IncrementalStepRunReason.New,
        api: IncrementalStepRunReason.New,
        output: IncrementalStepRunReason.New);

    [Fact]
    public void Same_compilation_is_cached() => Check(
        Run(static c => c),
        gather: IncrementalStepRunReason.Cached,
        api: IncrementalStepRunReason.Cached,
        output: IncrementalStepRunReason.Cached);

    [Fact]
    public void Unrelated_type_added() => Check(
        Run(static c => c.AddSyntaxTrees(GeneratorHarness.Parse("public class Unrelated;", "Unrelated.cs"))),
        gather: IncrementalStepRunReason.Unchanged,
        api: IncrementalStepRunReason.Cached,
        output: IncrementalStepRunReason.Cached);

    [Fact]
    public void Text_appended_to_the_same_file() => Check(
        Run(static c => Replace(c, "Source0.cs", Declarations + "\npublic class Appended;\n// and a comment")),
        gather: IncrementalStepRunReason.Unchanged,
        api: IncrementalStepRunReason.Cached,
        output: IncrementalStepRunReason.Cached);

    [Fact]
    public void Other_file_changed() => Check(
        Run(static c => Replace(c, "Source2.cs", "public class Other { public int More; }")),
        gather: IncrementalStepRunReason.Unchanged,
        api: IncrementalStepRunReason.Cached,
        output: IncrementalStepRunReason.Cached);

    [Fact]
    public void Same_declaration_typed_differently() => Check(
        Run(static c => Replace(
            c,
            "Source0.cs",
            Declarations.Replace("int A(int first)", "System.Int32 A(System.Int32   first)", StringComparison.Ordinal))),
        gather: IncrementalStepRunReason.Unchanged,
        api: IncrementalStepRunReason.Cached,
        output: IncrementalStepRunReason.Cached);

    [Fact]
    public void Declaration_changed() => Check(
        Run(static c => Replace(c, "Source0.cs", Declarations.Replace("int first", "long first", StringComparison.Ordinal))),
        gather: IncrementalStepRunReason.Modified,
        api: IncrementalStepRunReason.Modified,
        output: IncrementalStepRunReason.Modified);

    [Fact]
    public void Declaration_removed() => Check(
        Run(static c => Replace(c, "Source0.cs", "public static partial class X;")),
        gather: IncrementalStepRunReason.Removed,
        api: IncrementalStepRunReason.Removed,
        output: IncrementalStepRunReason.Removed);

    [Fact]
    public void Exports_follow_the_declarations_they_name()
    {
        GeneratorRunResult changed = Run(static c => Replace(
            c,
            "Source0.cs",
            Declarations.Replace("int first", "long first", StringComparison.Ordinal)));
        Assert.Equal(IncrementalStepRunReason.Modified, Reason(changed, TrackingNames.GatherExports));
        Assert.Equal(IncrementalStepRunReason.Modified, Reason(changed, TrackingNames.Exports));

        GeneratorRunResult other = Run(static c => Replace(c, "Source2.cs", "public class Other { public int More; }"));
        Assert.Equal(IncrementalStepRunReason.Unchanged, Reason(other, TrackingNames.GatherExports));
        Assert.Equal(IncrementalStepRunReason.Cached, Reason(other, TrackingNames.Exports));
    }

    [Fact]
    public void Every_tracked_value_is_free_of_compiler_objects()
    {
        GeneratorRunResult result = Run(static c => c, runs: 1);
        foreach (string name in (string[])[TrackingNames.Gather, TrackingNames.Api, TrackingNames.GatherExports, TrackingNames.Exports])
        {
            foreach ((object value, _) in result.TrackedSteps[name].SelectMany(static s => s.Outputs))
            {
                Assert.DoesNotContain(
                    Reachable(value),
                    static o => o is ISymbol or SyntaxNode or SyntaxTree or Compilation or Location or AttributeData);
            }
        }
    }

    [Fact]
    public void No_compilation_is_kept_alive()
    {
        (GeneratorDriver driver, WeakReference old) = RunAndForget();
        for (int i = 0; i < 10 && old.IsAlive; i++)
        {
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(old.IsAlive);
        GC.KeepAlive(driver);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static (GeneratorDriver Driver, WeakReference Old) RunAndForget()
    {
        CSharpCompilation first = GeneratorHarness.Compile(Declarations, Exports);
        GeneratorDriver driver = GeneratorHarness.Driver(withLibraryImport: false).RunGenerators(first);

        // The driver keeps the compilation of its last run only.
        driver = driver.RunGenerators(GeneratorHarness.Compile(Declarations, Exports, "public class New;"));
        return (driver, new WeakReference(first));
    }

    private static CSharpCompilation Replace(CSharpCompilation compilation, string path, string source)
    {
        SyntaxTree old = compilation.SyntaxTrees.Single(t => t.FilePath == path);
        return compilation.ReplaceSyntaxTree(old, GeneratorHarness.Parse(source, path));
    }

    private static GeneratorRunResult Run(Func<CSharpCompilation, CSharpCompilation> edit, int runs = 2)
    {
        CSharpCompilation compilation = GeneratorHarness.Compile(Declarations, Exports, "public class Other;");
        GeneratorDriver driver = GeneratorHarness.Driver(withLibraryImport: false).RunGenerators(compilation);
        if (runs > 1)
        {
            driver = driver.RunGenerators(edit(compilation));
        }

        return driver.GetRunResult().Results.Single();
    }

    private static void Check(
        GeneratorRunResult result,
        IncrementalStepRunReason gather,
        IncrementalStepRunReason api,
        IncrementalStepRunReason output)
    {
        Assert.Equal(gather, Reason(result, TrackingNames.Gather));
        Assert.Equal(api, Reason(result, TrackingNames.Api));
        IncrementalGeneratorRunStep written = result.TrackedOutputSteps["SourceOutput"]
            .First(step => step.Inputs.Any(i => i.Source.Inputs.Any(j => j.Source.Name == TrackingNames.Api)));
        Assert.All(written.Outputs, o => Assert.Equal(output, o.Reason));
    }

    private static IncrementalStepRunReason Reason(GeneratorRunResult result, string name) =>
        Assert.Single(Assert.Single(result.TrackedSteps[name]).Outputs).Reason;

    private static IEnumerable<object> Reachable(object root)
    {
        HashSet<object> seen = new(ReferenceEqualityComparer.Instance);
        Stack<object> open = new([root]);
        while (open.TryPop(out object? next))
        {
            if (next is string || next.GetType().IsPrimitive || next.GetType().IsEnum || next is Type || !seen.Add(next))
            {
                continue;
            }

            yield return next;
            if (next is Array items)
            {
                foreach (object? item in items)
                {
                    if (item is not null)
                    {
                        open.Push(item);
                    }
                }
            }

            foreach (System.Reflection.FieldInfo field in next.GetType().GetFields(System.Reflection.BindingFlags.Instance
                | System.Reflection.BindingFlags.Public
                | System.Reflection.BindingFlags.NonPublic))
            {
                if (field.GetValue(next) is { } value)
                {
                    open.Push(value);
                }
            }
        }
    }
}
