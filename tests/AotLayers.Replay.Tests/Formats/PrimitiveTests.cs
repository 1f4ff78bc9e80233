using System.Text;
using AotLayers.Formats;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>Times, names and encodings that everything else is built of.</summary>
public class PrimitiveTests
{
    /// <summary>Any UTF-16 units, lone surrogates and their neighbours often.</summary>
    private static readonly Gen<string> s_anyText = Gen.OneOf(
        Gen.Char, Gen.Char['\uD7FF', '\uE001'], Gen.Char['a', 'c'], Gen.Const('\uD83D'), Gen.Const('\uDE00'), Gen.Const('\uFFFF')).Array[
            0,
            12].Select(c => new string(c));

    [Theory]
    [InlineData(131000000012345678, "1455526401.2345678")]
    [InlineData(116444736000000000, "0")]
    [InlineData(116444735999999999, "-0.0000001")]
    public void FileTime_as_pax_text_and_back(long fileTime, string text)
    {
        Assert.Equal(text, PaxTime.ToText(FileTime.ToUnixNanoseconds(fileTime)));
        Assert.True(PaxTime.TryParse(Encoding.ASCII.GetBytes(text), out long nanoseconds));
        Assert.Equal(fileTime, FileTime.FromUnixNanoseconds(nanoseconds));
    }

    [Fact]
    public void FileTime_zero_wraps_as_in_Go()
    {
        Assert.Equal("6802270473.709551616", PaxTime.ToText(FileTime.ToUnixNanoseconds(0)));
        Assert.True(PaxTime.TryParse("6802270473.709551616"u8, out long nanoseconds));
        Assert.Equal(184467440737095516, FileTime.FromUnixNanoseconds(nanoseconds));
    }

    [Theory]
    [InlineData("-1.5", -1500000000)]
    [InlineData("1.", 1000000000)]
    [InlineData("1.1234567899", 1123456789)]
    public void PaxTime_parses(string text, long nanoseconds)
    {
        Assert.True(PaxTime.TryParse(Encoding.ASCII.GetBytes(text), out long parsed));
        Assert.Equal(nanoseconds, parsed);
    }

    [Theory]
    [InlineData("")]
    [InlineData(".5")]
    [InlineData("1.5s")]
    [InlineData("1.-5")]
    [InlineData("+1")]
    [InlineData(" 1")]
    [InlineData("99999999999999999999")]
    public void PaxTime_refuses(string text) => Assert.False(PaxTime.TryParse(Encoding.ASCII.GetBytes(text), out _));

    [Fact]
    public void PaxTime_round_trips() => Gen.Long.Sample(time =>
    {
        Span<byte> text = stackalloc byte[PaxTime.MaxLength];
        int length = PaxTime.Format(time, text);
        return PaxTime.TryParse(text[..length], out long parsed) && parsed == time;
    });

    [Fact]
    public void FileTime_round_trips_where_nanoseconds_can_hold_it() =>
        Gen.Long[FileTime.UnixEpoch - 90_000_000_000_000_000, FileTime.UnixEpoch + 90_000_000_000_000_000]
            .Sample(time => FileTime.FromUnixNanoseconds(FileTime.ToUnixNanoseconds(time)) == time);

    [Fact]
    public void Wtf8_round_trips_everything() => s_anyText.Sample(text =>
    {
        byte[] bytes = Wtf8.GetBytes(text);
        return bytes.Length == Wtf8.GetByteCount(text) && Wtf8.GetString(bytes) == text;
    });

    [Fact]
    public void Wtf8_of_well_formed_text_is_utf8() => Gen.String.Where(IsWellFormed).Sample(text =>
        Wtf8.GetBytes(text).AsSpan().SequenceEqual(Encoding.UTF8.GetBytes(text)) && Wtf8.GetString(Encoding.UTF8.GetBytes(text)) == text);

    [Fact]
    public void Wtf8_takes_any_bytes() => Gen.Byte.Array.Sample(bytes => Wtf8.GetString(bytes).Length <= bytes.Length);

    [Fact]
    public void Wtf8_lone_surrogate_bytes()
    {
        Assert.Equal([0xED, 0xA0, 0x80, (byte)'a'], Wtf8.GetBytes("\uD800a"));
        Assert.Equal("\uFFFDa", Wtf8.GetString([0xC0, (byte)'a']));
    }

    [Fact]
    public void Comparer_orders_as_bytes_do() => Gen.Select(s_anyText, s_anyText).Sample((x, y) =>
        Math.Sign(Utf8OrdinalComparer.Instance.Compare(x, y)) == Math.Sign(Wtf8.GetBytes(x).AsSpan().SequenceCompareTo(Wtf8.GetBytes(y))));

    [Theory]
    [InlineData(@"Files\a", true)]
    [InlineData("Files/a", true)]
    [InlineData("", false)]
    [InlineData(@"\a", false)]
    [InlineData(@"a\", false)]
    [InlineData(@"a\\b", false)]
    [InlineData(@"a\..\b", false)]
    [InlineData(@".\a", false)]
    [InlineData("a:b", false)]
    [InlineData("a\0", false)]
    public void Only_names_below_the_root_are_safe(string name, bool safe) => Assert.Equal(safe, WindowsPath.IsSafeRelative(name, out _));

    [Fact]
    public void Path_parts()
    {
        Assert.Equal(@"a\b", WindowsPath.Join(@"a\", @"\b"));
        Assert.Equal("b", WindowsPath.Join("", "b"));
        Assert.Equal("c", WindowsPath.BaseName(@"a/b\c"));
        Assert.Equal(@"a/b", WindowsPath.DirectoryName(@"a/b\c"));
        Assert.True(WindowsPath.IsBelow(@"files\x", "Files"));
        Assert.False(WindowsPath.IsBelow("Files", "Files"));
        Assert.False(WindowsPath.IsBelow(@"Files\", "Files"));
        Assert.False(WindowsPath.IsBelow(@"Files2\x", "Files"));
    }

    private static bool IsWellFormed(string text)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (char.IsHighSurrogate(text[i]) && i + 1 < text.Length && char.IsLowSurrogate(text[i + 1]))
            {
                i++;
            }
            else if (char.IsSurrogate(text[i]))
            {
                return false;
            }
        }

        return true;
    }
}
