using System.Runtime.InteropServices;
using System.Text;

namespace AotLayers.Interop.Tests;

/// <summary><c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct PollFile
{
    [Handle("fd", HandleUse.Used)]
    public int File;
    public short Events;
    public short Results;
}

/// <summary>File calls of the C library, with errno.</summary>
[NativeApi("posix", "libc", Success = SuccessRule.NonNegative)]
internal static partial class Posix
{
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [return: Handle("fd", HandleUse.Produced)]
    internal static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "pipe", SetLastError = true)]
    internal static partial int Pipe([Buffer(Count = 2)][Handle("fd", HandleUse.Produced)] Span<int> ends);

    [LibraryImport("libc", EntryPoint = "write", SetLastError = true)]
    internal static partial nint Write(
        [Handle("fd", HandleUse.Used)] int file,
        [Buffer(Length = nameof(count))] ReadOnlySpan<byte> data,
        nuint count);

    [LibraryImport("libc", EntryPoint = "poll", SetLastError = true)]
    internal static partial int Poll(
        [Buffer(Length = nameof(count))][Direction(Direction.InOut)] Span<PollFile> files,
        nuint count,
        int timeout);

    [StreamRead(nameof(file), nameof(buffer))]
    [LibraryImport("libc", EntryPoint = "read", SetLastError = true)]
    internal static partial nint Read(
        [Handle("fd", HandleUse.Used)] int file,
        [Buffer(Length = nameof(count), WrittenByReturnValue = true)] Span<byte> buffer,
        nuint count);

    [LibraryImport("libc", EntryPoint = "readlink", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial nint ReadLink(
        string path,
        [Buffer(Length = nameof(size), WrittenByReturnValue = true)] Span<byte> buffer,
        nuint size);

    [LibraryImport("libc", EntryPoint = "close", SetLastError = true)]
    internal static partial int Close([Handle("fd", HandleUse.Consumed)] int file);
}

/// <summary>A pipe, a file that is not there, and what is no link.</summary>
public sealed class PosixFiles
{
    [Fact]
    public void Live_and_from_the_recording()
    {
        CallRecording recording = Roundtrip.Record(static r => Run(new RecordingPosix(new NativePosix(), r)));
        Roundtrip.Replay(recording, static r => Run(new ReplayingPosix(r)));
    }

    private static void Run(IPosix posix)
    {
        Assert.Equal(-1, posix.Open("/no/such/file", 0, 0));
        Assert.Equal(2, Marshal.GetLastPInvokeError());
        int[] ends = new int[2];
        Assert.Equal(0, posix.Pipe(ends));
        Assert.Equal(5, posix.Write(ends[1], Encoding.ASCII.GetBytes("hello"), 5));
        PollFile[] files = [new() { File = ends[0], Events = 1 }];
        Assert.Equal(1, posix.Poll(files, 1, 1000));
        Assert.Equal((ends[0], 1), (files[0].File, files[0].Results));
        byte[] buffer = new byte[8];
        Assert.Equal(5, posix.Read(ends[0], buffer, 8));
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, 5));
        Assert.Equal(-1, posix.ReadLink("/", buffer, 8));
        Assert.Equal(22, Marshal.GetLastPInvokeError());
        Assert.Equal(0, posix.Close(ends[0]));
        Assert.Equal(0, posix.Close(ends[1]));
    }
}
