using System.Runtime.InteropServices;
using System.Text;

namespace AotLayers.Interop.Tests.Points;

/// <summary>
/// Shapes that were recorded or replayed wrongly, each run live against points.c and then from its recording, with the same outcome.
/// </summary>
public sealed class OncePlayedBackWrongly
{
    static OncePlayedBackWrongly() => NativePoints.UseLibrary(PointsLibrary.Path);

    [Fact, Trait("Point", "3")]
    public void A_file_descriptor_is_a_handle_of_type_int_and_minus_one_is_none() => Same(
        static p =>
        {
            int missing = p.FileOpen("missing");
            int error = Marshal.GetLastPInvokeError();
            int zero = p.FileOpen("x");
            return $"{missing} {error} {p.FileSame(zero, zero)} {p.FileClose(zero, 0)}";
        },
        "-1 2 1 0",
        "\"ret\":-1",
        "\"ret\":{\"$handle\":\"fd#1\"}");

    [Fact, Trait("Point", "11")]
    public void A_close_that_fails_leaves_the_handle_alive() => Same(
        static p =>
        {
            int file = p.FileOpen("x");
            return $"{p.FileClose(file, 1)} {p.FileSame(file, file)} {p.FileClose(file, 0)}";
        },
        "16 1 0");

    [Fact, Trait("Point", "6")]
    public void Values_that_nobody_made_are_told_apart()
    {
        CallRecording recording = Roundtrip.Record(static r => new RecordingPoints(new NativePoints(), r).FileSame(1001, 1002));
        Assert.Contains(
            "\"a\":{\"$handle\":\"fd#?1\"},\"b\":{\"$handle\":\"fd#?2\"}",
            Roundtrip.Lines(recording),
            StringComparison.Ordinal);
        Assert.Throws<ReplayMismatchException>(() => Roundtrip.Replay(recording, static r => new ReplayingPoints(r).FileSame(1001, 1001)));
    }

    [Fact, Trait("Point", "11")]
    public void Handles_in_arrays_and_structs_keep_their_identity() => Same(
        static p =>
        {
            int[] ends = new int[2];
            p.Pair(ends);
            Watched[] list = [new() { File = ends[1], Wanted = 4 }, new() { File = ends[0], Wanted = 1 }];
            int ready = p.Watch(list, 2);
            string seen = $"{ready} {list[0].Seen} {list[1].Seen} {p.FileSame(list[0].File, ends[1])}";
            return $"{seen} {p.FileClose(ends[0], 0)} {p.FileClose(ends[1], 0)}";
        },
        "2 4 1 1 0 0",
        "\"out\":{\"ends\":[{\"$handle\":\"fd#1\"},{\"$handle\":\"fd#2\"}]}");

    [Fact, Trait("Point", "4")]
    public void Room_that_was_too_small_tells_the_size_and_bytes_count_utf16() => Same(
        static p =>
        {
            uint bytes = 0;
            int more = p.ValueGet([], ref bytes);
            char[] text = new char[bytes / 2];
            return $"{more} {bytes} {p.ValueGet(text, ref bytes)} {new string(text)}";
        },
        "234 6 0 val");

    [Fact, Trait("Point", "7")]
    public void Text_is_cut_and_its_nul_is_not_counted() => Same(
        static p =>
        {
            byte[] small = [9, 9, 9, 9];
            byte[] large = new byte[16];
            large.AsSpan().Fill(9);
            int wanted = p.Format(small, 4, 12);
            int written = p.Format(large, 16, 12);
            byte[] link = [9, 9, 9, 9, 9];
            return $"{wanted} {Convert.ToHexString(small)} {written} {Encoding.ASCII.GetString(large, 0, 9)} {large[9]} {large[10]} "
                + $"{p.LinkText(link, 5)} {link[4]}";
        },
        "9 6E756D00 9 number 12 0 9 4 9");

    [Fact, Trait("Point", "7")]
    public unsafe void A_pointer_brings_its_value_back() => Same(
        static p =>
        {
            int value = 21;
            return $"{p.Twice(&value)} {value}";
        },
        "0 42");

    [Fact, Trait("Point", "8")]
    public void The_last_error_after_success_is_kept() => Same(
        static p =>
        {
            int exists = p.SetFlag(1);
            return $"{exists} {Marshal.GetLastPInvokeError()}";
        },
        "1 17");

    [Fact, Trait("Point", "9")]
    public void Unions_gaps_and_inner_nuls_keep_every_byte() => Same(
        static p =>
        {
            p.Number(out RealOrBits number);
            p.FillPadded(out Padded padded);
            p.Names(out NameList names);
            string gaps = Convert.ToHexString(MemoryMarshal.AsBytes(new ReadOnlySpan<Padded>(in padded)));
            return $"{number.Bits:x} {gaps} {new string(names.List).Replace('\0', '.')}";
        },
        "7ff8dead00000001 01ABABAB02000000 a.bc....");

    [Fact, Trait("Point", "9")]
    public void Bytes_behind_the_last_field_are_kept() => Same(
        static p =>
        {
            p.FillTailed(out Tailed tailed);
            return Convert.ToHexString(MemoryMarshal.AsBytes(new ReadOnlySpan<Tailed>(in tailed)));
        },
        "01000000CDCDCDCDCDCDCDCD");

    [Fact, Trait("Point", "4")]
    public void A_failing_open_gives_a_handle_and_a_warning_an_item() => Same(
        static p =>
        {
            int bad = p.StoreOpen("bad", out nint store);
            return $"{bad} {store != 0} {p.StoreClose(store)} {p.ItemNext(out int item)} {item}";
        },
        "14 True 0 -20 7",
        "\"out\":{\"store\":{\"$handle\":\"store#1\"}},\"failed\":true,\"ret\":14",
        "\"out\":{\"item\":7},\"failed\":true,\"ret\":-20");

    [Fact, Trait("Point", "16")]
    public void Fields_may_have_the_names_of_the_formats_keys() => Same(
        static p =>
        {
            p.Keys(out KeyNames k);
            return $"{k.Handle}{k.Bytes}{k.Room}{k.Data}{k.Sha256}{k.Pointer}{k.Length}";
        },
        "1234567",
        "{\"handle\":1,\"bytes\":2,\"room\":3,\"data\":4,\"sha256\":5,\"pointer\":6,\"length\":7}");

    [Fact, Trait("Point", "11")]
    public void A_borrowed_handle_is_no_leak()
    {
        CallRecording recording = Roundtrip.Record(static r => Run(new RecordingPoints(new NativePoints(), r)));
        Assert.Empty(RecordingCheck.Run(recording, [PointsApi.Info]));
        Roundtrip.Replay(recording, static r => Run(new ReplayingPoints(r)));

        static void Run(IPoints p)
        {
            nint lent = p.Lend();
            Assert.Equal(lent, p.Lend());
            Assert.Equal(1, p.IsLent(lent));
        }
    }

    [Fact, Trait("Point", "14")]
    public void Functions_and_parameters_have_any_name() =>
        Same(static p => $"{p.Info(1)} {p.Probe(1)} {p.GetX(1, 2)} {p.getX()}", "2 3 3 7");

    private static void Same(Func<IPoints, string> program, string expected, params string[] recorded)
    {
        CallRecording recording = Roundtrip.Record(recorder => Assert.Equal(
            expected,
            program(new RecordingPoints(new NativePoints(), recorder))));
        Assert.All(recorded, text => Assert.Contains(text, Roundtrip.Lines(recording), StringComparison.Ordinal));
        Roundtrip.Replay(recording, replayer => Assert.Equal(expected, program(new ReplayingPoints(replayer))));
    }
}
