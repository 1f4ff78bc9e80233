using System.Diagnostics;
using AotLayers.Hcs;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>
/// Folders that are no layers, or only look like ones. Each fails the call that asks for it, by name, and leaves the other layers usable.
/// </summary>
public class HostileFolderTests
{
    // Long enough for a busy machine; a read of a pipe without a writer never ends.
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(2);

    [Theory]
    [InlineData("mkfifo bad/layer.json", "layer.json: not a regular file")]
    [InlineData("mkfifo bad/tombstones", "tombstones: not a regular file")]
    [InlineData("mkdir bad/layer.json", "layer.json: not a regular file")]
    [InlineData("ln -s /dev/zero bad/layer.json", "layer.json: not a regular file")]
    [InlineData("ln -s ../good/Files/a.txt bad/tombstones", "tombstones: not a regular file")]
    [InlineData("truncate -s 65M bad/layer.json", "layer.json: more than 67108864 bytes")]
    [InlineData("mkfifo bad/Files/pipe", "pipe: a pipe, socket or device")]
    [InlineData("rmdir bad/Files; ln -s ../good/Files bad/Files", "bad/Files: a symbolic link")]
    [InlineData("rm -r bad; ln -s good bad", "bad: a symbolic link")]
    [InlineData("printf x > \"$(printf 'bad/Files/a\\377b')\"", "the bytes of this name are not UTF-8")]
    [InlineData("printf x > 'bad/Files/a:b'", "a:b: the name cannot exist on Windows")]
    [InlineData("touch bad/Files/name bad/Files/NAME", "differ only in case")]
    [InlineData("mkdir BAD", "names of two folders are the same where case does not matter")]
    [InlineData("chmod 000 bad", "cannot be read")]
    public void Folder_that_is_no_layer_fails_by_name_and_alone(string script, string expected)
    {
        using var layers = new LayerDirectory();
        layers.WithFile("good/Files/a.txt", "good");
        Directory.CreateDirectory(Path.Combine(layers.Path, "bad", "Files"));
        if (OperatingSystem.IsWindows() || (script.StartsWith("chmod", StringComparison.Ordinal) && Environment.IsPrivilegedProcess))
        {
            // Windows has no such folders, and nothing is unreadable for root: a folder that has gone is as unreadable.
            script = "";
        }

        SimulatedMachine machine = layers.Load();
        if (script.Length == 0)
        {
            Directory.Delete(Path.Combine(layers.Path, "bad"), recursive: true);
            expected = "cannot be read";
        }
        else
        {
            Shell(script, layers.Path);
            machine = layers.Load();
        }

        // Files of both kinds of calls meet the layer.
        SimulatedLayerException error = Throws(() => SampleLayers.Export(machine, "bad"));
        Assert.Contains(expected, error.Message, StringComparison.Ordinal);
        Assert.Equal("ExportLayerBegin", error.Call);
        Assert.Equal("bad", error.Layer, ignoreCase: true);
        Assert.True(error.Code >= 0x80070000);
        Assert.Equal(
            "CreateFileW",
            Throws(() => machine.Kernel32.CreateFileW(@"C:\layers\bad\Files", 0x80000000, 1, 0, 3, 0x02200000, 0)).Call);

        Assert.Contains(SampleLayers.Export(machine, "good"), entry => entry.Name == @"\Files\a.txt");
        Assert.Equal(0, machine.Vmcompute.LayerExists(DriverInfo.FullPaths, "good", out uint exists));
        Assert.Equal(1u, exists);
        CleanUp(layers.Path);
    }

    [Fact]
    public void Folder_whose_name_is_not_UTF8_leaves_the_others_usable()
    {
        using var layers = new LayerDirectory();
        layers.WithFile("good/Files/a.txt", "good");
        if (!OperatingSystem.IsWindows())
        {
            Shell("mkdir -p \"$(printf 'x\\377y')/Files\"", layers.Path);
            SimulatedLayerException error = Throws(() => SampleLayers.Export(layers.Load(), "x\ufffdy"));
            Assert.Contains("the bytes of this name are not UTF-8", error.Message, StringComparison.Ordinal);
        }

        Assert.NotEmpty(SampleLayers.Export(layers.Load(), "good"));
        CleanUp(layers.Path);
    }

    private static SimulatedLayerException Throws(Action action)
    {
        Task<SimulatedLayerException> task = Task.Run(() => Assert.Throws<SimulatedLayerException>(action));
        return task.Wait(s_patience) ? task.Result : throw new TimeoutException("the call does not come back");
    }

    // .NET cannot delete what it cannot name.
    private static void CleanUp(string folder)
    {
        if (!OperatingSystem.IsWindows())
        {
            Shell("chmod -R u+rwx . && rm -rf ./*", folder);
        }
    }

    private static void Shell(string script, string folder)
    {
        using Process shell = Process.Start(new ProcessStartInfo("/bin/sh", ["-ec", script]) { WorkingDirectory = folder })!;
        shell.WaitForExit();
        Assert.Equal(0, shell.ExitCode);
    }
}
