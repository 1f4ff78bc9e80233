using System.Runtime.CompilerServices;
using AotLayers.Formats;
using AotLayers.Hcs;
using static AotLayers.Win32Constants;

namespace AotLayers;

/// <content>Writing. What is written is only sure after <see cref="Close"/>.</content>
internal sealed partial class Win32File
{
    private const uint RestoreAccess = GenericRead | GenericWrite | WriteDac | WriteOwner | AccessSystemSecurity;

    /// <summary>Creates a file that gets a whole backup stream, security included. Nothing of the name may be there.</summary>
    public static Win32File CreateForRestore(IKernel32 kernel32, string path, LayerErrorContext context) =>
        Open(kernel32, path, RestoreAccess, ShareRead, CreateNew, context);

    /// <summary>Opens a directory that gets a whole backup stream; of a reparse point itself, not its target.</summary>
    public static Win32File OpenForRestore(IKernel32 kernel32, string path, LayerErrorContext context) =>
        Open(kernel32, path, RestoreAccess, ShareRead, OpenExisting, context);

    /// <summary>Creates a file for its content. Nothing of the name may be there.</summary>
    public static Win32File CreateForContent(IKernel32 kernel32, string path, LayerErrorContext context) =>
        Open(kernel32, path, GenericRead | GenericWrite, ShareRead, CreateNew, context);

    /// <summary>Opens a file that nobody else opens meanwhile.</summary>
    /// <param name="kernel32">The calls.</param>
    /// <param name="path">The file.</param>
    /// <param name="isNew">Whether it is created, or has to be there.</param>
    /// <param name="context">For errors.</param>
    public static Win32File CreateMark(IKernel32 kernel32, string path, bool isNew, LayerErrorContext context) =>
        Open(kernel32, path, GenericRead | GenericWrite, 0, isNew ? CreateNew : OpenExisting, context);

    /// <summary>Opens for times and attributes alone.</summary>
    public static Win32File OpenForInfo(IKernel32 kernel32, string path, LayerErrorContext context) =>
        Open(kernel32, path, ReadAttributes | WriteAttributes, ShareAll, OpenExisting, context);

    /// <summary>Keeps a folder open, in nobody's way.</summary>
    public static Win32File OpenFolder(IKernel32 kernel32, string path, LayerErrorContext context) =>
        Open(kernel32, path, GenericRead, ShareAll, OpenExisting, context);

    /// <summary>
    /// Sets times and attributes, after the content: it changes them. What is 0 stays (docs/windows/structs.md#file_basic_info).
    /// </summary>
    public void SetInfo(in LayerFileInfo info)
    {
        var basic = info.ToFileBasicInfo();
        if (Kernel32.SetFileBasicInfo(Handle, BasicInfoClass, in basic, (uint)Unsafe.SizeOf<FileBasicInfo>()) == 0)
        {
            throw Failed("SetFileInformationByHandle", null);
        }
    }

    /// <summary>Volume and file: the same for all names of a file, another one for every other file.</summary>
    public UInt128 GetId() => Kernel32.GetFileIdInfo(Handle, IdInfoClass, out FileIdInfo id, (uint)Unsafe.SizeOf<FileIdInfo>()) != 0
        ? new UInt128(id.FileIdHigh, id.FileIdLow)
        : throw Failed("GetFileInformationByHandleEx", null);

    /// <summary>Writes at the file position.</summary>
    public void Write(ReadOnlySpan<byte> bytes)
    {
        if (Kernel32.WriteFile(Handle, bytes, (uint)bytes.Length, out uint written, 0) == 0)
        {
            throw Failed("WriteFile", null);
        }

        if (written != (uint)bytes.Length)
        {
            throw Broken($"WriteFile took {written} of {bytes.Length} bytes", 0);
        }
    }

    /// <summary>Closes the file; a failure means that what was written may not be there.</summary>
    public void Close()
    {
        nint handle = Handle;
        Handle = InvalidHandle;
        if (handle != InvalidHandle && Kernel32.CloseHandle(handle) == 0)
        {
            throw Failed("CloseHandle", null);
        }
    }
}
