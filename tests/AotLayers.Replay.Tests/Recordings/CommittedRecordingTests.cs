using System.Security.Cryptography;
using AotLayers.Interop;
using AotLayers.Replay.Tests.Simulator;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>
/// The committed recordings: made by the simulator, as they say, and the same in every byte whenever they are made again. With
/// <c>AOTLAYERS_REMAKE_RECORDINGS=1</c> in the environment they are written instead of compared (after a change of a declaration or of a
/// reader).
/// </summary>
public class CommittedRecordingTests
{
    private const int MaxBytes = 300_000;

    public static TheoryData<string> Names => [.. RecordingScenario.All.Select(scenario => scenario.Name)];

    [Theory, MemberData(nameof(Names))]
    public void Remade_recording_is_the_same(string name)
    {
        var scenario = RecordingScenario.Get(name);
        SimulatedMachine machine = scenario.Machine();
        byte[] made = RecordingLab.Record(machine.Hcs, hcs => scenario.Run(hcs, Stream.Null));
        Assert.Equal(0, machine.Kernel32.OpenHandles);
        Assert.Equal(0, machine.Vmcompute.OpenContexts);
        if (Environment.GetEnvironmentVariable("AOTLAYERS_REMAKE_RECORDINGS") == "1")
        {
            File.WriteAllBytes(scenario.Path, made);
        }

        Assert.Equal(File.ReadAllText(scenario.Path), System.Text.Encoding.UTF8.GetString(made));
        Assert.InRange(made.Length, 1, MaxBytes);
        RecordingSchema.Check(made);
    }

    [Theory, MemberData(nameof(Names))]
    public void Recording_of_a_replay_is_the_recording(string name)
    {
        var scenario = RecordingScenario.Get(name);
        byte[]? again = null;
        RecordingLab.Replay(scenario.Path, hcs => again = RecordingLab.Record(hcs, recorded => scenario.Run(recorded, Stream.Null)));
        Assert.Equal(File.ReadAllText(scenario.Path), System.Text.Encoding.UTF8.GetString(again!));
    }

    [Theory, MemberData(nameof(Names))]
    public async Task Replayed_as_before(string name)
    {
        var scenario = RecordingScenario.Get(name);
        using var tar = new MemoryStream();
        IReadOnlyList<string> outcome = [];
        RecordingLab.Replay(scenario.Path, hcs => outcome = scenario.Run(hcs, tar));
        List<string> lines = [.. Calls(scenario), "", .. outcome];
        if (scenario.CloseAfter is null && outcome[0].StartsWith("reader ", StringComparison.Ordinal))
        {
            // An independent program says what is in the tar.
            lines.AddRange(["", .. PythonTar.List(tar.ToArray())]);
            Assert.Contains(
                $"diffId sha256:{Convert.ToHexStringLower(SHA256.HashData(tar.ToArray()))}",
                outcome[1],
                StringComparison.Ordinal);
            if (outcome[0].StartsWith("reader stream", StringComparison.Ordinal))
            {
                lines.AddRange(["", .. Streams(scenario)]);
            }
        }

        await Verifier.Verify(string.Join('\n', lines)).UseDirectory("Snapshots").UseTextForParameters(name);
    }

    [Fact]
    public void Every_recording_is_listed_and_says_that_it_is_simulated()
    {
        string folder = Path.Combine(SampleLayers.RepositoryRoot, "recordings");
        string readme = File.ReadAllText(Path.Combine(folder, "README.md"));
        var files = Directory.GetFiles(folder, "*.json").Where(path => !path.EndsWith("schema.json", StringComparison.Ordinal)).ToList();
        Assert.Equal(
            RecordingScenario.All.Select(scenario => scenario.Path).Order(StringComparer.Ordinal),
            files.Order(StringComparer.Ordinal));
        foreach (string file in files)
        {
            Assert.Equal(RecordingOrigin.Simulated, CallRecording.Load(file).Origin.Kind);
            Assert.Contains($"`{Path.GetFileName(file)}`", readme, StringComparison.Ordinal);
        }
    }

    private static IEnumerable<string> Calls(RecordingScenario scenario)
    {
        var recording = CallRecording.Load(scenario.Path);
        return recording.Calls.GroupBy(call => $"{call.Api} {call.Function}").Select(group => $"{group.Count(),4} {group.Key}");
    }

    // Name, attributes, size, and the backup stream by its length and digest; read from the recording in other pieces than it was
    // recorded in.
    private static List<string> Streams(RecordingScenario scenario)
    {
        var lines = new List<string>();
        RecordingLab.Replay(scenario.Path, hcs =>
        {
            using var reader = LayerReader.Open(hcs, scenario.Layer, scenario.Kind);
            byte[] buffer = new byte[777];
            while (reader.GetNextEntry() is { } entry)
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                Stream stream = entry.OpenBackupStream();
                long length = 0;
                for (int read; (read = stream.Read(buffer)) > 0; length += read)
                {
                    hash.AppendData(buffer, 0, read);
                }

                string name = RecordingScenario.Escape(entry.Name);
                lines.Add(entry.IsTombstone ? $"{name} deleted"
                    : $"{name} 0x{entry.Info.FileAttributes:x} {entry.Size} {entry.Info.LastWriteTime} stream {length} "
                        + $"{Convert.ToHexStringLower(hash.GetHashAndReset())[..16]}");
            }
        });
        return lines;
    }
}
