using AotLayers.Formats;
using Xunit;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>Rules for names: devices, characters, and what NTFS takes for the same name.</summary>
public class WindowsNameTests
{
    [Theory]
    [InlineData("a.txt", WindowsNameProblems.None)]
    [InlineData(".hidden", WindowsNameProblems.None)]
    [InlineData("$Recycle.Bin", WindowsNameProblems.None)]
    [InlineData("COM10", WindowsNameProblems.None)]
    [InlineData("CONSOLE", WindowsNameProblems.None)]
    [InlineData("", WindowsNameProblems.NoName)]
    [InlineData("..", WindowsNameProblems.NoName)]
    [InlineData("a.", WindowsNameProblems.TrailingDotOrSpace)]
    [InlineData("a ", WindowsNameProblems.TrailingDotOrSpace)]
    [InlineData("a<b", WindowsNameProblems.InvalidCharacter)]
    [InlineData("a:b", WindowsNameProblems.InvalidCharacter)]
    [InlineData("a\tb", WindowsNameProblems.InvalidCharacter)]
    [InlineData("nul", WindowsNameProblems.ReservedDevice)]
    [InlineData("Con.txt", WindowsNameProblems.ReservedDevice)]
    [InlineData("aux .tar.gz", WindowsNameProblems.ReservedDevice)]
    [InlineData("COM1", WindowsNameProblems.ReservedDevice)]
    [InlineData("lpt\u00b2.x", WindowsNameProblems.ReservedDevice)]
    [InlineData("CONOUT$", WindowsNameProblems.ReservedDevice)]
    public void Problems_are_told(string name, WindowsNameProblems expected) => Assert.Equal(expected, WindowsName.Check(name));

    [Fact]
    public void Length_and_surrogates()
    {
        Assert.Equal(WindowsNameProblems.None, WindowsName.Check(new string('x', 255)));
        Assert.Equal(WindowsNameProblems.TooLong, WindowsName.Check(new string('x', 256)));
        Assert.Equal(WindowsNameProblems.None, WindowsName.Check("\ud83d\ude00"));
        Assert.Equal(WindowsNameProblems.LoneSurrogate, WindowsName.Check("\ud83d"));
        Assert.Equal(2, WindowsName.Describe(WindowsName.Check("nul ")).Count());
    }

    [Theory]
    [InlineData("Straße", "STRAßE", true)]
    [InlineData("ÿ", "\u0178", true)]
    [InlineData("Ω", "ω", true)]
    [InlineData("ß", "SS", false)]
    [InlineData("\u0131", "I", false)]
    [InlineData("\u017f", "S", false)]
    [InlineData("\u10d0", "\u1c90", false)]
    [InlineData("\ud801\udc28", "\ud801\udc00", false)]
    [InlineData("a", "ab", false)]
    public void Same_name_to_NTFS(string x, string y, bool same)
    {
        NtfsNameComparer comparer = NtfsNameComparer.Instance;
        Assert.Equal(same, comparer.Equals(x, y));
        Assert.Equal(same, comparer.Compare(x, y) == 0);
        Assert.True(!same || comparer.GetHashCode(x) == comparer.GetHashCode(y));
        var names = new HashSet<string>(comparer) { x };
        Assert.Equal(same, names.GetAlternateLookup<ReadOnlySpan<char>>().Contains(y));
    }
}
