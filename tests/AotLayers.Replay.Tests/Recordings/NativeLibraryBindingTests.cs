using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>A missing library and a missing export are told apart without calling them.</summary>
public sealed class NativeLibraryBindingTests
{
    private static string LibraryThatIsThere =>
        OperatingSystem.IsWindows() ? "kernel32.dll" : OperatingSystem.IsMacOS() ? "libSystem.dylib" : "libc.so.6";

    [Fact]
    public void A_library_and_its_exports_are_probed()
    {
        var there = NativeLibraryBinding.For(typeof(NativeLibraryBindingTests).Assembly, LibraryThatIsThere);
        Assert.Equal(ExportStatus.Present, there.Probe(OperatingSystem.IsWindows() ? "CloseHandle" : "close"));
        Assert.Equal(ExportStatus.ExportMissing, there.Probe("no_such_export"));
        MissingExportException e = Assert.Throws<MissingExportException>(() => there.Export("no_such_export").Require());
        Assert.Equal(
            $"Failed to find no_such_export procedure in {LibraryThatIsThere}: The specified procedure could not be found.",
            e.Message);

        var missing = NativeLibraryBinding.For(typeof(NativeLibraryBindingTests).Assembly, "no-such-library.dll");
        Assert.Equal(ExportStatus.LibraryMissing, missing.Probe("anything"));
        MissingLibraryException m = Assert.Throws<MissingLibraryException>(() => missing.Export("anything").Require());
        Assert.Equal("Failed to load no-such-library.dll: The specified module could not be found.", m.Message);
    }

    [Fact]
    public void The_generated_binding_throws_before_the_call() =>
        Assert.Throws<MissingLibraryException>(() => new NativeToy().Open("a", out _));

    [Fact]
    public void A_chosen_file_that_does_not_load_is_named()
    {
        var binding = NativeLibraryBinding.For(typeof(NativeLibraryBindingTests).Assembly, "chosen.dll");
        MissingLibraryException e = Assert.Throws<MissingLibraryException>(() => binding.UseLibrary("/no/such/library.so"));
        Assert.Contains("library.so", e.Message, StringComparison.Ordinal);
        Assert.Null(binding.ChosenPath);
    }

    [Fact]
    public void One_process_binds_one_file()
    {
        using TempFolder folder = new();
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        string one = System.Diagnostics.Process.GetCurrentProcess().Modules.Cast<System.Diagnostics.ProcessModule>().First(
            m => m.FileName.EndsWith("/libc.so.6", StringComparison.Ordinal)).FileName;
        var binding = NativeLibraryBinding.For(typeof(NativeLibraryBindingTests).Assembly, "redirected.dll");
        binding.UseLibrary(one);
        binding.UseLibrary(one);
        Assert.Equal(ExportStatus.Present, binding.Probe("close"));
        Assert.Throws<InvalidOperationException>(() => binding.UseLibrary(folder.File("other.so")));
    }
}
