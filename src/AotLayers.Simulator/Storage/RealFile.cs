using System.Globalization;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace AotLayers.Simulator;

/// <summary>
/// Reads files of layer folders, whose makers nobody vouches for: regular files only, of bounded size, never through a link.
/// </summary>
internal static partial class RealFile
{
    private const int TypeMask = 0xF000;
    private const int RegularType = 0x8000;

    /// <summary>
    /// Whether a path that is neither a directory nor a link is a regular file, and not a pipe, socket or device, which could be read for
    /// ever.
    /// </summary>
    public static bool IsRegular(FileInfo file)
    {
        // None of these others has a size.
        if (OperatingSystem.IsWindows() || file.Length > 0)
        {
            return true;
        }

        int[] status = new int[64];
        return LStat(file.FullName, status) == 0 && (status[1] & TypeMask) == RegularType;
    }

    /// <summary>Reads a whole file; null when there is none of that name.</summary>
    /// <param name="path">The file.</param>
    /// <param name="limit">Most bytes.</param>
    /// <exception cref="InvalidDataException">It is not a regular file, or larger.</exception>
    /// <exception cref="IOException">It cannot be read.</exception>
    public static byte[]? ReadBounded(string path, int limit)
    {
        var file = new FileInfo(path);
        if (file.LinkTarget is not null || Directory.Exists(path) || (file.Exists && !IsRegular(file)))
        {
            throw new InvalidDataException($"{path}: not a regular file");
        }

        if (!file.Exists)
        {
            return null;
        }

        // One byte more than was asked about: a file that grows meanwhile is not read on and on.
        using SafeFileHandle handle = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        byte[] bytes = new byte[Math.Min(file.Length, limit) + 1];
        int read = 0;
        for (int got = 1; got > 0 && read < bytes.Length; read += got)
        {
            got = RandomAccess.Read(handle, bytes.AsSpan(read), read);
        }

        return read <= limit && read < bytes.Length ? bytes[..read]
            : throw new InvalidDataException(string.Create(
                CultureInfo.InvariantCulture, $"{path}: {(read <= limit ? "grows while it is read" : $"more than {limit} bytes")}"));
    }

    // .NET tells directories and links apart from the rest, but not the rest. Its own library, which is part of every .NET program off
    // Windows, does: flags, then st_mode, in the layout that it has on every system.
    [LibraryImport("libSystem.Native", EntryPoint = "SystemNative_LStat", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LStat(string path, [Out] int[] status);
}
