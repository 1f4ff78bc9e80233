using System.Text;
using System.Text.Json;
using AotLayers.Interop;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Json;

/// <summary>
/// The one reader of JSON files of unknown origin: values, places, limits. The other opinion is System.Text.Json's document.
/// </summary>
public class BoundedJsonTests
{
    [Theory]
    [InlineData("", "one.json: ")]
    [InlineData("[1", "one.json: ")]
    [InlineData("{\"a\":1}x", "one.json: ")]
    [InlineData("[[[[[[1]]]]]]", "one.json: ")]
    [InlineData("[1,2,3,4,5,6,7,8,9,10]", "one.json: more than 10 values")]
    [InlineData("[\"12345678901234567890123456789012345678901234567890\"]", "one.json: 54 bytes; at most 50")]
    public void Text_that_is_none_or_too_much_is_refused(string json, string expected)
    {
        var limits = new BoundedJsonLimits { Bytes = 50, Depth = 5, Tokens = 10 };
        BoundedJsonException error = Assert.Throws<BoundedJsonException>(() => BoundedJson.Parse(
            Encoding.UTF8.GetBytes(json),
            "one.json",
            limits));
        Assert.StartsWith(expected, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_know_their_place()
    {
        BoundedJsonValue root = Parse("""{"a":[{"b":1},{"b":[true,"x",{"c":null,"d":"0x1F"}]}],"e":{"$u16":"d800"}}""");
        BoundedJsonValue inner = root.Required("a").Items().ElementAt(1).Required("b").Items().ElementAt(2);
        Assert.Equal(31, inner.Required("d").Int64());
        Assert.Null(inner.Member("c"));
        Assert.Equal("\ud800", root.Required("e").Text());
        Assert.Equal("one.json: $.a[1].b[2].d: no", inner.Required("d").Error("no").Message);
        Assert.Equal(
            "one.json: $.a[1].b[2]: member 'f' is missing",
            Assert.Throws<BoundedJsonException>(() => inner.Required("f")).Message);
        Assert.Contains(
            "$.a[1].b[2].d: expected true or false",
            Assert.Throws<BoundedJsonException>(() => inner.Required("d").Bool()).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"a":1,"a":2}""", "$: member 'a' appears twice")]
    [InlineData("""{"a":1,"\u0061":2}""", "$: member 'a' appears twice")]
    [InlineData("""{"c":1}""", "$: unknown member 'c'; known are a, b")]
    [InlineData("""{"\ud800":1}""", "$: unknown member")]
    [InlineData("[]", "$: expected an object, found []")]
    public void Members_are_the_known_ones_once_each(string json, string expected) =>
        Assert.Contains(
            expected,
            Assert.Throws<BoundedJsonException>(() => Parse(json).Object("a", "b")).Message,
            StringComparison.Ordinal);

    [Fact]
    public void Text_is_what_the_document_reader_says() =>
        Gen.String.Sample(text =>
        {
            string json = JsonSerializer.Serialize(text);
            using var document = JsonDocument.Parse(json);
            Assert.Equal(document.RootElement.GetString(), Parse(json).Text());
        });

    [Fact]
    public void Integer_is_what_the_document_reader_says() =>
        Gen.Long.Sample(value => Assert.Equal(value, Parse(value.ToString(System.Globalization.CultureInfo.InvariantCulture)).Int64()));

    [Theory]
    [InlineData("1.5")]
    [InlineData("9223372036854775808")]
    [InlineData("\"0x\"")]
    [InlineData("\"1 \"")]
    [InlineData("true")]
    [InlineData("7")]
    public void Number_that_is_no_such_integer_is_refused(string json) =>
        Assert.Throws<BoundedJsonException>(() => Parse(json).Int64(0, 6));

    private static BoundedJsonValue Parse(string json) => BoundedJson.Parse(Encoding.UTF8.GetBytes(json), "one.json").Root;
}
