using Xunit;

namespace AotLayers.Replay.Tests.Sources;

/// <summary>Patterns for names of entries.</summary>
public sealed class NamePatternTests
{
    [Theory]
    [InlineData("", @"Files\a", true)]
    [InlineData("/", @"Files\a", true)]
    [InlineData("Files", @"Files", true)]
    [InlineData("files/A", @"Files\a", true)]
    [InlineData(@"FILES\", @"Files\a\b.txt", true)]
    [InlineData("Files/a", @"Files\ab", false)]
    [InlineData("File", @"Files\a", false)]
    [InlineData("a", @"Files\a", false)]
    [InlineData(@"C:\a", @"Files\a", true)]
    [InlineData("c:", @"Files\a", true)]
    [InlineData(@"D:\a", @"Files\a", false)]
    [InlineData("*.dll", @"Files\Windows\x.DLL", true)]
    [InlineData("*.dll", @"Files\Windows\x.dll.mui", false)]
    [InlineData("Files/*", @"Files\a", true)]
    [InlineData("Files/*", @"Files\a\b", false)]
    [InlineData("Files/*", "Files", false)]
    [InlineData("Files/**", @"Files\a\b", true)]
    [InlineData("Files/**", "Files", false)]
    [InlineData("**/b", @"Files\a\b", true)]
    [InlineData("**/a/**/c", @"Files\a\c", true)]
    [InlineData("**/a/**/c", @"Files\x\a\y\z\c", true)]
    [InlineData("**/a/**/c", @"Files\x\a\y\z\d", false)]
    [InlineData("**", @"Files\a", true)]
    [InlineData("F?les/?", @"Files\a", true)]
    [InlineData("F?les/?", @"Files\ab", false)]
    [InlineData("Files/a*b*c", @"Files\aXbYbZc", true)]
    [InlineData("Files/a*b*c", @"Files\aXbYbZ", false)]
    [InlineData("Files/straße", @"Files\STRASSE", false)]
    [InlineData("Files/ÄÖÜ*", @"Files\äöü.txt", true)]
    public void A_pattern_takes_names(string pattern, string name, bool expected) =>
        Assert.Equal(expected, NamePattern.Parse(pattern).Matches(name));

    [Fact]
    public void A_hostile_pattern_ends_soon()
    {
        string name = string.Join('\\', Enumerable.Repeat(new string('a', 200), 40));
        string pattern = string.Join('/', Enumerable.Repeat("*a*a*a*a*a*a*a*b", 20));
        Assert.False(NamePattern.Parse("**/" + pattern + "/x").Matches(name));
    }
}
