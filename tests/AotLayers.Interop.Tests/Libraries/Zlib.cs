using System.Runtime.InteropServices;
using System.Text;

namespace AotLayers.Interop.Tests;

/// <summary>zlib's streams: a struct of the caller's that lives from init to end and points into the caller's buffers.</summary>
[NativeApi("zlib", "libz.so.1", Success = SuccessRule.Zero)]
public static unsafe partial class ZlibStreams
{
    [LibraryImport("libz.so.1", EntryPoint = "deflateInit_", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int DeflateInit(ZStream* stream, int level, string version, int size);

    [LibraryImport("libz.so.1", EntryPoint = "deflate")]
    public static partial int Deflate(ZStream* stream, int flush);

    [LibraryImport("libz.so.1", EntryPoint = "deflateEnd")]
    public static partial int DeflateEnd(ZStream* stream);

    [LibraryImport("libz.so.1", EntryPoint = "inflateInit_", StringMarshalling = StringMarshalling.Utf8)]
    public static partial int InflateInit(ref ZStream stream, string version, int size);

    [LibraryImport("libz.so.1", EntryPoint = "inflate")]
    public static partial int Inflate(ref ZStream stream, int flush);

    [LibraryImport("libz.so.1", EntryPoint = "inflateEnd")]
    public static partial int InflateEnd(ref ZStream stream);

    [LibraryImport("libz.so.1", EntryPoint = "zError")]
    [return: LibraryText]
    public static partial byte* Error(int code);

    [LibraryImport("libz.so.1", EntryPoint = "adler32")]
    [SuccessWhen(SuccessRule.Always)]
    public static partial CULong Adler32(CULong adler, [Buffer(Length = nameof(length))] ReadOnlySpan<byte> data, uint length);
}

/// <summary>Compresses in small pieces, decompresses in others, and meets damage.</summary>
internal static unsafe class ZlibProgram
{
    private const int Finish = 4;
    private const int StreamEnd = 1;
    private const int DataError = -3;
    private const string Version = "1.2.13";

    public static void Run(IZlibStreams zlib)
    {
        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 100).Select(static i => $"line {i % 17} of {i}\n")));

        // The streams end together: a library may give the next one the address of one that has ended, and then they look the same.
        ZStream* streams = stackalloc ZStream[3];
        byte[] packed = Deflate(zlib, &streams[0], text, inputStep: 1000, outputStep: 100);
        Assert.True(packed.Length < text.Length / 4);

        // .NET's own reader judges.
        using System.IO.Compression.ZLibStream judge = new(new MemoryStream(packed), System.IO.Compression.CompressionMode.Decompress);
        using MemoryStream judged = new();
        judge.CopyTo(judged);
        Assert.Equal(text, judged.ToArray());
        Assert.Equal(text, Inflate(zlib, ref streams[1], packed, 20, 512, out int status, out _));
        Assert.Equal(StreamEnd, status);

        packed[60] ^= 0x40;
        Inflate(zlib, ref streams[2], packed, 50, 4096, out status, out string? message);
        Assert.Equal(DataError, status);
        Assert.NotNull(message);
        Assert.Equal("data error", Marshal.PtrToStringUTF8((nint)zlib.Error(DataError)));
        Assert.Equal(0x024D0127u, (ulong)zlib.Adler32(new CULong(1), "abc"u8, 3).Value);
        Assert.Equal(0, zlib.DeflateEnd(&streams[0]));
        Assert.Equal(0, zlib.InflateEnd(ref streams[1]));
        Assert.Equal(0, zlib.InflateEnd(ref streams[2]));
    }

    private static byte[] Deflate(IZlibStreams zlib, ZStream* stream, byte[] data, int inputStep, int outputStep)
    {
        using MemoryStream result = new();
        byte[] room = new byte[outputStep];
        fixed (byte* input = data, output = room)
        {
            Assert.Equal(0, zlib.DeflateInit(stream, 9, Version, sizeof(ZStream)));
            Assert.NotEqual(0, stream->State);
            int given = 0;
            int status;
            do
            {
                if (stream->AvailIn == 0 && given < data.Length)
                {
                    stream->NextIn = input + given;
                    stream->AvailIn = (uint)Math.Min(inputStep, data.Length - given);
                    given += (int)stream->AvailIn;
                }

                stream->NextOut = output;
                stream->AvailOut = (uint)outputStep;
                status = zlib.Deflate(stream, given == data.Length ? Finish : 0);
                result.Write(room, 0, outputStep - (int)stream->AvailOut);
            }
            while (status == 0);
            Assert.Equal(StreamEnd, status);
            Assert.Equal((ulong)data.Length, (ulong)stream->TotalIn.Value);
        }

        return result.ToArray();
    }

    private static byte[] Inflate(
        IZlibStreams zlib,
        ref ZStream stream,
        byte[] data,
        int inputStep,
        int outputStep,
        out int status,
        out string? message)
    {
        using MemoryStream result = new();
        byte[] room = new byte[outputStep];
        fixed (byte* input = data, output = room)
        {
            Assert.Equal(0, zlib.InflateInit(ref stream, Version, sizeof(ZStream)));
            int given = 0;
            do
            {
                if (stream.AvailIn == 0)
                {
                    stream.NextIn = input + given;
                    stream.AvailIn = (uint)Math.Min(inputStep, data.Length - given);
                    given += (int)stream.AvailIn;
                }

                stream.NextOut = output;
                stream.AvailOut = (uint)outputStep;
                status = zlib.Inflate(ref stream, 0);
                result.Write(room, 0, outputStep - (int)stream.AvailOut);
            }
            while (status == 0);
            message = Marshal.PtrToStringUTF8((nint)stream.Msg);
        }

        return result.ToArray();
    }
}
