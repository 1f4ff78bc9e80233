using System.Diagnostics;
using AotLayers.Interop;
using AotLayers.Replay.Tests.Recordings;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>
/// Outputs: whole or not at all wherever an ordinary file is, written through where something else is, and nothing left by killed runs.
/// </summary>
public sealed class OutputFileTests
{
    private const string SharedMemory = "/dev/shm";

    /// <summary>For tests that kill a process: writes until it is killed.</summary>
    internal static int WriteForever(string path, bool named)
    {
        using AtomicOutputFile file = named ? AtomicOutputFile.CreateNamed(path, path) : AtomicOutputFile.Create(path);
        byte[] bytes = new byte[256 * 1024];
        for (int i = 0; ; i++)
        {
            file.Stream.Write(bytes);
            if (i == 4)
            {
                Console.Out.WriteLine("writing");
                Console.Out.Flush();
            }

            Thread.Sleep(1);
        }
    }

    [Fact]
    public void A_new_file_below_dev_is_an_ordinary_file()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new LinuxFolder(SharedMemory);
        string path = folder.File("x.tar");
        Write(path, "new");
        Assert.Equal("new", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_longer_file_below_dev_keeps_no_tail()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new LinuxFolder(SharedMemory);
        string path = folder.File("x.tar");
        File.WriteAllText(path, "before, and much longer");
        Write(path, "new");
        Assert.Equal("new", File.ReadAllText(path));
    }

    [Fact]
    public void A_recording_below_dev_loads_whatever_was_there()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new LinuxFolder(SharedMemory);
        string path = folder.File("x.json");
        File.WriteAllText(path, new string('x', 1_000_000));
        using (var recorder = Recorder.Create(path, ToyProgram.Options))
        {
            new RecordingToy(ToyProgram.Sample, recorder).Extra("call");
            recorder.Complete();
            Assert.Null(recorder.Failure);
        }

        Assert.Single(CallRecording.Load(path).Calls);
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("/dev/null")]
    [InlineData("/dev/full")]
    public void Devices_are_written_as_they_are(string device)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        if (device == "/dev/full")
        {
            LayerException e = Assert.Throws<LayerException>(() => Write(device, "x"));
            Assert.Equal("cannot write /dev/full: There is not enough space on the disk. (0x70)", e.Message);
            Assert.Equal(0x80070070u, e.Code);
            return;
        }

        Write(device, "x");
        using var recorder = Recorder.Create(device, ToyProgram.Options);
        recorder.Complete();
        Assert.Null(recorder.Failure);
    }

    [Fact]
    public async Task Pipes_are_written_as_they_are()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new LinuxFolder("/tmp");
        string pipe = folder.File("pipe");
        Run("mkfifo", pipe);
        string link = folder.File("link");
        File.CreateSymbolicLink(link, pipe);
        Task<string> reading = Task.Run(() => File.ReadAllText(pipe));
        Write(link, "through");
        Assert.Equal("through", await reading);
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
    }

    /// <summary>What the shell writes next comes behind it: the descriptor's own position moves.</summary>
    [Theory]
    [InlineData("/dev/stdout", "1")]
    [InlineData("/proc/self/fd/7", "7")]
    [InlineData("/dev/fd/7", "7")]
    public void Descriptors_are_written_at_their_position(string path, string descriptor)
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new LinuxFolder("/tmp");
        string file = folder.File("out");
        string self = Path.Combine(AppContext.BaseDirectory, "AotLayers.Replay.Tests.dll");
        Run(
            "/bin/sh",
            "-ec",
            $"{{ echo before >&{descriptor}; dotnet exec '{self}' once '{path}'; echo after >&{descriptor}; }} {descriptor}>'{file}'");
        Assert.Equal("before\nonce\nafter\n", File.ReadAllText(file));
        Assert.Equal([file], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void A_link_stays_a_link()
    {
        using var folder = new TempFolder();
        string target = folder.File("target");
        string link = folder.File("link");
        File.WriteAllText(target, "old");
        File.CreateSymbolicLink(link, "target");
        Write(link, "new");
        Assert.Equal("new", File.ReadAllText(target));
        Assert.Equal("target", new FileInfo(link).LinkTarget);

        File.Delete(target);
        Write(link, "again");
        Assert.Equal("again", File.ReadAllText(target));
    }

    [Fact]
    public void Links_in_a_circle_are_an_error()
    {
        using var folder = new TempFolder();
        File.CreateSymbolicLink(folder.File("a"), folder.File("b"));
        File.CreateSymbolicLink(folder.File("b"), folder.File("a"));
        Assert.Contains(
            "cannot create",
            Assert.Throws<LayerException>(() => Write(folder.File("a"), "x")).Message,
            StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void An_output_that_is_given_up_leaves_the_old_one(bool named)
    {
        using var folder = new TempFolder();
        string path = folder.File("x");
        File.WriteAllText(path, "old");
        using (AtomicOutputFile file = Create(path, named))
        {
            file.Stream.Write(new byte[500_000]);
        }

        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Two_runs_for_one_target_do_not_disturb_each_other(bool named)
    {
        using var folder = new TempFolder();
        string path = folder.File("x");
        using AtomicOutputFile first = Create(path, named);
        first.Stream.Write("first"u8);
        using (AtomicOutputFile second = Create(path, named))
        {
            second.Stream.Write("second"u8);
            second.Commit();
        }

        Assert.Equal("second", File.ReadAllText(path));
        first.Commit();
        Assert.Equal("first", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void Names_as_long_as_the_file_system_takes_are_possible()
    {
        using var folder = new TempFolder();
        string path = folder.File(new string('n', 251) + ".tar");
        using (var file = AtomicOutputFile.CreateNamed(path, path))
        {
            file.Stream.Write("x"u8);
            file.Commit();
        }

        Write(path, "y");
        Assert.Equal("y", File.ReadAllText(path));
    }

    [Theory]
    [InlineData("layer.tar", ".layer.tar.aotlayers-0123456789ab.tmp", true)]
    [InlineData("layer.tar", ".layer.tar.aotlayers-0123456789AB.tmp", false)]
    [InlineData("layer.tar", ".layer.tar.aotlayers-0123456789ab.tmp2", false)]
    [InlineData("layer.tar", ".layer.tar.backup.tmp", false)]
    [InlineData("layer.tar", ".other.tar.aotlayers-0123456789ab.tmp", false)]
    [InlineData("lay*r.tar", ".lay*r.tar.aotlayers-0123456789ab.tmp", true)]
    [InlineData("lay*r.tar", ".layer.tar.aotlayers-0123456789ab.tmp", false)]
    public void What_a_killed_run_left_is_removed_and_nothing_else(string target, string left, bool removed)
    {
        using var folder = new TempFolder();
        File.WriteAllText(folder.File(left), "left");
        Write(folder.File(target), "new");
        Assert.Equal(!removed, File.Exists(folder.File(left)));
    }

    [Fact]
    public void Killed_while_writing_nothing_stays()
    {
        if (!OperatingSystem.IsLinux())
        {
            return;
        }

        using var folder = new LinuxFolder("/tmp");
        string path = folder.File("layer.tar");
        using Process process = Start("output", path, "unnamed");
        process.Kill();
        process.WaitForExit();
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Fact]
    public void The_file_of_a_killed_run_is_removed_by_the_next_and_that_of_a_live_run_is_not()
    {
        using var folder = new TempFolder();
        string path = folder.File("layer.tar");
        using Process live = Start("output", path, "named");
        string held = Assert.Single(Directory.GetFileSystemEntries(folder.Path));
        using Process killed = Start("output", path, "named");
        Assert.Equal(2, Directory.GetFileSystemEntries(folder.Path).Length);
        killed.Kill();
        killed.WaitForExit();

        Write(path, "new");
        Assert.Equal([held, path], Directory.GetFileSystemEntries(folder.Path).Order(StringComparer.Ordinal));
        live.Kill();
        live.WaitForExit();

        Write(path, "newer");
        Assert.Equal([path], Directory.GetFileSystemEntries(folder.Path));
    }

    /// <summary>What means a device on Windows, told on any system. A null device is an ordinary file.</summary>
    [Theory]
    [InlineData(@"C:\layers\x.tar", null)]
    [InlineData("x.con", null)]
    [InlineData(@"C:\con\x.tar", null)]
    [InlineData(@"\\?\C:\aux", null)]
    [InlineData("NUL", @"\\.\NUL")]
    [InlineData("nul:", @"\\.\NUL")]
    [InlineData(@"C:\x\nul", @"\\.\NUL")]
    [InlineData(@"\\.\pipe\layer", @"\\.\pipe\layer")]
    [InlineData(@"\\.\COM1", @"\\.\COM1")]
    public void Windows_names_that_can_be_written(string path, string? device)
    {
        Assert.Null(OutputTarget.CheckWindowsName(path, out string? found));
        Assert.Equal(device, found);
    }

    [Theory]
    [InlineData(" ", "blank")]
    [InlineData("\t", "blank")]
    [InlineData("CON", "console")]
    [InlineData("con.txt", "console")]
    [InlineData("CONOUT$", "console")]
    [InlineData(@"\\.\CON", "console")]
    [InlineData(@"C:\aux", "device AUX")]
    [InlineData("COM1", @"\\.\COM1 is the device")]
    [InlineData("nul.tar", "NUL alone")]
    [InlineData("lpt1.tar.gz", "device LPT1")]
    public void Windows_names_that_are_refused(string path, string words)
    {
        Assert.Contains(words, OutputTarget.CheckWindowsName(path, out string? device), StringComparison.Ordinal);
        Assert.Null(device);
    }

    /// <summary>For tests of descriptors: writes one line.</summary>
    internal static int WriteOnce(string path)
    {
        Write(path, "once\n");
        return 0;
    }

    private static AtomicOutputFile Create(string path, bool named) =>
        named ? AtomicOutputFile.CreateNamed(path, path) : AtomicOutputFile.Create(path);

    private static void Write(string path, string text)
    {
        using var file = AtomicOutputFile.Create(path);
        file.Stream.Write(System.Text.Encoding.UTF8.GetBytes(text));
        file.Commit();
    }

    private static Process Start(params string[] arguments)
    {
        string self = Path.Combine(AppContext.BaseDirectory, "AotLayers.Replay.Tests.dll");
        Process process = Process.Start(new ProcessStartInfo("dotnet", ["exec", self, .. arguments]) { RedirectStandardOutput = true })!;
        Assert.Equal("writing", process.StandardOutput.ReadLine());
        return process;
    }

    private static void Run(string program, params string[] arguments)
    {
        using Process process = Process.Start(new ProcessStartInfo(program, arguments))!;
        process.WaitForExit();
        Assert.Equal(0, process.ExitCode);
    }

    /// <summary>A folder where Linux has ordinary files below /dev, or unnamed ones.</summary>
    private sealed class LinuxFolder : IDisposable
    {
        public LinuxFolder(string parent)
        {
            Path = Directory.CreateDirectory(System.IO.Path.Combine(parent, "aotlayers-" + System.IO.Path.GetRandomFileName())).FullName;
        }

        public string Path { get; }

        public string File(string name) => System.IO.Path.Combine(Path, name);

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
