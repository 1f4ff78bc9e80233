using AotLayers.Replay.Tests.Recordings;
using Xunit;

namespace AotLayers.Replay.Tests.Snapshots;

/// <summary>The rules of snapshot files, which hold for the Verify package and for what stands in for it.</summary>
public sealed class SnapshotRuleTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public Task Text_is_compared_with_the_committed_file() => Verify("one\ntwo\n");

    [Fact]
    public Task Windows_line_ends_are_no_difference() => Verify("one\r\ntwo\r\n");

    [Theory]
    [InlineData(1, "a")]
    [InlineData(2, "b")]
    public Task Parameters_are_part_of_the_file_name(int number, string text) => Verify($"{number}{text}").UseParameters(number, text);

    [Theory]
    [InlineData("x")]
    public Task A_text_can_stand_for_the_parameters(string text) => Verify(text).UseTextForParameters("short");

    [Fact]
    public Task Lines_can_be_scrubbed() =>
        Verify("keep\ntime 12:34\ndrop me").ScrubLinesWithReplace(line => line.StartsWith("drop", StringComparison.Ordinal)
            ? null
            : line.Replace("12:34", "{time}", StringComparison.Ordinal));

    [Fact]
    public async Task A_missing_verified_file_fails_and_leaves_the_received_one()
    {
        Exception e = await Assert.ThrowsAnyAsync<Exception>(() => Verify("new").UseDirectory(_folder.Path).UseFileName("a"));
        Assert.Contains("New:", e.Message, StringComparison.Ordinal);
        Assert.Contains("a.verified.txt", e.Message, StringComparison.Ordinal);
        Assert.Equal("new", await File.ReadAllTextAsync(_folder.File("a.received.txt")));
        Assert.False(File.Exists(_folder.File("a.verified.txt")));
    }

    [Fact]
    public async Task A_difference_fails_and_leaves_the_received_file()
    {
        await File.WriteAllTextAsync(_folder.File("a.verified.txt"), "one\ntwo\nthree\n");
        Exception e = await Assert.ThrowsAnyAsync<Exception>(() => Verify("one\n2\nthree\n").UseDirectory(_folder.Path).UseFileName("a"));
        Assert.Contains("NotEqual:", e.Message, StringComparison.Ordinal);
        Assert.Equal("one\n2\nthree\n", await File.ReadAllTextAsync(_folder.File("a.received.txt")));
    }

    [Fact]
    public async Task A_test_that_passes_again_removes_its_received_file()
    {
        await File.WriteAllTextAsync(_folder.File("a.verified.txt"), "\uFEFFsame\r\n");
        await File.WriteAllTextAsync(_folder.File("a.received.txt"), "old");
        await Verify("same\n").UseDirectory(_folder.Path).UseFileName("a");
        Assert.False(File.Exists(_folder.File("a.received.txt")));
    }

    [Fact]
    public Task An_extension_can_be_chosen() => Verify("{}", "json");
}
