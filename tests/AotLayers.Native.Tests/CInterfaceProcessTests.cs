using System.Globalization;

namespace AotLayers.Native.Tests;

/// <summary>
/// The library inside other people's processes: beside another copy, under a memory limit, in Python, in C++, under valgrind
/// (docs/windows/native-libraries.md#garbage-collector).
/// </summary>
internal sealed class CInterfaceProcessTests
{
    private const string App = @"C:\layers\app";

    /// <summary>Address space of a host with a limit, in KiB: what small containers and batch systems give.</summary>
    private const int LimitKiB = 2 * 1024 * 1024;

    [Test]
    public void Two_copies_work_side_by_side_and_know_their_own_handles([Values] Platform platform)
    {
        using var folder = new TempFolder();
        string machine = CSampleLayers.WriteMachine(folder);
        string copy = folder.File("copy-" + Path.GetFileName(PublishedArtifacts.Library(platform)));
        File.Copy(PublishedArtifacts.Library(platform), copy);

        CCallers.Run(
            platform,
            Linkage.Loaded,
            "two_copies.c",
            CCallers.PathFor(platform, copy),
            App,
            CSampleLayers.Options(platform, machine)).ShouldExit(0);
    }

    [Test]
    public void Works_in_a_host_with_a_memory_limit([Values(1, 2)] int copies)
    {
        using var folder = new TempFolder();
        string machine = CSampleLayers.WriteMachine(folder);
        string library = PublishedArtifacts.Library(Platform.Linux);
        string copy = folder.File("copy.so");
        File.Copy(library, copy);
        string options = CSampleLayers.Options(Platform.Linux, machine);
        string[] command = copies == 1
            ? [CCallers.Program(Platform.Linux, Linkage.Loaded, "read_layer.c"), library, "backup", App, options]
            : [CCallers.Program(Platform.Linux, Linkage.Loaded, "two_copies.c"), library, copy, App, options];
        int limit = LimitKiB * copies;

        ProcessRunner.Run("bash", ["-c", $"ulimit -v {limit.ToString(CultureInfo.InvariantCulture)} && exec \"$@\"", "bash", .. command])
            .ShouldExit(0);
    }

    [Test]
    public void Cpp_compiles_the_header_and_reads([Values] Platform platform)
    {
        using var folder = new TempFolder();
        string folderOfLayer = CSampleLayers.WriteTransportFolder(folder);

        // Without wmain: the path must be plain.
        string link = platform == Platform.Windows ? Path.Combine(WineRunner.DriveC, "layer") : folderOfLayer;
        if (platform == Platform.Windows)
        {
            CopyFolder(folderOfLayer, link);
        }

        ProcessResult result = CCallers.Run(platform, Linkage.Linked, "reader.cpp", platform == Platform.Windows ? @"C:\layer" : link)
            .ShouldExit(0);

        Assert.That(result.Output.Split('\n'), Does.Contain(@"Files\dir\hello.txt 5").And.Contain(@"Hives\System_Delta 4"));
        result = CCallers.Run(platform, Linkage.Linked, "reader.cpp", "nothing");
        Assert.That(result.Output, Does.StartWith("error: "));
    }

    [Test]
    public void Python_reads_through_ctypes()
    {
        Requires.Program("python3", "python3");
        using var folder = new TempFolder();
        string machine = CSampleLayers.WriteMachine(folder);
        string script = Path.Combine(CCallers.Sources, "reader.py");
        string library = PublishedArtifacts.Library(Platform.Linux);

        ProcessResult result = ProcessRunner.Run("python3", [script, library, App, CSampleLayers.Options(Platform.Linux, machine)])
            .ShouldExit(0);
        ProcessResult failure = ProcessRunner.Run("python3", [script, library, "nothing"]);

        Assert.That(result.Output.Split('\n'), Does.Contain(@"Files\hello.txt 5 68656c6c6f"));
        Assert.That(failure.ExitCode, Is.EqualTo(1), failure.ToString());
        Assert.That(failure.Output, Does.StartWith("0x80070002 "));
    }

    [Test]
    public void Valgrind_finds_no_error_and_no_lost_memory()
    {
        Requires.Program("valgrind", "valgrind");
        using var folder = new TempFolder();
        string machine = CSampleLayers.WriteMachine(folder);
        string program = CCallers.Program(Platform.Linux, Linkage.Linked, "read_layer.c");

        ProcessRunner.Run(
            "valgrind",
            [
                "--error-exitcode=77", "--leak-check=full", "--show-leak-kinds=definite", "--errors-for-leak-kinds=definite", program,
                "backup", App, CSampleLayers.Options(Platform.Linux, machine)
            ],
            timeout: TimeSpan.FromMinutes(5)).ShouldExit(0);
    }

    private static void CopyFolder(string from, string to)
    {
        foreach (string file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
        {
            string target = Path.Combine(to, Path.GetRelativePath(from, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target, overwrite: true);
        }
    }
}
