namespace AotLayers.Interop.Tests;

/// <summary>
/// Libraries that none of us wrote. The recordings are committed; with AOTLAYERS_RECORD_LIBRARIES set to the folder recordings/libraries
/// the live test makes them again.
/// </summary>
public sealed class LibraryTests
{
    public static TheoryData<string> Names() => [.. LibraryProgram.All.Select(static p => p.Name)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Records_live_and_replays_what_it_recorded(string name)
    {
        LibraryProgram program = Find(name);
        CallRecording recording = Roundtrip.Record(program.Record);
        Roundtrip.Replay(recording, program.Replay);
        Roundtrip.Commit(recording, name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Two_runs_give_the_same_recording(string name)
    {
        // No address, no time, nothing of this run.
        LibraryProgram program = Find(name);
        Assert.Equal(Roundtrip.Lines(Roundtrip.Record(program.Record)), Roundtrip.Lines(Roundtrip.Record(program.Record)));
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Committed_recording_replays_in_a_process_without_the_library(string name)
    {
        LibraryProgram program = Find(name);
        (int status, string output) = program.ReplayInAnotherProcess();
        Assert.True(status == 0, output);
        Assert.Equal($"{name}: replayed without {program.Library}\n", output);
    }

    private static LibraryProgram Find(string name) => LibraryProgram.All.Single(p => p.Name == name);
}
