using System.Reflection;

namespace AotLayers.Interop.Generators.Tests;

/// <summary>What the generator writes compiles beside the SDK's LibraryImport generator, warnings as errors and docs required.</summary>
public sealed class CompileTests
{
    [Fact]
    public void Every_kind_of_declaration_compiles()
    {
        Assembly assembly = GeneratorHarness.Build(Sources.Everything);

        Assert.Equal(
            [
                "FaultingSampleLib", "ISampleLib", "NativeSampleLib", "RecordingSampleLib", "ReplayingSampleLib", "SampleLibApi",
                "SampleLibCalls", "UnsupportedSampleLib"
            ],
            assembly.GetTypes()
                .Where(static t => t.Name.Contains("SampleLib", StringComparison.Ordinal) && t.Name != "SampleLib" && !t.IsNested)
                .Select(static t => t.Name)
                .Order());
    }

    [Fact]
    public void Info_says_what_the_declarations_say()
    {
        Assembly assembly = GeneratorHarness.Build(Sources.Everything);
        var info = (NativeApiInfo)assembly.GetType("Sample.SampleLibApi")!.GetProperty("Info")!.GetValue(null)!;

        Assert.Equal("sample", info.Name);
        Assert.Equal("sample.dll", info.Library);
        Assert.All(info.Functions, static f => Assert.Matches("^[0-9a-f]{16}$", f.Signature));
        Assert.Equal(
            ["Open", "Next", "Read", "Write", "GetPath", "Close", "OpenFile", "ReadBackup", "GetTempDirW", "ListPoints", "Reset"],
            info.Exports);
        Assert.Equal(["Open"], info.OptionalExports);
    }

    [Fact]
    public void Names_that_the_written_code_uses_are_free_for_parameters()
    {
        GeneratorHarness.Build("""
            /// <summary>Names.</summary>
            [NativeApi("names", "names.dll")]
            internal static unsafe partial class Names
            {
                /// <summary>Takes every local's name.</summary>
                [StreamRead("handle", "buffer")]
                [LibraryImport("names.dll", StringMarshalling = StringMarshalling.Utf8)]
                internal static partial int Call([Handle("h", HandleUse.Used)] nint handle, string call, int result, int lastError, int succeeded, int recorded, out int writer, out int reader, int code, int limit, [Buffer(Length = "length", Written = "written")] Span<byte> buffer, int length, out int written, int @class, out int exception, int i);
            }
            """);
    }
}
