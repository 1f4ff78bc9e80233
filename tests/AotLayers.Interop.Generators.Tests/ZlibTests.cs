using System.IO.Compression;
using System.Text;

namespace AotLayers.Interop.Generators.Tests;

/// <summary>The toolkit on a library that is not HCS: bound and recorded live, then replayed without it.</summary>
public sealed class ZlibTests : IDisposable
{
    private static readonly byte[] s_text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(
        "all work and no play makes a dull layer. ",
        200)));

    private readonly string _folder = Directory.CreateTempSubdirectory("aotlayers-zlib-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Native_binding_calls_the_library()
    {
        NativeZlib zlib = new();

        // CRC-32 of "123456789", the check value of the algorithm's catalogue entry.
        Assert.Equal((nuint)0xCBF43926, zlib.Crc32(0, "123456789"u8, 9));

        byte[] room = new byte[zlib.CompressBound((nuint)s_text.Length)];
        nuint length = (nuint)room.Length;
        Assert.Equal(0, zlib.Compress2(room, ref length, s_text, (nuint)s_text.Length, 6));

        // .NET's own reader judges the result.
        using ZLibStream reader = new(new MemoryStream(room, 0, (int)length), CompressionMode.Decompress);
        using MemoryStream back = new();
        reader.CopyTo(back);
        Assert.Equal(s_text, back.ToArray());
    }

    [Fact]
    public void Missing_export_is_told_before_the_call()
    {
        NativeZlib zlib = new();
        Assert.Equal(ExportStatus.Present, zlib.Probe("crc32"));
        Assert.Equal(ExportStatus.ExportMissing, zlib.Probe("aotlayers_no_such_export"));
        MissingExportException missing = Assert.Throws<MissingExportException>(() => zlib.NoSuchExport(1));
        Assert.Equal(
            "Failed to find aotlayers_no_such_export procedure in libz.so.1: The specified procedure could not be found.",
            missing.Message);
    }

    [Fact]
    public void A_length_that_is_not_the_spans_is_refused() =>
        Assert.Equal("length", Assert.Throws<ArgumentOutOfRangeException>(() => new NativeZlib().Crc32(0, "12"u8, 9)).ParamName);

    [Fact]
    public void Recorded_run_replays_without_the_library()
    {
        string file = Path.Combine(_folder, "text.gz");
        CallRecording recording = Record(zlib => Assert.Equal(s_text, Program(zlib, file, bufferSize: 1000)));
        File.Delete(file);

        using Replayer replayer = new(recording);
        Assert.Equal(s_text, Program(new ReplayingZlib(replayer), file, bufferSize: 1000));
        replayer.VerifyComplete();
        Assert.False(File.Exists(file));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(777)]
    [InlineData(1_000_000)]
    public void Stream_reads_replay_in_any_size(int bufferSize)
    {
        string file = Path.Combine(_folder, "text.gz");
        CallRecording recording = Record(zlib => Program(zlib, file, bufferSize: 1000));

        using Replayer replayer = new(recording);
        Assert.Equal(s_text, Program(new ReplayingZlib(replayer), file, bufferSize));
        replayer.VerifyComplete();
    }

    [Fact]
    public void Failing_calls_and_their_last_error_replay()
    {
        byte[] damaged = [0x78, 0x9C, 0xFF, 0xFF, 0xFF, 0xFF];
        (nint File, int Error, int Damaged, int NoRoom, nuint Length) Run(IZlib zlib)
        {
            nint file = zlib.GzOpen(Path.Combine(_folder, "none", "x.gz"), "rb");
            int error = System.Runtime.InteropServices.Marshal.GetLastPInvokeError();
            byte[] room = new byte[4];
            nuint length = 4;
            int result = zlib.Uncompress(room, ref length, damaged, (nuint)damaged.Length);
            length = 4;
            return (file, error, result, zlib.Compress2(room, ref length, s_text, (nuint)s_text.Length, 9), length);
        }

        (nint File, int Error, int Damaged, int NoRoom, nuint Length) live = default;
        CallRecording recording = Record(zlib => live = Run(zlib));

        // ENOENT; Z_DATA_ERROR; Z_BUF_ERROR (zlib.h).
        Assert.Equal((0, 2, -3, -5), (live.File, live.Error, live.Damaged, live.NoRoom));
        Assert.All(recording.Calls, static c => Assert.False(c.Succeeded));

        using Replayer replayer = new(recording);
        Assert.Equal((0, 2, -3, -5, 4u), Run(new ReplayingZlib(replayer)));
        replayer.VerifyComplete();
    }

    [Fact]
    public void Absent_export_replays()
    {
        CallRecording recording = Record(static zlib => Assert.Throws<MissingExportException>(() => zlib.NoSuchExport(1)));
        Assert.Empty(recording.Calls);

        using Replayer replayer = new(recording);
        ReplayingZlib replay = new(replayer);
        Assert.Equal(ExportStatus.ExportMissing, replay.Probe("aotlayers_no_such_export"));
        Assert.Throws<MissingExportException>(() => replay.NoSuchExport(1));
    }

    [Fact]
    public void Another_argument_is_a_mismatch()
    {
        CallRecording recording = Record(static zlib => zlib.Crc32(0, "123456789"u8, 9));
        using Replayer replayer = new(recording);

        ReplayMismatchException mismatch = Assert.Throws<ReplayMismatchException>(() => new ReplayingZlib(replayer).Crc32(
            0,
            "123456780"u8,
            9));
        Assert.Equal(ReplayMismatchKind.ArgumentMismatch, mismatch.Kind);
        Assert.StartsWith("in.buffer", mismatch.Mismatch.Argument, StringComparison.Ordinal);
    }

    [Fact]
    public void Recorder_does_not_disturb_the_last_error()
    {
        using MemoryStream stream = new();
        using var recorder = Recorder.Create(stream, new RecorderOptions());
        RecordingZlib zlib = new(new NativeZlib(), recorder);
        System.Runtime.InteropServices.Marshal.SetLastPInvokeError(1234);
        zlib.Crc32(0, "1"u8, 1);
        Assert.Equal(1234, System.Runtime.InteropServices.Marshal.GetLastPInvokeError());
    }

    [Fact]
    public void Faults_fail_shorten_and_cut()
    {
        string file = Path.Combine(_folder, "text.gz");
        CallRecording recording = Record(zlib => Program(zlib, file, bufferSize: 1000));

        using Replayer shortReads = new(recording);
        Assert.Equal(
            s_text,
            Program(new FaultingZlib(new ReplayingZlib(shortReads), new FaultPlan().ShortReads(7)), file, bufferSize: 1000));

        ReplayOptions skipping = new() { Order = ReplayOrder.Skipping };
        using Replayer cut = new(recording, skipping);
        Assert.Equal(
            s_text[..1500],
            Program(new FaultingZlib(new ReplayingZlib(cut), new FaultPlan().CutStream(1500)), file, bufferSize: 1000));
        cut.VerifyComplete();

        using Replayer fail = new(recording, skipping);
        FaultingZlib failing = new(new ReplayingZlib(fail), new FaultPlan().Fail("GzOpen", 1, 13).Absent("crc32"));
        Assert.Equal(0, failing.GzOpen(file, "wb"));
        Assert.Equal(13, System.Runtime.InteropServices.Marshal.GetLastPInvokeError());
        Assert.Equal(ExportStatus.ExportMissing, failing.Probe("crc32"));
        Assert.Throws<MissingExportException>(() => failing.Crc32(0, "1"u8, 1));
    }

    [Fact]
    public void Every_call_of_a_recording_can_be_failed_and_a_careful_program_leaks_nothing()
    {
        string file = Path.Combine(_folder, "text.gz");
        CallRecording recording = Record(zlib => CarefulProgram(zlib, file));
        Assert.True(recording.Calls.Count > 10);
        for (int k = 1; k <= recording.Calls.Count; k++)
        {
            using Replayer replayer = new(recording, new ReplayOptions { Order = ReplayOrder.Skipping });
            Assert.False(CarefulProgram(new FaultingZlib(new ReplayingZlib(replayer), new FaultPlan().FailCall(k, -1)), file));
            replayer.VerifyComplete();
        }
    }

    /// <summary>Stops at the first failure, and closes what it opened.</summary>
    private static bool CarefulProgram(IZlib zlib, string path)
    {
        nint file = zlib.GzOpen(path, "wb");
        if (file == 0)
        {
            return false;
        }

        bool done = zlib.GzWrite(file, s_text, (uint)s_text.Length) != 0;
        done &= zlib.GzClose(file) == 0;
        if (!done || (file = zlib.GzOpen(path, "rb")) == 0)
        {
            return false;
        }

        byte[] buffer = new byte[1000];
        int read;
        while ((read = zlib.GzRead(file, buffer, 1000)) > 0)
        {
        }

        return zlib.GzClose(file) == 0 && read == 0;
    }

    /// <summary>A program that writes and reads a gzip file, and checks what it read.</summary>
    private static byte[] Program(IZlib zlib, string path, int bufferSize)
    {
        nint file = zlib.GzOpen(path, "wb9");
        Assert.NotEqual(0, file);
        Assert.Equal(s_text.Length, zlib.GzWrite(file, s_text, (uint)s_text.Length));
        Assert.Equal(0, zlib.GzClose(file));

        file = zlib.GzOpen(path, "rb");
        using MemoryStream all = new();
        byte[] buffer = new byte[bufferSize];
        int read;
        while ((read = zlib.GzRead(file, buffer, (uint)buffer.Length)) > 0)
        {
            all.Write(buffer, 0, read);
        }

        Assert.Equal(0, read);
        Assert.Equal(0, zlib.GzClose(file));
        return all.ToArray();
    }

    private CallRecording Record(Action<IZlib> run)
    {
        string path = Path.Combine(_folder, "run.json");
        using (var recorder = Recorder.Create(path, new RecorderOptions()))
        {
            run(new RecordingZlib(new NativeZlib(), recorder));
            recorder.Complete();
            Assert.Null(recorder.Failure);
        }

        var recording = CallRecording.Load(path);
        Assert.True(recording.Complete);
        return recording;
    }
}
