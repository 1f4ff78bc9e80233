using System.Buffers.Binary;
using System.Runtime.InteropServices;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers;

/// <summary>Reads what the operating system has: its revision, volumes, file system filters (docs/windows/host.md).</summary>
internal static class HostExamination
{
    private const int FilterFullInformation = 0;
    private const int FilterNameAt = 14;
    private const int RoomForFilter = 1024;
    private const int MostFilters = 1000;
    private const uint NoMoreItems = 259;

    /// <summary>HKEY_LOCAL_MACHINE.</summary>
    private const nint LocalMachine = unchecked((int)0x80000002);

    /// <summary>RRF_RT_REG_DWORD.</summary>
    private const uint NumbersOnly = 0x10;

    /// <summary>The last part of the version, which updates count up; null when it is not known.</summary>
    public static uint? Revision(WindowsHost host)
    {
        uint size = sizeof(uint);
        return host.Advapi32.RegGetNumber(
            LocalMachine, @"SOFTWARE\Microsoft\Windows NT\CurrentVersion", "UBR", NumbersOnly, out _, out uint revision, ref size) == 0
            ? revision
            : null;
    }

    /// <summary>The volumes of the temporary folder and of a layer.</summary>
    public static List<DoctorVolume> Volumes(WindowsHost? host, LayerLocation? layer)
    {
        var volumes = new List<DoctorVolume>();
        string temporary = host is null ? Path.GetTempPath() : TemporaryFolder(host.Kernel32);
        volumes.Add(Volume(host, "temporary folder", temporary));
        if (layer is not null)
        {
            volumes.Add(Volume(host, "layer", layer.Path));
        }

        return volumes;
    }

    /// <summary>The file system filters.</summary>
    public static DoctorFilters Filters(WindowsHost host)
    {
        IFltlib fltlib = host.Fltlib;
        if (fltlib.Probe("FilterFindFirst") != ExportStatus.Present)
        {
            return new DoctorFilters { Problem = "fltlib.dll does not have FilterFindFirst" };
        }

        var names = new List<string>();
        byte[] buffer = new byte[RoomForFilter];
        int hr = fltlib.FilterFindFirst(FilterFullInformation, buffer, RoomForFilter, out uint written, out nint find);
        if (!HResult.Succeeded(hr))
        {
            string reason = HcsException.FromHResult("FilterFindFirst", hr).Message;
            return HResult.Unwrap(hr) == NoMoreItems ? new DoctorFilters() : new DoctorFilters { Problem = reason };
        }

        try
        {
            while (HResult.Succeeded(hr) && names.Count < MostFilters)
            {
                names.Add(FilterName(buffer.AsSpan(0, (int)Math.Min(written, RoomForFilter))));
                hr = fltlib.FilterFindNext(find, FilterFullInformation, buffer, RoomForFilter, out written);
            }
        }
        finally
        {
            fltlib.FilterFindClose(find);
        }

        return new DoctorFilters
        {
            Names = names,
            Problem = HResult.Succeeded(hr) || HResult.Unwrap(hr) == NoMoreItems
                ? null
                : HcsException.FromHResult("FilterFindNext", hr).Message,
        };
    }

    // FILTER_FULL_INFORMATION: three numbers, the length of the name in bytes, the name.
    private static string FilterName(ReadOnlySpan<byte> information)
    {
        if (information.Length < FilterNameAt)
        {
            return "";
        }

        int length = BinaryPrimitives.ReadUInt16LittleEndian(information[(FilterNameAt - 2)..]);
        ReadOnlySpan<byte> name = information[FilterNameAt..];
        return new string(MemoryMarshal.Cast<byte, char>(name[..Math.Min(length, name.Length)]));
    }

    private static DoctorVolume Volume(WindowsHost? host, string purpose, string path) =>
        host is null ? PortableVolume(purpose, path) : WindowsVolume(host.Volumes, purpose, path);

    private static DoctorVolume WindowsVolume(IVolumes volumes, string purpose, string path)
    {
        ushort[] root = new ushort[Win32Constants.MaxPath];
        if (volumes.GetVolumePathNameW(path, root, Win32Constants.MaxPath) == 0)
        {
            return Unknown(purpose, path, HcsException.FromWin32("GetVolumePathNameW", Win32Error.Last).Message);
        }

        string rootPath = Text(root);
        ushort[] fileSystem = new ushort[261];
        if (volumes.GetVolumeInformationW(rootPath, [], 0, out _, out _, out _, fileSystem, (uint)fileSystem.Length) == 0)
        {
            return Unknown(purpose, path, HcsException.FromWin32("GetVolumeInformationW", Win32Error.Last).Message);
        }

        string name = Text(fileSystem);
        bool known = volumes.GetDiskFreeSpaceExW(rootPath, out ulong available, out ulong total, out _) != 0;
        return new DoctorVolume
        {
            Purpose = purpose,
            Path = path,
            Root = rootPath,
            FileSystem = name,
            Available = known ? (long)available : null,
            Total = known ? (long)total : null,
            Problem = name == "NTFS" ? null : $"layers lie on NTFS; this is {name}",
        };
    }

    private static DoctorVolume PortableVolume(string purpose, string path)
    {
        try
        {
            DriveInfo? drive = DriveOf(Path.GetFullPath(path));
            return drive is null ? Unknown(purpose, path, "no volume is mounted there") : new DoctorVolume
            {
                Purpose = purpose,
                Path = path,
                Root = drive.Name,
                FileSystem = drive.DriveFormat,
                Available = drive.AvailableFreeSpace,
                Total = drive.TotalSize,
            };
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            return Unknown(purpose, path, e.Message);
        }
    }

    /// <summary>The volume whose mount point is nearest above a path.</summary>
    private static DriveInfo? DriveOf(string path)
    {
        DriveInfo? nearest = null;
        foreach (DriveInfo drive in DriveInfo.GetDrives())
        {
            string name = drive.Name.TrimEnd('/');
            if (path.StartsWith(name, StringComparison.Ordinal)
                && (path.Length == name.Length || path[name.Length] == '/')
                && name.Length >= (nearest?.Name.TrimEnd('/').Length ?? 0))
            {
                nearest = drive;
            }
        }

        return nearest;
    }

    private static DoctorVolume Unknown(string purpose, string path, string problem) =>
        new() { Purpose = purpose, Path = path, Problem = problem };

    private static string TemporaryFolder(IKernel32 kernel32)
    {
        ushort[] buffer = new ushort[Win32Constants.MaxPath];
        uint length = kernel32.GetTempPathW(Win32Constants.MaxPath, buffer);
        return length is 0 or >= Win32Constants.MaxPath ? @"C:\" : Text(buffer);
    }

    private static string Text(ushort[] buffer)
    {
        int end = Array.IndexOf(buffer, (ushort)0);
        return new string(MemoryMarshal.Cast<ushort, char>(buffer.AsSpan(0, end < 0 ? buffer.Length : end)));
    }
}
