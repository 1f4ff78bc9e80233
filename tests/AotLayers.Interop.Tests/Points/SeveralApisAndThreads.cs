using System.Collections.Concurrent;

namespace AotLayers.Interop.Tests.Points;

/// <summary>APIs that share handles, threads that race, names that are taken, libraries that are somewhere else.</summary>
public sealed class SeveralApisAndThreads
{
    static SeveralApisAndThreads()
    {
        NativePoints.UseLibrary(PointsLibrary.Path);
        NativeMemory.UseLibrary(MemoryLibrary.Path);
    }

    [Fact, Trait("Point", "11")]
    public void A_handle_is_ended_through_another_api()
    {
        CallRecording recording = Roundtrip.Record(static r => Run(
            new RecordingPoints(new NativePoints(), r),
            new RecordingClosing(new NativeClosing(), r)));
        Assert.Contains(
            "\"api\":\"closing\",\"fn\":\"CloseAny\",\"in\":{\"fd\":{\"$handle\":\"fd#1\"}",
            Roundtrip.Lines(recording),
            StringComparison.Ordinal);
        Assert.Empty(RecordingCheck.Run(recording, [PointsApi.Info, ClosingApi.Info]));
        Roundtrip.Replay(recording, static r => Run(new ReplayingPoints(r), new ReplayingClosing(r)));

        static void Run(IPoints points, IClosing closing)
        {
            int file = points.FileOpen("x");
            Assert.Equal(16, closing.CloseAny(file, 1));
            Assert.Equal(1, points.FileSame(file, file));
            Assert.Equal(0, closing.CloseAny(file, 0));
        }
    }

    [Fact, Trait("Point", "12")]
    public void Eight_threads_are_replayed_per_handle()
    {
        CallRecording recording = Roundtrip.Record(static r => Threads(new RecordingMemory(new NativeMemory(), r)));
        Assert.Equal(8 * 25 * 4, recording.Calls.Count);
        Roundtrip.Replay(
            recording,
            static r => Threads(new ReplayingMemory(r)),
            new ReplayOptions { Order = ReplayOrder.PerHandle });

        static void Threads(IMemory memory)
        {
            ConcurrentQueue<Exception> failed = new();
            Thread[] threads = [.. Enumerable.Range(0, 8).Select(number => new Thread(() =>
            {
                try
                {
                    for (int i = 0; i < 25; i++)
                    {
                        nint store = memory.Open("x");
                        byte[] buffer = new byte[8];
                        Assert.Equal(5, memory.Read(store, buffer, 8));
                        Assert.Equal(5, memory.Read(store, buffer, 8));
                        memory.Close(store);
                    }
                }
                catch (Exception e)
                {
                    failed.Enqueue(e);
                }
            }))];
            Array.ForEach(threads, static t => t.Start());
            Array.ForEach(threads, static t => t.Join());
            Assert.Empty(failed);
        }
    }

    [Fact, Trait("Point", "13")]
    public void A_library_beside_the_program_is_found_by_its_bare_name()
    {
        // As a plain [LibraryImport] finds it: no path is chosen, no variable set.
        string beside = Path.Combine(AppContext.BaseDirectory, "lib" + Beside.Library + ".so");
        File.Copy(PointsLibrary.Path, beside, overwrite: true);
        NativeBeside native = new();
        Assert.Equal(ExportStatus.Present, native.Probe("file_same"));
        Assert.Equal(1, native.Same(3, 3));
    }

    [Fact, Trait("Point", "14")]
    public void Two_apis_of_one_name_are_not_recorded_together()
    {
        using MemoryStream stream = new();
        using var recorder = Recorder.Create(stream, new RecorderOptions());
        recorder.Register(new NativePoints());
        recorder.Register(new NativePoints());
        InvalidOperationException e = Assert.Throws<InvalidOperationException>(() => recorder.Register(new Namesake()));
        Assert.Contains("'points'", e.Message, StringComparison.Ordinal);
        Assert.Contains("other.so", e.Message, StringComparison.Ordinal);
    }

    /// <summary>Another API that took the name.</summary>
    private sealed class Namesake : INativeApi
    {
        public NativeApiInfo Info { get; } = new("points", "other.so", [new NativeFunctionInfo("Open", "open", "0123456789abcdef")]);

        public ExportStatus Probe(string export) => ExportStatus.Present;
    }
}
