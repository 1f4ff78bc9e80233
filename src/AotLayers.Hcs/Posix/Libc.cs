using System.Runtime.InteropServices;

namespace AotLayers.Hcs;

/// <summary>
/// The calls of the C library on Linux that .NET has no method for and that output files need. They are declared here, where all native
/// calls are, but are no recorded API: what a tool does with its own output is no part of what a machine answered.
/// </summary>
public static partial class Libc
{
    /// <summary>AT_FDCWD: relative to the current directory.</summary>
    public const int CurrentDirectory = -100;

    /// <summary>AT_SYMLINK_FOLLOW.</summary>
    public const int FollowLinks = 0x400;

    /// <summary>O_RDWR | O_CLOEXEC | __O_TMPFILE; O_DIRECTORY, which differs between architectures, is to be added.</summary>
    private const int ReadWriteUnnamed = 0x2 | 0x80000 | 0x400000;

    private const string Library = "libc";

    /// <summary>O_TMPFILE with O_RDWR and O_CLOEXEC: a file without a name in a directory.</summary>
    public static int UnnamedFile =>
        ReadWriteUnnamed | (RuntimeInformation.ProcessArchitecture is Architecture.Arm64 or Architecture.Arm ? 0x4000 : 0x10000);

    /// <summary>Opens a path. -1 on failure.</summary>
    [LibraryImport(Library, EntryPoint = "open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int Open(string path, int flags, uint mode);

    /// <summary>Gives a file one more name. Not 0 on failure; an existing name is not replaced.</summary>
    [LibraryImport(Library, EntryPoint = "linkat", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int LinkAt(int oldDirectory, string oldPath, int newDirectory, string newPath, int flags);

    /// <summary>Writes to a descriptor, at its own position. -1 on failure.</summary>
    [LibraryImport(Library, EntryPoint = "write", SetLastError = true)]
    public static unsafe partial nint Write(int descriptor, byte* buffer, nuint length);

    /// <summary>Sends a signal to a process. Not 0 on failure.</summary>
    [LibraryImport(Library, EntryPoint = "kill", SetLastError = true)]
    public static partial int Kill(int processId, int signal);

    /// <summary>Type and mode of a path (<see cref="FileStatus.Mode"/>); follows links. Not 0 on failure.</summary>
    [LibraryImport(Library, EntryPoint = "statx", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    public static partial int StatX(int directory, string path, int flags, uint mask, out FileStatus status);
}

/// <summary>struct statx, of which only the mode is of interest: 256 bytes, the same on all architectures.</summary>
[StructLayout(LayoutKind.Explicit, Size = 256)]
public struct FileStatus
{
    /// <summary>STATX_TYPE of the mask.</summary>
    public const uint TypeMask = 1;

    /// <summary>S_IFMT: the part of the mode that is the type.</summary>
    public const ushort FormatBits = 0xF000;

    /// <summary>S_IFREG.</summary>
    public const ushort RegularFile = 0x8000;

    /// <summary>stx_mode, offset 28.</summary>
    [FieldOffset(28)]
    public ushort Mode;
}
