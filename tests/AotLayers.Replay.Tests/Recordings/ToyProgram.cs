using System.Runtime.InteropServices;
using System.Text;
using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>Programs that use the toy, and recordings of them.</summary>
internal static class ToyProgram
{
    public static readonly RecordingOrigin Origin = new(RecordingOrigin.Simulated, "linux 6.1", "x64", "aotlayers 0.1.0");

    public static readonly RecorderOptions Options = new() { Origin = Origin };

    public static FakeToy Sample =>
        new(("a.txt", "hello"u8.ToArray()), ("empty", []), ("big", [.. Enumerable.Range(0, 100).Select(i => (byte)i)]));

    /// <summary>Reads everything, and tells what it saw.</summary>
    public static string ReadAll(IToy toy, int chunk = 16, string path = "C:\\a", bool readEnd = true)
    {
        StringBuilder seen = new();
        int result = toy.Open(path, out nint stream);
        if (result < 0)
        {
            return $"open failed {result:x8}";
        }

        byte[] buffer = new byte[chunk];
        while ((result = toy.Next(stream, out string? name, out ToyInfo info)) >= 0)
        {
            seen.Append(name).Append(' ').Append(info.Id).Append(' ').Append(info.Time).Append(' ').Append(info.Size).Append(':');
            ulong left = info.Size;
            while ((readEnd || left > 0) && (result = toy.Read(stream, buffer, (uint)buffer.Length, out uint read)) >= 0 && read > 0)
            {
                seen.Append(Convert.ToHexString(buffer, 0, (int)read));
                left -= read;
            }

            seen.Append(result < 0 ? $" failed {result:x8}\n" : "\n");
        }

        return seen.Append(result.ToString("x8", System.Globalization.CultureInfo.InvariantCulture))
            .Append(' ')
            .Append(toy.Close(stream))
            .ToString();
    }

    /// <summary>Calls everything that has something special to record.</summary>
    public static void CallEverything(IToy toy)
    {
        ReadAll(toy, 64);
        ReadAll(toy, 64, "denied");
        toy.Open("lone \uD800 surrogate, \"quotes\" and \U0001F600", out nint stream);
        toy.Write(stream, "hello"u8, 5);
        toy.Write(stream, [], 0);
        toy.Write(stream, "hello"u8, 5);
        toy.Write(stream, [0, 1, 2, 255], 4);
        toy.Close(stream);
        toy.SetFlag(-(1L << 53), 1UL << 53, 1);
        toy.SetFlag(long.MinValue, ulong.MaxValue, -1);
        toy.Extra(null);
        toy.Extra("");
    }

    public static byte[] Record(IToy toy, Action<IToy> program, RecorderOptions? options = null)
    {
        using MemoryStream file = new();
        using (var recorder = Recorder.Create(file, options ?? Options))
        {
            program(new RecordingToy(toy, recorder));
            recorder.Complete();
            Assert.Null(recorder.Failure);
        }

        byte[] bytes = file.ToArray();
        RecordingSchema.Check(bytes);
        return bytes;
    }

    public static string RecordText(IToy toy, Action<IToy> program, RecorderOptions? options = null) =>
        Encoding.UTF8.GetString(Record(toy, program, options));

    public static CallRecording Load(byte[] file, RecordingLimits? limits = null) =>
        CallRecording.Load(new MemoryStream(file), "test.json", limits);

    public static CallRecording Load(string file) => Load(Encoding.UTF8.GetBytes(file));

    public static Replayer Replay(byte[] file, ReplayOptions? options = null) => new(Load(file), options);

    public static int LastError() => Marshal.GetLastPInvokeError();
}
