namespace AotLayers.Interop.Generators.Tests;

/// <summary>The generated code, whole, so that a change of the generator is reviewed as the change of code that it is.</summary>
public sealed class SnapshotTests
{
    [Fact]
    public Task The_interface() => Verifier.Verify(File("Interface"));

    [Fact]
    public Task The_description() => Verifier.Verify(File("Info"));

    [Fact]
    public Task The_native_binding() => Verifier.Verify(File("Native"));

    [Fact]
    public Task The_calls() => Verifier.Verify(File("Calls"));

    [Fact]
    public Task The_recorder() => Verifier.Verify(File("Recording"));

    [Fact]
    public Task The_replayer() => Verifier.Verify(File("Replaying"));

    [Fact]
    public Task The_fault_injector() => Verifier.Verify(File("Faulting"));

    [Fact]
    public Task The_base_of_fakes() => Verifier.Verify(File("Unsupported"));

    [Fact]
    public Task The_exports() =>
        Verifier.Verify(GeneratorHarness.Generate(Sources.Everything, Sources.EverythingExported)["Sample.SampleExports.Exports.g.cs"]);

    [Fact]
    public void Generated_text_has_one_kind_of_line_end_and_no_trailing_space()
    {
        foreach (string text in GeneratorHarness.Generate(Sources.Everything, Sources.EverythingExported).Values)
        {
            Assert.DoesNotContain('\r', text);
            Assert.DoesNotContain(" \n", text, StringComparison.Ordinal);
            Assert.DoesNotContain("\n\n\n", text, StringComparison.Ordinal);
            Assert.EndsWith("}\n", text, StringComparison.Ordinal);
        }
    }

    private static string File(string part) => GeneratorHarness.Generate(Sources.Everything)[$"Sample.SampleLib.{part}.g.cs"];
}
