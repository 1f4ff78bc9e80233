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

/// <summary><c>struct timespec</c>.</summary>
internal struct Moment
{
    public long Seconds;
    public long Nanoseconds;
}

/// <summary><c>struct stat</c> of x86-64.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct FileStatus
{
    public ulong Device;
    public ulong Id;
    public ulong Links;
    public uint Mode;
    public uint User;
    public uint Group;
    public int Unused;
    public ulong SpecialDevice;
    public long Size;
    public long BlockSize;
    public long Blocks;
    public Moment Accessed;
    public Moment Modified;
    public Moment Changed;
    public fixed long Reserved[3];
}

/// <summary>File calls of the C library, with errno.</summary>
[NativeApi("posix", "libc", Success = SuccessRule.NonNegative)]
internal static partial class Posix
{
    [LibraryImport("libc", EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [return: Handle("fd", HandleUse.Produced)]
    internal static partial int Open(string path, int flags, int mode);

    [LibraryImport("libc", EntryPoint = "mkstemp", SetLastError = true)]
    [return: Handle("fd", HandleUse.Produced)]
    internal static partial int MakeTemporary(
        [Buffer(Terminator = BufferTerminator.Ends), Direction(Direction.InOut)] Span<byte> template);

    [LibraryImport("libc", EntryPoint = "fstat", SetLastError = true)]
    internal static partial int Status([Handle("fd", HandleUse.Used)] int file, out FileStatus status);

    [LibraryImport("libc", EntryPoint = "lseek", SetLastError = true)]
    internal static partial long Seek([Handle("fd", HandleUse.Used)] int file, long offset, int from);

    [LibraryImport("libc", EntryPoint = "ftruncate", SetLastError = true)]
    internal static partial int Truncate([Handle("fd", HandleUse.Used)] int file, long size);

    [LibraryImport("libc", EntryPoint = "symlink", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int MakeLink(string target, string path);

    [LibraryImport("libc", EntryPoint = "unlink", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    internal static partial int Remove(string path);

    [LibraryImport("libc", EntryPoint = "clock_gettime", SetLastError = true)]
    internal static partial int GetTime(int clock, out Moment time);

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

/// <summary>
/// Files, links, a pipe, times and errors. Names, identities and times differ from run to run: rules keep them out of the recording, so
/// that it is the same each time. What is shown of the library's absence: the replays are given a folder that does not exist.
/// </summary>
public sealed class PosixFiles
{
    private const string Nowhere = "/no/such/folder";

    private static readonly CallRules s_rules = new CallRules()
        .Redact("MakeTemporary", "template", "/tmp/aotlayers", restored: "/tmp/restored")
        .Redact(null, "path", "PATH")
        .Redact("Status", "status.device", 0)
        .Redact("Status", "status.id", 0)
        .Redact("Status", "status.user", 0)
        .Redact("Status", "status.group", 0)
        .Redact("Status", "status.blockSize", 0)
        .Redact("Status", "status.blocks", 0)
        .Redact("Status", "status.accessed.seconds", 0)
        .Redact("Status", "status.accessed.nanoseconds", 0)
        .Redact("Status", "status.modified.seconds", 0)
        .Redact("Status", "status.modified.nanoseconds", 0)
        .Redact("Status", "status.changed.seconds", 0)
        .Redact("Status", "status.changed.nanoseconds", 0)
        .Redact("GetTime", "time.seconds", 1)
        .Redact("GetTime", "time.nanoseconds", 0);

    [Fact]
    public void Live_and_from_the_recording()
    {
        CallRecording recording = Record();
        Replay(recording);
        Roundtrip.Commit(recording, "posix");
    }

    [Fact]
    public void Committed_recording_is_what_two_runs_record_and_answers_without_the_files()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "recordings", "libraries", "posix.json");
        var committed = CallRecording.Load(path);
        Assert.Equal(Roundtrip.Lines(committed), Roundtrip.Lines(Record()));
        Assert.Equal(Roundtrip.Lines(committed), Roundtrip.Lines(Record()));
        Replay(committed);
        Assert.False(Directory.Exists(Nowhere));
        Assert.False(File.Exists("/tmp/restored"));
    }

    private static CallRecording Record()
    {
        string folder = Directory.CreateTempSubdirectory("aotlayers-posix-").FullName;
        try
        {
            return Roundtrip.Record(r => Run(new RecordingPosix(new NativePosix(), r), folder), s_rules);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static void Replay(CallRecording recording) =>
        Roundtrip.Replay(recording, static r => Run(new ReplayingPosix(r), Nowhere), new ReplayOptions { Rules = s_rules });

    private static void Run(IPosix posix, string folder)
    {
        Assert.Equal(-1, posix.Open(folder + "/none", 0, 0));
        Assert.Equal(2, Marshal.GetLastPInvokeError());
        Pipe(posix);

        byte[] template = Encoding.UTF8.GetBytes(folder + "/XXXXXX\0");
        int file = posix.MakeTemporary(template);
        string path = Encoding.UTF8.GetString(template.AsSpan(0, template.AsSpan().IndexOf((byte)0)));
        Assert.Equal(11, posix.Write(file, "first\nlast\n"u8, 11));
        Assert.Equal(0, posix.Truncate(file, 9));
        Assert.Equal(0, posix.Status(file, out FileStatus status));
        Assert.Equal((9L, 1UL, Convert.ToUInt32("100600", 8)), (status.Size, status.Links, status.Mode));
        Assert.Equal(6, posix.Seek(file, -3, 2));
        byte[] buffer = new byte[8];
        Assert.Equal(3, posix.Read(file, buffer, 8));
        Assert.Equal("las", Encoding.ASCII.GetString(buffer, 0, 3));
        Assert.Equal(0, posix.Read(file, buffer, 8));
        Assert.Equal(-1, posix.Seek(file, -1, 0));
        Assert.Equal(22, Marshal.GetLastPInvokeError());
        Assert.Equal(0, posix.Close(file));

        // Room for all but the last byte: readlink cuts the text and puts no NUL behind it.
        Assert.Equal(0, posix.MakeLink("a target", path + ".link"));
        byte[] target = new byte[7];
        Assert.Equal(7, posix.ReadLink(path + ".link", target, 7));
        Assert.Equal("a targe", Encoding.ASCII.GetString(target));
        Assert.Equal(-1, posix.ReadLink(path, buffer, 8));
        Assert.Equal(22, Marshal.GetLastPInvokeError());
        Assert.Equal(-1, posix.MakeLink("a target", path));
        Assert.Equal(17, Marshal.GetLastPInvokeError());
        Assert.Equal(0, posix.Remove(path + ".link"));
        Assert.Equal(0, posix.Remove(path));
        Assert.Equal(0, posix.GetTime(0, out Moment time));
        Assert.True(time.Seconds > 0);
    }

    private static void Pipe(IPosix posix)
    {
        int[] ends = new int[2];
        Assert.Equal(0, posix.Pipe(ends));
        Assert.Equal(5, posix.Write(ends[1], "hello"u8, 5));
        PollFile[] files = [new() { File = ends[0], Events = 1 }];
        Assert.Equal(1, posix.Poll(files, 1, 1000));
        Assert.Equal((ends[0], 1), (files[0].File, files[0].Results));
        byte[] buffer = new byte[8];
        Assert.Equal(5, posix.Read(ends[0], buffer, 8));
        Assert.Equal("hello", Encoding.ASCII.GetString(buffer, 0, 5));
        Assert.Equal(0, posix.Close(ends[0]));
        Assert.Equal(0, posix.Close(ends[1]));
    }
}
