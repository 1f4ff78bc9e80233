using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>What a replayed call costs in memory: nothing, whatever is asked for.</summary>
public sealed class CostTests
{
    private const int Calls = 200;

    [Theory]
    [InlineData(ReplayOrder.Strict)]
    [InlineData(ReplayOrder.PerHandle)]
    public void A_replayed_call_allocates_nothing(ReplayOrder order)
    {
        CallRecording recording = ToyProgram.Load(ToyProgram.Record(ToyProgram.Sample, static toy =>
        {
            toy.Open("a", out nint stream);
            for (int i = 0; i < Calls; i++)
            {
                toy.Write(stream, BitConverter.GetBytes(i), sizeof(int));
            }

            toy.Close(stream);
        }));
        using Replayer replayer = new(recording, new ReplayOptions { Order = order });
        ReplayingToy toy = new(replayer);
        toy.Open("a", out nint stream);
        byte[] bytes = new byte[sizeof(int)];
        long before = 0;
        for (int i = 0; i < Calls; i++)
        {
            before = i == Calls / 2 ? GC.GetAllocatedBytesForCurrentThread() : before;
            BitConverter.TryWriteBytes(bytes, i);
            toy.Write(stream, bytes, sizeof(int));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        toy.Close(stream);
        replayer.VerifyComplete();
    }

    [Theory]
    [InlineData(10)]
    [InlineData(1000)]
    public void A_stream_read_in_other_sizes_allocates_nothing(int size)
    {
        byte[] content = new byte[100_000];
        new Random(1).NextBytes(content);
        CallRecording recording = ToyProgram.Load(ToyProgram.Record(
            new FakeToy(("content", content)),
            static toy => ReadAll(toy, new byte[100], warm: 0, out _)));

        // A collection that tests beside this one cause may empty the array pool in between; what every run allocates is the cost.
        long least = long.MaxValue;
        for (int run = 0; run < 3; run++)
        {
            using Replayer replayer = new(recording);
            ReadAll(new ReplayingToy(replayer), new byte[size], warm: 10, out long allocated);
            replayer.VerifyComplete();
            least = Math.Min(least, allocated);
        }

        Assert.Equal(0, least);
    }

    private static void ReadAll(IToy toy, byte[] buffer, int warm, out long allocated)
    {
        toy.Open("a", out nint stream);
        toy.Next(stream, out _, out _);
        long before = 0;
        allocated = 0;
        while (toy.Read(stream, buffer, (uint)buffer.Length, out uint read) >= 0 && read > 0)
        {
            long now = GC.GetAllocatedBytesForCurrentThread();
            before = warm-- == 0 ? now : before;
            allocated = now - before;
        }

        toy.Close(stream);
    }
}
