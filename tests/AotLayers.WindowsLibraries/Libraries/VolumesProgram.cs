using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using AotLayers.Interop;

namespace AotLayers.WindowsLibraries;

/// <summary>
/// A folder is made and listed, a file in it written, read, looked at, moved and removed; what the volume says of itself.
/// </summary>
internal static class VolumesProgram
{
    private const string Folder = @"C:\aotlayers library test";
    private const uint ReadWrite = 0xC0000000;
    private const uint CreateNew = 1;
    private const uint OpenExisting = 3;

    /// <summary>Times, identities and sizes of the disk differ from machine to machine.</summary>
    public static CallRules Rules { get; } = new CallRules()
        .Redact(null, "info.creation", 0)
        .Redact(null, "info.lastAccess", 0)
        .Redact(null, "info.lastWrite", 0)
        .Redact(null, "info.volumeSerial", 0)
        .Redact(null, "info.indexHigh", 0)
        .Redact(null, "info.indexLow", 0)
        .Redact(null, "data.creation", 0)
        .Redact(null, "data.lastAccess", 0)
        .Redact(null, "data.lastWrite", 0)
        .Redact("GetVolumeInformationW", "label", "LABEL")
        .Redact("GetVolumeInformationW", "serial", 0)
        .Redact("GetVolumeInformationW", "flags", 0)
        .Redact("GetDiskFreeSpaceExW", "available", 0)
        .Redact("GetDiskFreeSpaceExW", "total", 0)
        .Redact("GetDiskFreeSpaceExW", "free", 0);

    /// <summary>Runs it.</summary>
    /// <returns>What it saw, line by line.</returns>
    public static IReadOnlyList<string> Run(IVolumes volumes)
    {
        List<string> seen = [];
        void Say(FormattableString line) => seen.Add(line.ToString(CultureInfo.InvariantCulture));

        Say($"make folder: {volumes.CreateDirectoryW(Folder, 0)}");
        Say($"again: {volumes.CreateDirectoryW(Folder, 0)}, error {Marshal.GetLastPInvokeError()}");
        char[] text = new char[260];
        Say($"name: {volumes.GetTempFileNameW(Folder, "lib", 0x1A2B, text)} {UpToNul(text)}");
        string path = UpToNul(text);
        Say($"no such file: {volumes.CreateFileW(path, ReadWrite, 0, 0, OpenExisting, 0, 0)}, error {Marshal.GetLastPInvokeError()}");

        WriteAndRead(volumes, path, Say);
        List(volumes, Say);

        string moved = Folder + @"\moved ä.txt";
        Say($"attributes: {volumes.SetFileAttributesW(path, 0x22)} 0x{volumes.GetFileAttributesW(path):x}");
        Say($"move: {volumes.MoveFileExW(path, moved, 0)}");
        Say($"gone: 0x{volumes.GetFileAttributesW(path):x}, error {Marshal.GetLastPInvokeError()}");
        Say($"folder that is not empty: {volumes.RemoveDirectoryW(Folder)}, error {Marshal.GetLastPInvokeError()}");
        Say($"delete: {volumes.DeleteFileW(moved)} {volumes.DeleteFileW(moved)}, error {Marshal.GetLastPInvokeError()}");

        Say($"drives: {volumes.GetDriveTypeW(@"C:\")} {volumes.GetDriveTypeW(@"Q:\")}");
        char[] system = new char[16];
        int status = volumes.GetVolumeInformationW(@"C:\", text, 260, out _, out uint longest, out _, system, 16);
        Say($"volume: {status} longest name {longest} {UpToNul(system)}");
        Say($"volume of a path: {volumes.GetVolumePathNameW(Folder, text, 260)} {UpToNul(text)}");
        status = volumes.GetDiskFreeSpaceExW(@"C:\", out ulong available, out ulong total, out ulong free);
        Say($"space: {status} {available <= total && free <= total}");
        Say($"remove folder: {volumes.RemoveDirectoryW(Folder)}");
        return seen;
    }

    private static void WriteAndRead(IVolumes volumes, string path, Action<FormattableString> say)
    {
        nint file = volumes.CreateFileW(path, ReadWrite, 0, 0, CreateNew, 0x80, 0);
        say($"write: {volumes.WriteFile(file, Encoding.UTF8.GetBytes("first line\nsecond line\n"), 23, out uint written, 0)} {written}");
        nint second = volumes.CreateFileW(path, ReadWrite, 0, 0, OpenExisting, 0, 0);
        say($"not shared: {second}, error {Marshal.GetLastPInvokeError()}");
        say($"back: {volumes.SetFilePointerEx(file, -12, out long position, 1)} {position}");
        byte[] buffer = new byte[8];
        uint read;
        do
        {
            int status = volumes.ReadFile(file, buffer, 8, out read, 0);
            say($"read: {status} {read} {Encoding.UTF8.GetString(buffer, 0, (int)read).Replace('\n', '.')}");
        }
        while (read > 0);

        say($"before the start: {volumes.SetFilePointerEx(file, -1, out _, 0)}, error {Marshal.GetLastPInvokeError()}");
        say($"cut: {volumes.SetFilePointerEx(file, 5, out _, 0)} {volumes.SetEndOfFile(file)}");
        say($"look: {volumes.GetFileInformationByHandle(file, out FileInformation info)} size {info.SizeLow} links {info.Links}");
        char[] name = new char[260];
        uint needed = volumes.GetFinalPathNameByHandleW(file, name.AsSpan(0, 4), 4, 0);
        say($"room for the path: {needed}");
        uint length = volumes.GetFinalPathNameByHandleW(file, name.AsSpan(0, (int)needed), needed, 0);
        say($"path: {length} {new string(name, 0, (int)length)}");
        say($"close: {volumes.CloseHandle(file)}");
    }

    private static void List(IVolumes volumes, Action<FormattableString> say)
    {
        nint none = volumes.FindFirstFileW(Folder + @"\*.none", out _);
        say($"nothing: {none}, error {Marshal.GetLastPInvokeError()}");
        nint find = volumes.FindFirstFileW(Folder + @"\*", out FindData data);
        do
        {
            say($"entry: {(data.Attributes & 0x10) != 0} {UpToNul(data.Name)} {data.SizeLow}");
        }
        while (volumes.FindNextFileW(find, out data) != 0);
        say($"no more: {Marshal.GetLastPInvokeError()}, close {volumes.FindClose(find)}");
    }

    private static string UpToNul(ReadOnlySpan<char> text) => new(text[..text.IndexOf('\0')]);
}
