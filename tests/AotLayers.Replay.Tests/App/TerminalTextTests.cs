using AotLayers.App;
using CsCheck;

namespace AotLayers.Replay.Tests.App;

/// <summary>What a terminal would obey does not reach it.</summary>
public sealed class TerminalTextTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData(@"Files\Grüße 𝄞.txt", @"Files\Grüße 𝄞.txt")]
    [InlineData("\u001b]0;owned\u0007", @"\u001b]0;owned\u0007")]
    [InlineData("a\r\nb\tc\0", @"a\u000d\u000ab\u0009c\u0000")]
    [InlineData("del\u007f csi\u009b31m", @"del\u007f csi\u009b31m")]
    [InlineData("exe.\u202Egpj \u2066x\u2069 \u200F\u061C\u2028\uFEFF", @"exe.\u202egpj \u2066x\u2069 \u200f\u061c\u2028\ufeff")]
    public void Text_is_escaped(string text, string expected) => Assert.Equal(expected, TerminalText.Escape(text));

    // Theory arguments cannot carry halves of pairs.
    [Fact]
    public void Halves_of_pairs_are_escaped_and_pairs_are_kept()
    {
        Assert.Equal(@"\ud834x", TerminalText.Escape("\ud834x"));
        Assert.Equal(@"\udd1e", TerminalText.Escape("\udd1e"));
        Assert.Equal("𝄞" + @"\ud834", TerminalText.Escape("𝄞\ud834"));
    }

    [Fact]
    public void Nothing_is_copied_when_nothing_is_escaped()
    {
        const string Name = @"Files\Windows\notepad.exe";
        Assert.Same(Name, TerminalText.Escape(Name));
    }

    [Fact]
    public void No_text_leaves_a_control_character() => Gen.Char.Array[0, 40].Sample(chars =>
    {
        string escaped = TerminalText.Escape(new string(chars));
        return !escaped.Any(char.IsControl) && TerminalText.Escape(escaped) == escaped;
    });
}
