using System.Text;
using AotLayers.Interop;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>Loading is defensive: any file is a recording, or one clear error.</summary>
public sealed class LoaderTests
{
    private const string Call = "{\"seq\":1,\"thread\":1,\"api\":\"toy\",\"fn\":\"Extra\",\"in\":{},\"out\":{},\"ret\":\"0x00000000\"}";

    [Fact]
    public void Random_bytes_are_one_error() =>
        Check.Sample(
            Gen.Byte.Array[0, 200],
            bytes => Assert.Throws<RecordingFormatException>(() => ToyProgram.Load(bytes)) is not null,
            iter: 2000);

    [Fact]
    public void A_damaged_byte_is_found_or_does_not_matter()
    {
        byte[] file = ToyProgram.Record(ToyProgram.Sample, ToyProgram.CallEverything);
        Check.Sample(
            Gen.Select(Gen.Int[0, file.Length - 1], Gen.Byte),
            (at, value) =>
            {
                byte[] damaged = [.. file];
                damaged[at] = value;
                try
                {
                    CallRecording recording = ToyProgram.Load(damaged);
                    foreach (RecordedCall call in recording.Calls)
                    {
                        Assert.NotNull(call.In.ToString());
                        Assert.NotNull(call.Out.ToString());
                    }
                }
                catch (RecordingFormatException e)
                {
                    Assert.StartsWith("test.json", e.Message, StringComparison.Ordinal);
                }
            },
            iter: 3000);
    }

    [Theory]
    [InlineData("[]", 1, "a recording is one JSON object")]
    [InlineData("", 1, "ends inside its header")]
    [InlineData("{}", 0, "not a recording")]
    [InlineData("{\"format\":\"har\"}", 1, "format is not")]
    [InlineData(
        "{\"format\":\"aotlayers-recording\",\n\"version\":3}",
        2,
        "format version 3, written by a newer tool; this one reads version 2")]
    [InlineData("{\"format\":\"aotlayers-recording\",\n\"version\":1}", 2, "format version 1, which is no longer read: record again")]
    [InlineData("{\"format\":\"aotlayers-recording\",\n\"version\":\"2\"}", 2, "version is not a number")]
    [InlineData(
        "{\"format\":\"aotlayers-recording\",\"version\":2,\n\n\"origin\":{\"kind\":\"dream\"}}",
        3,
        "origin is malformed: it needs kind")]
    public void A_wrong_header_is_named(string text, int line, string reason) => Wrong(text, line, reason);

    [Theory]
    [InlineData("{\"seq\":1}", "a call needs in, an object")]
    [InlineData("{\"seq\":1,\"thread\":1,\"api\":\"toy\",\"fn\":\"A\",\"in\":{}}", "ret is neither")]
    [InlineData("{\"seq\":0,\"thread\":1,\"api\":\"toy\",\"fn\":\"A\",\"in\":{},\"ret\":0}", "seq is not a number from 1")]
    [InlineData("{\"seq\":1,\"seq\":2,\"thread\":1,\"api\":\"toy\",\"fn\":\"A\",\"in\":{},\"ret\":0}", "not JSON")]
    [InlineData("{\"seq\":1,\"thread\":1,\"api\":\"other\",\"fn\":\"A\",\"in\":{},\"ret\":0}", "API other, which the header does not have")]
    [InlineData("{\"seq\":1,\"thread\":1,\"api\":\"toy\",\"fn\":\"A\",\"in\":{\"a\":\"\\ud800\"},\"ret\":0}", "lone surrogate")]
    [InlineData(
        "{\"seq\":1,\"thread\":1,\"api\":\"toy\",\"fn\":\"A\",\"in\":{\"a\":{\"$bytes\":1,\"sha256\":\"../../etc\"}},\"ret\":0}",
        "64 lower-case hexadecimal digits")]
    [InlineData(
        "{\"seq\":1,\"thread\":1,\"api\":\"toy\",\"fn\":\"A\",\"in\":{\"a\":{\"$bytes\":2,\"sha256\":\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\",\"data\":\"aGVsbG8=\"}},\"ret\":0}",
        "data holds 5 bytes, but $bytes says 2")]
    [InlineData(
        "{\"seq\":1,\"thread\":1,\"api\":\"toy\",\"fn\":\"A\",\"in\":{\"a\":{\"$bytes\":5,\"sha256\":\"3cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\",\"data\":\"aGVsbG8=\"}},\"ret\":0}",
        "does not have the stated sha256")]
    [InlineData(
        "{\"seq\":1,\"thread\":1,\"api\":\"toy\",\"fn\":\"A\",\"in\":{\"a\":{\"$bytes\":5,\"sha256\":\"2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824\",\"data\":\"?\"}},\"ret\":0}",
        "not base64")]
    public void A_wrong_call_is_named_with_its_line(string call, string reason) => Wrong(File(call), 4, reason);

    [Theory]
    [InlineData("\"a\":1,\"b\":{\"c\":[{}],\"d\":2,\"c\":3}", "c is there twice")]
    [InlineData("\"a\":1,\"\\u0061\":2", "a is there twice")]
    [InlineData("\"\\u0062\":1,\"b\":2", "b is there twice")]
    public void A_name_is_in_an_object_once(string members, string reason) => Wrong(
        File(Call.Replace("\"in\":{}", "\"in\":{" + members + "}", StringComparison.Ordinal)),
        4,
        reason);

    [Fact]
    public void A_name_is_in_a_large_object_once()
    {
        string many = string.Join(",", Enumerable.Range(0, 5000).Select(static i => $"\"name{i}\":{i}"));
        Assert.Single(ToyProgram.Load(File(Call.Replace("\"in\":{}", "\"in\":{" + many + "}", StringComparison.Ordinal))).Calls);
        Wrong(
            File(Call.Replace("\"in\":{}", "\"in\":{" + many + ",\"name4321\":0}", StringComparison.Ordinal)),
            4,
            "name4321 is there twice");
    }

    [Fact]
    public void A_missing_comma_between_calls_is_no_torn_tail() =>
        Wrong(File(Call + "\n" + Call.Replace("\"seq\":1", "\"seq\":2", StringComparison.Ordinal)), 5, "not JSON");

    [Fact]
    public void A_seq_is_there_once() => Wrong(File(Call + ",\n" + Call), 5, "seq 1 is there twice");

    [Fact]
    public void The_footer_counts() =>
        Wrong(File(Call).Replace("\"calls\":1", "\"calls\":2", StringComparison.Ordinal), 5, "the footer counts 2 calls, the file has 1");

    [Fact]
    public void Text_after_the_end_is_refused() => Wrong(File(Call) + "{}", 6, "not JSON");

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        byte[] file = Encoding.UTF8.GetBytes(File(Call));
        file[file.AsSpan().IndexOf("Extra"u8)] = 0xFF;
        Assert.Contains(
            "not UTF-8",
            Assert.Throws<RecordingFormatException>(() => ToyProgram.Load(file)).Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public void Nesting_is_bounded()
    {
        string bomb = new string('[', 100_000) + new string(']', 100_000);
        Wrong(File(Call.Replace("{}", "{\"a\":" + bomb + "}", StringComparison.Ordinal)), 4, "depth");
        Assert.Throws<RecordingFormatException>(() => ToyProgram.Load(new string('[', 1_000_000)));
    }

    [Fact]
    public void Sizes_and_counts_are_bounded()
    {
        byte[] file = ToyProgram.Record(ToyProgram.Sample, ToyProgram.CallEverything);
        RecordingLimits all = new();
        Limit(all with { FileBytes = file.Length - 1 }, "the file is longer");
        Limit(all with { CallBytes = 100 }, "a value is longer than the limit of 100 bytes");
        Limit(all with { Calls = 22 }, "more calls than the limit of 22");
        Limit(all with { TextBytes = 20 }, "a string is longer");
        Limit(all with { DataBytes = 100 }, "more than the limit of 100 bytes");
        Assert.True(ToyProgram.Load(file, all with { FileBytes = file.Length, Calls = 23 }).Complete);

        void Limit(RecordingLimits limits, string reason) =>
            Assert.Contains(
                reason,
                Assert.Throws<RecordingFormatException>(() => ToyProgram.Load(file, limits)).Message,
                StringComparison.Ordinal);
    }

    [Fact]
    public void Any_layout_of_the_json_is_read()
    {
        byte[] file = ToyProgram.Record(ToyProgram.Sample, ToyProgram.CallEverything);
        System.Text.Json.Nodes.JsonNode node = System.Text.Json.Nodes.JsonNode.Parse(file)!;
        string pretty = "\uFEFF" + node.ToJsonString(new System.Text.Json.JsonSerializerOptions { WriteIndented = true });
        CallRecording recording = ToyProgram.Load(pretty);
        CallRecording plain = ToyProgram.Load(file);
        Assert.True(recording.Complete);
        Assert.Equal(plain.Calls.Select(c => c.ToString()), recording.Calls.Select(c => c.ToString()));
        using Replayer replayer = new(recording);
        ToyProgram.CallEverything(new ReplayingToy(replayer));
        replayer.VerifyComplete();

        // Cut in the middle of a pretty-printed call: it is named all the same.
        CallRecording cut = ToyProgram.Load(pretty[..(pretty.LastIndexOf("\"in\"", StringComparison.Ordinal) + 5)]);
        Assert.Equal(["Extra"], cut.InFlight.Select(c => c.Function));
    }

    [Fact]
    public void A_stream_that_gives_one_byte_at_a_time_is_read()
    {
        byte[] file = ToyProgram.Record(ToyProgram.Sample, ToyProgram.CallEverything);
        Assert.Equal(23, CallRecording.Load(new TrickleStream(file), "trickle").Calls.Count);
    }

    private static string File(string calls) =>
        $"{{\"format\":\"aotlayers-recording\",\"version\":2,\"origin\":{{\"kind\":\"live\",\"os\":\"linux "
            + $"6\",\"arch\":\"x64\",\"tool\":\"t\"}},\n\"apis\":{{\"toy\":{{\"library\":\"libtoy.so\",\"signatures\":{{}}}}}},\n\"calls\":[\n{calls}\n],\"end\":{{\"calls\":1,\"complete\":true}}}}\n";

    private static void Wrong(string text, long line, string reason)
    {
        RecordingFormatException e = Assert.Throws<RecordingFormatException>(() => ToyProgram.Load(text));
        Assert.Contains(reason, e.Message, StringComparison.Ordinal);
        Assert.Equal(line, e.Line);
    }

    private sealed class TrickleStream(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
