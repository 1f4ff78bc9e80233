using System.Diagnostics;

namespace AotLayers.Interop.Tests;

/// <summary>A program on a library that is not ours: recorded where the library is, replayed where it is not.</summary>
/// <param name="Name">Name of the recording under recordings/libraries.</param>
/// <param name="Library">The library's file name.</param>
/// <param name="Record">Runs the program on the library and records it.</param>
/// <param name="Replay">Runs it on a recording.</param>
internal sealed record LibraryProgram(string Name, string Library, Action<Recorder> Record, Action<Replayer> Replay)
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<LibraryProgram> All { get; } =
    [
        new(
            "zlib",
            "libz.so",
            static r => ZlibProgram.Run(new RecordingZlibStreams(new NativeZlibStreams(), r)),
            static r => ZlibProgram.Run(new ReplayingZlibStreams(r))),
        new(
            "lzma",
            "liblzma.so",
            static r => LzmaProgram.Run(new RecordingLzma(new NativeLzma(), r)),
            static r => LzmaProgram.Run(new ReplayingLzma(r))),
        new(
            "sqlite3",
            "libsqlite3.so",
            static r => SqliteProgram.Run(new RecordingSqlite(new NativeSqlite(), r)),
            static r => SqliteProgram.Run(new ReplayingSqlite(r))),
        new(
            "archive",
            "libarchive.so",
            static r => ArchiveProgram.Run(new RecordingArchive(new NativeArchive(), r)),
            static r => ArchiveProgram.Run(new ReplayingArchive(r))),
        new(
            "sodium",
            "libsodium.so",
            static r =>
            {
                // The first call in a process answers otherwise than all later ones.
                NativeSodium native = new();
                native.Init();
                SodiumProgram.Run(new RecordingSodium(native, r));
            },
            static r => SodiumProgram.Run(new ReplayingSodium(r))),
    ];

    /// <summary>The committed recording.</summary>
    public string Recording => Path.Combine(AppContext.BaseDirectory, "recordings", "libraries", Name + ".json");

    /// <summary>
    /// The part of the test that runs in a process of its own: replays the committed recording and looks whether the process loaded the
    /// library.
    /// </summary>
    /// <returns>Exit status.</returns>
    public int ReplayAlone()
    {
        using (Replayer replayer = new(CallRecording.Load(Recording)))
        {
            Replay(replayer);
            replayer.VerifyComplete();
        }

        string[] loaded = [.. File.ReadAllLines("/proc/self/maps").Where(line => line.Contains(Library, StringComparison.Ordinal))];
        Console.WriteLine(loaded.Length == 0 ? $"{Name}: replayed without {Library}" : $"{Name}: {loaded[0]}");
        return loaded.Length == 0 ? 0 : 1;
    }

    /// <summary>Runs <see cref="ReplayAlone"/> in a process of its own.</summary>
    /// <returns>Exit status and output.</returns>
    public (int Status, string Output) ReplayInAnotherProcess()
    {
        ProcessStartInfo start = new(Environment.ProcessPath!) { RedirectStandardOutput = true, RedirectStandardError = true };
        foreach (string argument in new[] { "exec", typeof(LibraryProgram).Assembly.Location, "replay", Name })
        {
            start.ArgumentList.Add(argument);
        }

        using Process process = Process.Start(start)!;
        Task<string> errors = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output + errors.Result);
    }
}
