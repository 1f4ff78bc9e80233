using System.Runtime.InteropServices;

namespace AotLayers.Interop.Tests.Shapes;

/// <summary>A fake overrides what its test calls; every other function says its own name.</summary>
public sealed class UnsupportedFake
{
    [Fact]
    public void What_a_fake_overrides_is_served_and_everything_else_names_itself()
    {
        IFaked fake = new OnlyAdds();

        Assert.Equal(5, fake.Add(2, 3));
        Assert.Equal(
            "faked!Divide: this fake does not serve it",
            Assert.Throws<NotSupportedException>(() => fake.Divide(1, 2, out _)).Message);
        Assert.Equal(ExportStatus.Present, fake.Probe("Add"));
        Assert.Equal("faked", fake.Info.Name);
    }

    private sealed class OnlyAdds : UnsupportedFaked
    {
        public override int Add(int a, int b) => a + b;
    }
}

/// <summary>Two functions, of which the fake serves one.</summary>
[NativeApi("faked", "libfaked.so", Success = SuccessRule.Zero)]
internal static partial class Faked
{
    [LibraryImport("libfaked.so")]
    internal static partial int Add(int a, int b);

    [LibraryImport("libfaked.so")]
    internal static partial int Divide(int a, int b, out int quotient);
}
