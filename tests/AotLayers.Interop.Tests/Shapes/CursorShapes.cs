using System.Runtime.InteropServices;
using System.Text;

namespace AotLayers.Interop.Tests;

/// <summary>Entry points of zlib's streams.</summary>
[NativeExports(typeof(ZlibStreams))]
public static partial class CursorExports
{
    /// <summary>What answers.</summary>
    internal static IZlibStreams Served { get; set; } = new NativeZlibStreams();

    internal static Exception? Thrown { get; private set; }

    private static IZlibStreams GetApi() => Served;

    static partial void OnException(string export, Exception exception) => Thrown = exception;
}

/// <summary>A struct with cursors into the caller's memory (<c>z_stream</c>): faulted, and served through entry points.</summary>
public sealed unsafe class CursorShapes
{
    private const string Version = "1.2.13";

    private static readonly byte[] s_text = Encoding.ASCII.GetBytes(new string('a', 300) + "end");

    [Fact]
    public void Faulted_call_moves_no_cursor()
    {
        var plan = FaultPlan.Parse("""{"fail":[{"fn":"Deflate","call":1,"code":"-5"}]}""");
        FaultingZlibStreams zlib = new(new NativeZlibStreams(), plan);
        ZStream stream = default;
        byte[] room = new byte[64];
        fixed (byte* input = s_text, output = room)
        {
            Assert.Equal(0, zlib.DeflateInit(&stream, 9, Version, sizeof(ZStream)));
            stream.NextIn = input;
            stream.AvailIn = (uint)s_text.Length;
            stream.NextOut = output;
            stream.AvailOut = 64;
            Assert.Equal(-5, zlib.Deflate(&stream, 4));
            Assert.True(stream.NextIn == input && stream.NextOut == output);
            Assert.Equal((303u, 64u, 0), (stream.AvailIn, stream.AvailOut, room[0]));
            Assert.Equal(1, zlib.Deflate(&stream, 4));
            Assert.True(stream.NextIn == input + 303 && stream.AvailIn == 0 && stream.AvailOut < 64);
            Assert.Equal(0, zlib.DeflateEnd(&stream));
        }

        plan.VerifyComplete();
    }

    [Fact]
    public void Exports_serve_cursors_from_the_library_and_from_a_recording()
    {
        byte[] live = Compress(new NativeZlibStreams());
        CallRecording recording = Roundtrip.Record(r => Assert.Equal(live, Compress(new RecordingZlibStreams(new NativeZlibStreams(), r))));
        Roundtrip.Replay(recording, r => Assert.Equal(live, Compress(new ReplayingZlibStreams(r))));
        using System.IO.Compression.ZLibStream judge = new(new MemoryStream(live), System.IO.Compression.CompressionMode.Decompress);
        using MemoryStream judged = new();
        judge.CopyTo(judged);
        Assert.Equal(s_text, judged.ToArray());
        Assert.Null(CursorExports.Thrown);
    }

    /// <summary>As a C program does it: through the entry points, in pieces of five bytes.</summary>
    private static byte[] Compress(IZlibStreams served)
    {
        CursorExports.Served = served;
        var start = (delegate* unmanaged<ZStream*, int, byte*, int, int>)CursorExports.GetEntryPoint("deflateInit_");
        var deflate = (delegate* unmanaged<ZStream*, int, int>)CursorExports.GetEntryPoint("deflate");
        var end = (delegate* unmanaged<ZStream*, int>)CursorExports.GetEntryPoint("deflateEnd");
        List<byte> result = [];
        ZStream stream = default;
        byte* room = stackalloc byte[5];
        fixed (byte* input = s_text, version = Encoding.ASCII.GetBytes(Version + "\0"))
        {
            Assert.Equal(0, start(&stream, 9, version, sizeof(ZStream)));
            stream.NextIn = input;
            stream.AvailIn = (uint)s_text.Length;
            int status;
            do
            {
                stream.NextOut = room;
                stream.AvailOut = 5;
                status = deflate(&stream, 4);
                Assert.True(stream.NextOut == room + 5 - stream.AvailOut);
                result.AddRange(new ReadOnlySpan<byte>(room, 5 - (int)stream.AvailOut));
            }
            while (status == 0);
            Assert.Equal(1, status);
            Assert.Equal(0, end(&stream));
        }

        return [.. result];
    }
}
