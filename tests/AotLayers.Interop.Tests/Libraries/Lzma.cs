using System.Runtime.InteropServices;
using System.Text;

namespace AotLayers.Interop.Tests;

/// <summary><c>lzma_stream</c> of lzma/base.h.</summary>
[StructLayout(LayoutKind.Sequential)]
public unsafe struct LzmaStream
{
    [InputCursor(nameof(AvailIn))]
    public byte* NextIn;
    public nuint AvailIn;
    public ulong TotalIn;
    [OutputCursor(nameof(AvailOut))]
    public byte* NextOut;
    public nuint AvailOut;
    public ulong TotalOut;
    [Opaque]
    public void* Allocator;
    [Opaque]
    public void* Internal;
    [Opaque]
    public void* ReservedPtr1;
    [Opaque]
    public void* ReservedPtr2;
    [Opaque]
    public void* ReservedPtr3;
    [Opaque]
    public void* ReservedPtr4;
    public ulong SeekPos;
    public ulong ReservedInt2;
    public nuint ReservedInt3;
    public nuint ReservedInt4;
    public int ReservedEnum1;
    public int ReservedEnum2;
}

[NativeApi("lzma", "liblzma.so.5", Success = SuccessRule.Zero)]
public static unsafe partial class Lzma
{
    [LibraryImport("liblzma.so.5", EntryPoint = "lzma_easy_encoder")]
    public static partial int EasyEncoder(LzmaStream* stream, uint preset, int check);

    [LibraryImport("liblzma.so.5", EntryPoint = "lzma_stream_decoder")]
    public static partial int StreamDecoder(LzmaStream* stream, ulong memoryLimit, uint flags);

    [LibraryImport("liblzma.so.5", EntryPoint = "lzma_code")]
    public static partial int Code(LzmaStream* stream, int action);

    [LibraryImport("liblzma.so.5", EntryPoint = "lzma_end")]
    public static partial void End(LzmaStream* stream);

    [LibraryImport("liblzma.so.5", EntryPoint = "lzma_crc64")]
    [SuccessWhen(SuccessRule.Always)]
    public static partial ulong Crc64([Buffer(Length = nameof(size))] ReadOnlySpan<byte> data, nuint size, ulong crc);

    [LibraryImport("liblzma.so.5", EntryPoint = "lzma_check_is_supported")]
    [SuccessWhen(SuccessRule.Always)]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool CheckIsSupported(int check);
}

/// <summary>Compresses to .xz, decompresses it, and meets the memory limit and damage.</summary>
internal static unsafe class LzmaProgram
{
    private const int Ok = 0;
    private const int StreamEnd = 1;
    private const int MemoryLimit = 6;
    private const int DataError = 9;
    private const int CheckCrc64 = 4;

    public static void Run(ILzma lzma)
    {
        Assert.True(lzma.CheckIsSupported(CheckCrc64));
        Assert.False(lzma.CheckIsSupported(14));

        // The check value of CRC-64/XZ.
        Assert.Equal(0x995DC9BBDF1939FAUL, lzma.Crc64("123456789"u8, 9, 0));

        byte[] text = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Range(0, 120).Select(static i => $"{i} bottles, {i * i} boxes\n")));

        // The streams end together: a library may give the next one the address of one that has ended, and then they look the same.
        LzmaStream* streams = stackalloc LzmaStream[4];
        LzmaStream* stream = streams;
        Assert.Equal(Ok, lzma.EasyEncoder(stream, 0, CheckCrc64));
        byte[] packed = Code(lzma, stream, text, 3000, 128, out int status);
        Assert.Equal(StreamEnd, status);
        Assert.Equal((ulong)text.Length, stream->TotalIn);
        Assert.Equal(0xFD, packed[0]);

        stream++;
        Assert.Equal(Ok, lzma.StreamDecoder(stream, ulong.MaxValue, 0));
        Assert.Equal(text, Code(lzma, stream, packed, 50, 4000, out status));
        Assert.Equal(StreamEnd, status);

        stream++;
        Assert.Equal(Ok, lzma.StreamDecoder(stream, 1, 0));
        Code(lzma, stream, packed, packed.Length, 4000, out status);
        Assert.Equal(MemoryLimit, status);

        packed[packed.Length / 2] ^= 1;
        stream++;
        Assert.Equal(Ok, lzma.StreamDecoder(stream, ulong.MaxValue, 0));
        Code(lzma, stream, packed, packed.Length, 4000, out status);
        Assert.Equal(DataError, status);

        for (int i = 0; i < 4; i++)
        {
            lzma.End(&streams[i]);
        }
    }

    private static byte[] Code(ILzma lzma, LzmaStream* stream, byte[] data, int inputStep, int outputStep, out int status)
    {
        using MemoryStream result = new();
        byte[] room = new byte[outputStep];
        int given = 0;
        fixed (byte* input = data, output = room)
        {
            do
            {
                if (stream->AvailIn == 0 && given < data.Length)
                {
                    stream->NextIn = input + given;
                    stream->AvailIn = (nuint)Math.Min(inputStep, data.Length - given);
                    given += (int)stream->AvailIn;
                }

                stream->NextOut = output;
                stream->AvailOut = (nuint)outputStep;
                status = lzma.Code(stream, given == data.Length ? 3 : 0);
                result.Write(room, 0, outputStep - (int)stream->AvailOut);
            }
            while (status == Ok);
        }

        return result.ToArray();
    }
}
