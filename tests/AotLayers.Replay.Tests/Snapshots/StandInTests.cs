using AotLayers.Replay.Tests.Recordings;
using Xunit;

namespace AotLayers.Replay.Tests.Snapshots;

/// <summary>What the stand-in for the Verify package does otherwise; not built with -p:UseVerifyPackage=true.</summary>
public sealed class StandInTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task A_difference_is_shown_as_a_diff()
    {
        await File.WriteAllTextAsync(_folder.File("a.verified.txt"), "one\ntwo\nthree\n");
        Exception e = await Assert.ThrowsAnyAsync<Exception>(() => Verify("one\n2\nthree\n").UseDirectory(_folder.Path).UseFileName("a"));
        Assert.Contains("\n one\n-two\n+2\n three\n", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_object_has_to_be_turned_into_text_first()
    {
        Exception e = await Assert.ThrowsAnyAsync<Exception>(async () => await Verify(new object()));
        Assert.Contains("text", e.Message, StringComparison.Ordinal);
    }
}
