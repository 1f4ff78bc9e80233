using System.Runtime.InteropServices;
using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>The file calls that change the simulated volume answer as those of Windows.</summary>
public sealed class WritingCallsTests
{
    private const string Temp = @"C:\Windows\SystemTemp\";
    private const uint Read = 0x80000000;
    private const uint Write = 0x40000000;
    private const uint Backup = 0x02200000;
    private readonly SimulatedKernel32 _kernel = SampleLayers.Load().Kernel32;

    [Theory]
    [InlineData(1, 80, 0, false)]
    [InlineData(2, 183, 0, true)]
    [InlineData(3, 0, 2, true)]
    [InlineData(4, 183, 0, true)]
    [InlineData(5, 0, 2, true)]
    [InlineData(6, 87, 87, false)]
    public void Dispositions_tell_what_was_there(uint disposition, int ifThere, int ifNot, bool opens)
    {
        Create(Temp + "there", "x");
        AssertOpen(_kernel.CreateFileW(Temp + "there", Write, 0, 0, disposition, 0, 0), ifThere, opens);
        AssertOpen(_kernel.CreateFileW(Temp + "not", Write, 0, 0, disposition, 0, 0), ifNot, ifNot == 0);
        AssertOpen(_kernel.CreateFileW(Temp + @"no\not", Write, 0, 0, 1, 0, 0), 3, false);
    }

    [Fact]
    public void Creating_always_and_truncating_empty_the_file()
    {
        foreach (uint disposition in (uint[])[2, 5])
        {
            Create(Temp + "f" + disposition, "text");
            AssertOpen(_kernel.CreateFileW(Temp + "f" + disposition, Write, 0, 0, disposition, 0, 0), disposition == 2 ? 183 : 0, true);
            Assert.Equal("", Text(Temp + "f" + disposition));
        }
    }

    [Fact]
    public void Handles_that_do_not_share_exclude_each_other()
    {
        Create(Temp + "f", "");
        nint first = _kernel.CreateFileW(Temp + "f", Write, 1, 0, 3, 0, 0);
        AssertOpen(_kernel.CreateFileW(Temp + "f", Write, 7, 0, 3, 0, 0), 32, false);
        AssertOpen(_kernel.CreateFileW(Temp + "f", Read, 1, 0, 3, 0, 0), 32, false);
        AssertOpen(_kernel.CreateFileW(Temp + "f", Read, 7, 0, 3, 0, 0), 0, true);
        AssertOpen(_kernel.CreateFileW(Temp + "f", 0x80, 0, 0, 3, 0, 0), 0, true);
        Assert.Equal((0, 32), (_kernel.DeleteFileW(Temp + "f"), Last()));
        Assert.Equal(1, _kernel.CloseHandle(first));
        Assert.Equal(1, _kernel.DeleteFileW(Temp + "f"));
    }

    [Fact]
    public void Writes_go_where_the_position_is()
    {
        nint file = _kernel.CreateFileW(Temp + "f", Read | Write, 0, 0, 1, 0, 0);
        Put(file, "hello world");
        Seek(file, 6);
        Put(file, "there");
        Seek(file, 14);
        Put(file, "end");
        Seek(file, 0);
        Put(file, "J");
        _kernel.CloseHandle(file);
        Assert.Equal("Jello there\0\0\0end", Text(Temp + "f"));
        nint read = _kernel.CreateFileW(Temp + "f", Read, 0, 0, 3, 0, 0);
        Assert.Equal((0, 5), (_kernel.WriteFile(read, "x"u8, 1, out _, 0), Last()));
        _kernel.CloseHandle(read);
    }

    [Fact]
    public void Read_only_files_are_not_written_linked_ones_are_one_file()
    {
        Create(Temp + "f", "text");
        Assert.Equal(1, _kernel.CreateHardLinkW(Temp + "g", Temp + "f", 0));
        Assert.Equal((0, 183), (_kernel.CreateHardLinkW(Temp + "g", Temp + "f", 0), Last()));
        Assert.Equal((0, 5), (_kernel.CreateHardLinkW(Temp + "h", Temp.TrimEnd('\\'), 0), Last()));
        Assert.Equal(1, _kernel.SetFileAttributesW(Temp + "f", 1));
        AssertOpen(_kernel.CreateFileW(Temp + "g", Write, 0, 0, 3, 0, 0), 5, false);
        Assert.Equal((0, 5), (_kernel.DeleteFileW(Temp + "g"), Last()));
        Assert.Equal(1, _kernel.SetFileAttributesW(Temp + "g", 0x80));
        Assert.Equal(1, _kernel.DeleteFileW(Temp + "g"));
        Assert.Equal("text", Text(Temp + "f"));
    }

    [Fact]
    public void A_backup_stream_makes_the_file_and_counts_from_its_end()
    {
        nint file = _kernel.CreateFileW(Temp + "f", Read | Write, 1, 0, 1, Backup, 0);
        byte[] stream = Convert.FromHexString(
            "0400000000000000030000000000000014000000" + "3a006100640073003a0024004400410054004100" + "616473"
                + "0100000000000000050000000000000000000000" + "68656c6c6f");
        nint context = 0;
        for (int i = 0; i < stream.Length; i++)
        {
            Assert.Equal(1, _kernel.BackupWrite(file, stream.AsSpan(i, 1), 1, out uint one, 0, 1, ref context));
            Assert.Equal(1u, one);
        }

        Assert.Equal("", Text(file));
        Assert.Equal(1, _kernel.BackupWrite(file, default, 0, out _, 1, 1, ref context));
        Assert.Equal(0, context);
        Assert.Equal("hello", Text(file));
        Assert.Equal(1, _kernel.CloseHandle(file));
        AssertOpen(_kernel.CreateFileW(Temp + "g", Write, 1, 0, 1, Backup, 0), 0, true);
    }

    [Fact]
    public void A_stream_that_is_cut_fails_at_its_end()
    {
        nint file = _kernel.CreateFileW(Temp + "f", Write, 1, 0, 1, Backup, 0);
        nint context = 0;
        Assert.Equal(1, _kernel.BackupWrite(file, new byte[7], 7, out _, 0, 1, ref context));
        Assert.Equal((0, 13), (_kernel.BackupWrite(file, default, 0, out _, 1, 1, ref context), Last()));
        Assert.Equal(1, _kernel.CloseHandle(file));
    }

    [Fact]
    public void Layers_of_the_machine_are_not_changed()
    {
        AssertOpen(_kernel.CreateFileW(@"C:\layers\base\Files\new", Write, 0, 0, 1, 0, 0), 5, false);
        AssertOpen(_kernel.CreateFileW(@"C:\layers\base\Files\License.txt", Write, 0, 0, 3, 0, 0), 5, false);
        Assert.Equal((0, 5), (_kernel.CreateDirectoryW(@"C:\layers\base\Files\dir", 0), Last()));
        Assert.Equal((0, 5), (_kernel.DeleteFileW(@"C:\layers\base\Files\License.txt"), Last()));
        Create(Temp + "f", "");
        Assert.Equal((0, 5), (_kernel.CreateHardLinkW(@"C:\layers\base\Files\new", Temp + "f", 0), Last()));
    }

    /// <summary>As on Windows, a link on the way is followed: who does not look where a path goes, writes elsewhere.</summary>
    [Fact]
    public void A_link_on_the_way_is_followed()
    {
        Assert.Equal(1, _kernel.CreateDirectoryW(Temp + "link", 0));
        Assert.Equal(1, _kernel.CreateDirectoryW(Temp + "target", 0));
        nint file = _kernel.CreateFileW(Temp + "link", Read | Write, 1, 0, 3, Backup, 0);
        byte[] reparse = ReparsePoint.FromTarget(Temp + "target", isMountPoint: true).Encode();
        using var bytes = new MemoryStream();
        var stream = new BackupStreamWriter(bytes);
        stream.WriteRecord(BackupStreamId.ReparseData, reparse);
        nint context = 0;
        Assert.Equal(1, _kernel.BackupWrite(file, bytes.ToArray(), (uint)bytes.Length, out _, 0, 0, ref context));
        Assert.Equal(1, _kernel.BackupWrite(file, default, 0, out _, 1, 0, ref context));
        Assert.Equal(1, _kernel.CloseHandle(file));
        Assert.Equal(0x410u, _kernel.GetFileAttributesW(Temp + "link"));
        Create(Temp + @"link\f", "through");
        Assert.Equal("through", Text(Temp + @"target\f"));
        AssertOpen(_kernel.CreateFileW(Temp + "link", Read, 1, 0, 3, 0x02000000, 0), 1921, false);
    }

    [Fact]
    public void Times_are_kept_where_they_are_set_and_change_where_they_are_not()
    {
        nint file = _kernel.CreateFileW(Temp + "f", Read | Write, 1, 0, 1, 0, 0);
        var info = new FileBasicInfo { LastWriteTime = 1234, FileAttributes = 0x42 };
        Assert.Equal(1, _kernel.SetFileBasicInfo(file, 0, in info, 40));
        Put(file, "later");
        Assert.Equal(1, _kernel.GetFileBasicInfo(file, 0, out FileBasicInfo after, 40));
        Assert.Equal((1234, 2u), (after.LastWriteTime, after.FileAttributes));
        info = new FileBasicInfo { LastWriteTime = -5 };
        Assert.Equal((0, 87), (_kernel.SetFileBasicInfo(file, 0, in info, 40), Last()));
        info = new FileBasicInfo { FileAttributes = 0x10 };
        Assert.Equal((0, 87), (_kernel.SetFileBasicInfo(file, 0, in info, 40), Last()));
        _kernel.CloseHandle(file);
        Assert.Equal(0, _kernel.OpenHandles);
    }

    private void Create(string path, string text)
    {
        nint file = _kernel.CreateFileW(path, Write, 0, 0, 1, 0, 0);
        Assert.NotEqual(-1, file);
        Put(file, text);
        Assert.Equal(1, _kernel.CloseHandle(file));
    }

    private void Put(nint file, string text)
    {
        byte[] bytes = System.Text.Encoding.ASCII.GetBytes(text);
        Assert.Equal(1, _kernel.WriteFile(file, bytes, (uint)bytes.Length, out uint written, 0));
        Assert.Equal((uint)bytes.Length, written);
    }

    private void Seek(nint file, long position) => Assert.Equal(1, _kernel.SetFilePointerEx(file, position, out _, 0));

    private string Text(string path)
    {
        nint file = _kernel.CreateFileW(path, Read, 7, 0, 3, 0, 0);
        Assert.NotEqual(-1, file);
        string text = Text(file);
        Assert.Equal(1, _kernel.CloseHandle(file));
        return text;
    }

    private string Text(nint file)
    {
        byte[] buffer = new byte[100];
        Seek(file, 0);
        Assert.Equal(1, _kernel.ReadFile(file, buffer, 100, out uint read, 0));
        return System.Text.Encoding.ASCII.GetString(buffer, 0, (int)read);
    }

    private void AssertOpen(nint handle, int lastError, bool opens)
    {
        Assert.Equal((lastError, opens), (Last(), handle != -1));
        if (opens)
        {
            Assert.Equal(1, _kernel.CloseHandle(handle));
        }
    }

    private static int Last() => Marshal.GetLastPInvokeError();
}
