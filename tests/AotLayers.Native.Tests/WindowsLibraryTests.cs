using AotLayers.Native.Tests.Harness;

namespace AotLayers.Native.Tests;

/// <summary>
/// Libraries of Windows that are not ours, recorded by a program that binds them with the toolkit. The recordings are committed and
/// replayed by AotLayers.Interop.Tests, whose snapshots say what the program sees; with AOTLAYERS_RECORD_LIBRARIES set to the folder
/// recordings/libraries they are made again.
/// </summary>
public sealed class WindowsLibraryTests
{
    [TestCase("registry", "Registry_of_advapi32")]
    [TestCase("volumes", "Files_and_volumes_of_kernel32")]
    public void What_Wine_answers_is_what_was_committed(string name, string test)
    {
        using TempFolder folder = new();
        string recording = Path.Combine(folder.Path, name + ".json");
        ProcessResult run = WineRunner.Run(
            PublishedArtifacts.WindowsLibraries,
            ["record", name, WineRunner.ToWindowsPath(recording)]).ShouldExit(0);

        if (Environment.GetEnvironmentVariable("AOTLAYERS_RECORD_LIBRARIES") is { Length: > 0 } committed)
        {
            File.Copy(recording, Path.Combine(committed, name + ".json"), overwrite: true);
        }

        string tests = Path.Combine(PublishedArtifacts.RepositoryRoot, "tests", "AotLayers.Interop.Tests", "Libraries");
        Assert.That(run.Output, Is.EqualTo(File.ReadAllText(Path.Combine(tests, $"WindowsLibraries.{test}.verified.txt")) + "\n"));
        Assert.That(
            File.ReadAllText(recording),
            Is.EqualTo(File.ReadAllText(Path.Combine(PublishedArtifacts.RepositoryRoot, "recordings", "libraries", name + ".json"))));
    }
}
