using System.Text;
using AotLayers.App;
using Xunit;

namespace AotLayers.Replay.Tests.App;

/// <summary>What the program prints as JSON is exact, for every text that UTF-16 can hold.</summary>
public sealed class JsonTextTests
{
    [Theory]
    [InlineData("plain \u00e4 \u20ac", "plain \u00e4 \u20ac")]
    [InlineData("quote \" back\\slash \u001b", "quote \\\" back\\\\slash \\u001B")]
    public void Text_is_written_as_it_is(string text, string written) => Assert.Equal($$"""{"name":"{{written}}"}""", Write(text));

    [Fact]
    public void Pairs_of_surrogates_are_letters() => Assert.Equal("""{"name":"a\uD83D\uDE00b"}""", Write("a\ud83d\ude00b"));

    [Fact]
    public void Half_of_a_pair_is_its_escape()
    {
        Assert.Equal("""{"name":"\ud800"}""", Write("\ud800"));
        Assert.Equal("""{"name":"a\udc00b\ud800\ud800c"}""", Write("a\udc00b\ud800\ud800c"));
        Assert.Equal("""{"name":"\udc00\uD83D\uDE00\ud83d"}""", Write("\udc00\ud83d\ude00\ud83d"));
    }

    [Fact]
    public void Long_texts_are_exact()
    {
        string text = string.Concat(Enumerable.Repeat("name\ud801x", 3000));
        Assert.Equal($$"""{"name":"{{text.Replace("\ud801", "\\ud801", StringComparison.Ordinal)}}"}""", Write(text));
    }

    private static string Write(string text) => Encoding.UTF8.GetString(JsonText.OfObject(json => json.WriteString("name", text)));
}
