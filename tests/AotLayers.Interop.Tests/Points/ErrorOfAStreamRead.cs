namespace AotLayers.Interop.Tests;

/// <summary>
/// A read that returns a signed count and a negative error: the error was taken for a count beyond the buffer, recorded as no bytes, and
/// replayed as the end of the stream.
/// </summary>
public sealed class ErrorOfAStreamRead
{
    static ErrorOfAStreamRead() => NativeMemory.UseLibrary(MemoryLibrary.Path);

    [Theory, Trait("Point", "2")]
    [InlineData(5)]
    [InlineData(3)]
    public void An_error_stays_an_error(int size)
    {
        CallRecording recording = Roundtrip.Record(recorder => Assert.Equal(
            -30,
            Program(new RecordingMemory(new NativeMemory(), recorder), 5)));
        Roundtrip.Replay(recording, replayer => Assert.Equal(-30, Program(new ReplayingMemory(replayer), size)));
    }

    private static nint Program(IMemory memory, int size)
    {
        nint store = memory.Open("x");
        byte[] buffer = new byte[size];
        nint read;
        int total = 0;
        while ((read = memory.Read(store, buffer, (nuint)size)) > 0)
        {
            total += (int)read;
        }

        Assert.Equal(15, total);
        memory.Close(store);
        return read;
    }
}
