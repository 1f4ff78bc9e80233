using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AotLayers.Hcs;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>The file calls of the simulated machine, with the last errors that Win32 documents.</summary>
public class SimulatedVolumeTests
{
    private const uint Read = 0x80000000;
    private const uint Backup = 0x02200000;

    [Theory]
    [InlineData(@"C:\layers\base\Files\License.txt")]
    [InlineData(@"\\?\C:\layers\base\Files\License.txt")]
    [InlineData(@"D:\elsewhere\base\Files\License.txt")]
    [InlineData(@"C:/layers/base/FILES/license.TXT")]
    [InlineData(@"C:\layers\app\..\base\.\Files\License.txt.")]
    public void Layers_are_found_by_base_name(string path)
    {
        SimulatedKernel32 kernel = SampleLayers.Load().Kernel32;
        Assert.Equal("simulated\n", System.Text.Encoding.UTF8.GetString(ReadAll(kernel, path)));
        Assert.Equal(0, kernel.OpenHandles);
    }

    [Theory]
    [InlineData(@"C:\layers\base\Files\nothere", 2)]
    [InlineData(@"C:\layers\base\nothere\x", 3)]
    [InlineData(@"C:\layers\base\Files\a|b", 123)]
    [InlineData(@"\\?\C:\layers\base\Files/License.txt", 123)]
    [InlineData(@"\\server\share\x", 3)]
    public void Open_fails_with_the_right_error(string path, int error)
    {
        SimulatedKernel32 kernel = SampleLayers.Load().Kernel32;
        Assert.Equal(-1, kernel.CreateFileW(path, Read, 1, 0, 3, Backup, 0));
        Assert.Equal(error, Marshal.GetLastPInvokeError());
    }

    [Fact]
    public void Long_paths_need_their_prefix()
    {
        SimulatedKernel32 kernel = SampleLayers.Load().Kernel32;
        string path = @"C:\layers\app" + SampleLayers.Export(
            SampleLayers.Load(),
            "app",
            "base").Single(entry => entry.Name.EndsWith("deep.txt", StringComparison.Ordinal)).Name;
        Assert.Equal(-1, kernel.CreateFileW(path, Read, 1, 0, 3, Backup, 0));
        Assert.Equal(3, Marshal.GetLastPInvokeError());
        Assert.Equal("a path longer than 260 characters\n", System.Text.Encoding.UTF8.GetString(ReadAll(kernel, @"\\?\" + path)));
    }

    [Fact]
    public void Directories_and_links_open_only_as_themselves()
    {
        SimulatedKernel32 kernel = SampleLayers.Load().Kernel32;
        Assert.Equal(-1, kernel.CreateFileW(@"C:\layers\app\Files", Read, 1, 0, 3, 0, 0));
        Assert.Equal(5, Marshal.GetLastPInvokeError());
        Assert.Equal(-1, kernel.CreateFileW(@"C:\layers\app\Files\hello.lnk", Read, 1, 0, 3, 0, 0));
        Assert.Equal(1921, Marshal.GetLastPInvokeError());
        Assert.Equal(0x410u, kernel.GetFileAttributesW(@"C:\layers\app\Files\Users"));
        Assert.Equal(0x27u, kernel.GetFileAttributesW(@"C:\layers\app\Files\boot.ini"));
    }

    [Fact]
    public void Information_of_a_hard_link_is_that_of_its_file()
    {
        SimulatedKernel32 kernel = SampleLayers.Load().Kernel32;
        (FileBasicInfo Basic, FileStandardInfo Standard, FileIdInfo Id) first = Facts(
            kernel,
            @"C:\layers\base\Files\Windows\System32\kernel.bin");
        (FileBasicInfo Basic, FileStandardInfo Standard, FileIdInfo Id) second = Facts(
            kernel,
            @"C:\layers\base\UtilityVM\Files\Windows\System32\kernel.bin");
        (FileBasicInfo Basic, FileStandardInfo Standard, FileIdInfo Id) other = Facts(kernel, @"C:\layers\base\Files\License.txt");
        Assert.Equal(first, second);
        Assert.Equal((9000, 3u), (first.Standard.EndOfFile, first.Standard.NumberOfLinks));
        Assert.Equal((10, 1u), (other.Standard.EndOfFile, other.Standard.NumberOfLinks));
        Assert.NotEqual(first.Id, other.Id);
        Assert.Equal(first, Facts(SampleLayers.Load().Kernel32, @"C:\layers\base\Files\Windows\System32\kernel.bin"));
    }

    [Fact]
    public void Listing_is_in_the_order_of_NTFS_and_starts_with_the_dots()
    {
        SimulatedKernel32 kernel = SampleLayers.Load().Kernel32;
        List<string> names = List(kernel, @"\\?\C:\layers\app\Files\*");
        Assert.Equal(
            [".", "..", "a-directory-name-of-sixty-characters-to-make-a-long-path-0001", "attributes.dat", "boot.ini", "current"],
            names[..6]);
        Assert.Equal("Zoo.txt", names[^1]);
        Assert.Contains("lone\ud800.txt", List(kernel, "C:\\layers\\app\\Files\\Grüße\\*"));
        Assert.Equal(["app", "base", "deletions", "lx", "scratch", "sparse", "unreadable"], List(kernel, @"C:\layers\*").Skip(2));
        Assert.Equal(0, kernel.OpenHandles);

        Assert.Equal(-1, kernel.FindFirstFileW(@"C:\layers\app\nothere\*", out _));
        Assert.Equal(3, Marshal.GetLastPInvokeError());
        Assert.Equal(-1, kernel.FindFirstFileW(@"C:\layers\app\Files\Users\*", out _));
        Assert.Equal(1921, Marshal.GetLastPInvokeError());
    }

    [Fact]
    public void BackupRead_follows_the_security_flag_and_its_context()
    {
        SimulatedKernel32 kernel = SampleLayers.Load().Kernel32;
        nint file = kernel.CreateFileW(@"C:\layers\app\Files\hello.txt", Read, 1, 0, 3, Backup, 0);
        byte[] expected = Convert.FromHexString("010000000000000005000000000000000000000068656c6c6f");
        nint context = 0;
        byte[] buffer = new byte[7];
        var bytes = new List<byte>();
        while (kernel.BackupRead(file, buffer, 7, out uint read, 0, 0, ref context) == 1 && read > 0)
        {
            bytes.AddRange(buffer[..(int)read]);
        }

        Assert.Equal(expected, bytes);
        nint wrong = context + 1;
        Assert.Equal(0, kernel.BackupRead(file, buffer, 7, out _, 0, 0, ref wrong));
        Assert.Equal(87, Marshal.GetLastPInvokeError());
        Assert.Equal(1, kernel.BackupRead(file, [], 0, out _, 1, 0, ref context));
        Assert.Equal(0, context);
        Assert.Equal(1, kernel.BackupRead(file, buffer, 7, out _, 0, 1, ref context));
        Assert.Equal(3u, BinaryPrimitives.ReadUInt32LittleEndian(buffer));
        kernel.BackupRead(file, [], 0, out _, 1, 1, ref context);
        Assert.Equal(1, kernel.CloseHandle(file));
        Assert.Equal(0, kernel.CloseHandle(file));
        Assert.Equal(6, Marshal.GetLastPInvokeError());
    }

    [Fact]
    public void Temporary_folders_come_and_go()
    {
        SimulatedKernel32 kernel = SampleLayers.Load().Kernel32;
        ushort[] text = new ushort[100];
        Assert.Equal(23u, kernel.GetTempPathW(5, text));
        Assert.Equal(22u, kernel.GetTempPathW(100, text));
        Assert.Equal(@"C:\Windows\SystemTemp\", new string(MemoryMarshal.Cast<ushort, char>(text)[..22]));
        Assert.Equal(1, kernel.CreateDirectoryW(@"\\?\C:\Windows\SystemTemp\hcs1", 0));
        Assert.Equal(0, kernel.CreateDirectoryW(@"C:\Windows\SystemTemp\HCS1", 0));
        Assert.Equal(183, Marshal.GetLastPInvokeError());
        Assert.Equal(1, kernel.CreateDirectoryW(@"C:\Windows\SystemTemp\hcs1\sub", 0));
        Assert.Equal(0, kernel.RemoveDirectoryW(@"C:\Windows\SystemTemp\hcs1"));
        Assert.Equal(145, Marshal.GetLastPInvokeError());
        Assert.Equal(1, kernel.RemoveDirectoryW(@"C:\Windows\SystemTemp\hcs1\sub"));
        Assert.Equal(1, kernel.RemoveDirectoryW(@"C:\Windows\SystemTemp\hcs1"));
        Assert.Equal(uint.MaxValue, kernel.GetFileAttributesW(@"C:\Windows\SystemTemp\hcs1"));
        Assert.Equal(0, kernel.DeleteFileW(@"C:\layers\app\Files\hello.txt"));
        Assert.Equal(5, Marshal.GetLastPInvokeError());
        kernel.QueryPerformanceCounter(out long first);
        kernel.QueryPerformanceCounter(out long second);
        Assert.NotEqual(first, second);
    }

    [Fact]
    public void Transport_folder_has_the_layout_of_the_format()
    {
        SimulatedMachine machine = SampleLayers.Load();
        DriverInfo info = DriverInfo.FullPaths;
        Assert.Equal(0, machine.Vmcompute.ExportLayer(
            in info,
            @"C:\layers\app",
            @"C:\Windows\SystemTemp\hcs1",
            SampleLayers.Parents(machine, "base"),
            1));
        SimulatedKernel32 kernel = machine.Kernel32;
        const string Root = @"\\?\C:\Windows\SystemTemp\hcs1";
        Assert.Equal([".", "..", "Files", "Hives", "tombstones.txt"], List(kernel, Root + @"\*"));
        Assert.Equal(
            "\ufeffVersion 1.0\r\n\\gone.txt\r\n\\Program Files\\App\\old.dll\r\n",
            System.Text.Encoding.UTF8.GetString(ReadAll(kernel, Root + @"\tombstones.txt")));

        List<ExportedEntry> entries = SampleLayers.Export(machine, "app", "base");
        byte[] file = ReadAll(kernel, Root + @"\Files\boot.ini");
        Assert.Equal(0x27u, BinaryPrimitives.ReadUInt32LittleEndian(file));
        Assert.Equal(entries.Single(entry => entry.Name == @"\Files\boot.ini").Stream, file[4..]);
        byte[] directory = ReadAll(kernel, Root + @"\Files\Users.$wcidirs$");
        Assert.Equal(0x410u, BinaryPrimitives.ReadUInt32LittleEndian(directory));
        Assert.Equal(entries.Single(entry => entry.Name == @"\Files\Users").Stream, directory[4..]);
        Assert.Equal(0x10u, kernel.GetFileAttributesW(Root + @"\Files\Users"));
        Assert.Equal(132537600000000001, Facts(kernel, Root + @"\Files\Program Files\App\plugin.dll").Basic.ChangeTime);
        Assert.Equal(1u, Facts(kernel, Root + @"\Files\Program Files\App\app.exe").Standard.NumberOfLinks);
        Assert.Equal(
            File.ReadAllBytes(Path.Combine(SampleLayers.Folder, "app", "Hives", "Sam_Delta")),
            ReadAll(kernel, Root + @"\Hives\Sam_Delta"));
    }

    [Fact]
    public void Transport_folder_can_be_written_to_the_real_disk()
    {
        using var layers = new LayerDirectory();
        layers.WithFile("one/Files/dir/a.txt", "text").WithFile("base/Files/b.txt", "").WithFile("one/tombstones", "Files/gone.txt\n");
        using var elsewhere = new LayerDirectory();
        string target = elsewhere.Path;
        SimulatedMachine machine = layers.Load();
        DriverInfo info = DriverInfo.FullPaths;
        Assert.Equal(0, machine.Vmcompute.ExportLayer(in info, "one", target, SampleLayers.Parents(machine, "base"), 1));
        Assert.Equal("Version 1.0\r\n\\gone.txt\r\n", File.ReadAllText(Path.Combine(target, "tombstones.txt")));
        Assert.True(File.Exists(Path.Combine(target, "Files", "dir.$wcidirs$")));
        byte[] file = File.ReadAllBytes(Path.Combine(target, "Files", "dir", "a.txt"));
        Assert.Equal("01000000000000000400000000000000" + "00000000" + "74657874", Convert.ToHexStringLower(file[(4 + 144)..]));
        Assert.Equal(
            File.GetLastWriteTimeUtc(Path.Combine(layers.Path, "one", "Files", "dir", "a.txt")),
            File.GetLastWriteTimeUtc(Path.Combine(target, "Files", "dir", "a.txt")));
    }

    private static (FileBasicInfo Basic, FileStandardInfo Standard, FileIdInfo Id) Facts(SimulatedKernel32 kernel, string path)
    {
        nint file = kernel.CreateFileW(path, Read, 1, 0, 3, Backup, 0);
        Assert.NotEqual(-1, file);
        Assert.Equal(1, kernel.GetFileBasicInfo(file, 0, out FileBasicInfo basic, 40));
        Assert.Equal(1, kernel.GetFileStandardInfo(file, 1, out FileStandardInfo standard, 24));
        Assert.Equal(1, kernel.GetFileIdInfo(file, 18, out FileIdInfo id, 24));
        kernel.CloseHandle(file);
        return (basic, standard, id);
    }

    private static byte[] ReadAll(SimulatedKernel32 kernel, string path)
    {
        nint file = kernel.CreateFileW(path, Read, 1, 0, 3, Backup, 0);
        Assert.NotEqual(-1, file);
        var bytes = new MemoryStream();
        byte[] buffer = new byte[100];
        while (kernel.ReadFile(file, buffer, 100, out uint read, 0) == 1 && read > 0)
        {
            bytes.Write(buffer, 0, (int)read);
        }

        kernel.CloseHandle(file);
        return bytes.ToArray();
    }

    private static List<string> List(SimulatedKernel32 kernel, string pattern)
    {
        nint find = kernel.FindFirstFileW(pattern, out Win32FindData data);
        Assert.NotEqual(-1, find);
        var names = new List<string>();
        do
        {
            names.Add(new string(data.FileName[..].ToArray()).TrimEnd('\0'));
        }
        while (kernel.FindNextFileW(find, out data) == 1);
        Assert.Equal(18, Marshal.GetLastPInvokeError());
        Assert.Equal(1, kernel.FindClose(find));
        return names;
    }
}
