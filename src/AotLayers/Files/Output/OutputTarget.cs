using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// What the name of an output stands for. It is told by what is there, not by what the path looks like: /dev/shm holds ordinary files.
/// </summary>
internal enum OutputTargetKind
{
    /// <summary>An ordinary file, or nothing yet: written beside and put in place whole.</summary>
    File,

    /// <summary>A device, pipe or socket: written as it is.</summary>
    Device,

    /// <summary>A descriptor that this process has open already, as in <c>/dev/stdout</c>.</summary>
    Descriptor,
}

/// <summary>A resolved output.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Path">Absolute path; of a link, where it leads.</param>
/// <param name="Descriptor">Number of the descriptor.</param>
internal readonly record struct OutputTarget(OutputTargetKind Kind, string Path, int Descriptor = -1)
{
    private const int MaxLinks = 40;

    /// <summary>Resolves a name.</summary>
    /// <exception cref="IOException">It stands for nothing that can be written.</exception>
    public static OutputTarget Resolve(string path) => OperatingSystem.IsWindows() ? ResolveWindows(path) : ResolvePosix(path);

    /// <summary>What a name means on Windows by its spelling alone.</summary>
    /// <param name="path">The name as it was given.</param>
    /// <param name="device">The device to open, <c>\\.\NUL</c>; null for an ordinary file.</param>
    /// <returns>Why it cannot be written; null when it can.</returns>
    public static string? CheckWindowsName(string path, out string? device)
    {
        device = null;
        if (string.IsNullOrWhiteSpace(path))
        {
            return "the name is blank";
        }

        if (path.StartsWith(@"\\?\", StringComparison.Ordinal))
        {
            return null;
        }

        string name = path.TrimEnd('\\', '/');
        bool devices = name.StartsWith(@"\\.\", StringComparison.Ordinal) || name.StartsWith("//./", StringComparison.Ordinal);
        string last = WindowsPath.BaseName(name);
        string? found = WindowsDeviceName.Find(last);
        if (found is null)
        {
            device = devices ? path : null;
            return null;
        }

        if (found is "CON" or "CONIN$" or "CONOUT$")
        {
            return $"'{last}' is the console on Windows, and this is not text: name a file, or - for standard output";
        }

        if (devices || found == "NUL" && last.TrimEnd(':').Equals("NUL", StringComparison.OrdinalIgnoreCase))
        {
            device = devices ? path : @"\\.\NUL";
            return null;
        }

        string hint = found == "NUL" ? "NUL alone throws the output away" : $@"\\.\{found} is the device";
        return $"'{last}' means the device {found} on Windows, in every folder and whatever follows the dot: choose another name ({hint})";
    }

    private static OutputTarget ResolveWindows(string path)
    {
        if (CheckWindowsName(path, out string? device) is { } problem)
        {
            throw new IOException(problem);
        }

        return device is not null ? new OutputTarget(OutputTargetKind.Device, device) : File(path);
    }

    private static OutputTarget ResolvePosix(string path)
    {
        string target = System.IO.Path.GetFullPath(path);
        for (int links = 0; ; links++)
        {
            if (DescriptorOf(target) is int descriptor)
            {
                return new OutputTarget(OutputTargetKind.Descriptor, path, descriptor);
            }

            // A link stays a link; what it points to is replaced.
            if (new FileInfo(target).LinkTarget is not { } next)
            {
                break;
            }

            target = links < MaxLinks
                ? System.IO.Path.GetFullPath(next, System.IO.Path.GetDirectoryName(target)!)
                : throw new IOException("too many links lead to each other");
        }

        return IsSpecial(target) ? new OutputTarget(OutputTargetKind.Device, target) : File(target);
    }

    private static OutputTarget File(string path)
    {
        string full = System.IO.Path.GetFullPath(path);
        if (Directory.Exists(full))
        {
            throw new IOException("it is a directory");
        }

        if (System.IO.Path.GetDirectoryName(full) is { } folder && !Directory.Exists(folder))
        {
            throw new DirectoryNotFoundException($"there is no folder {folder}");
        }

        var link = new FileInfo(full);
        return new OutputTarget(
            OutputTargetKind.File,
            link.LinkTarget is null ? full : link.ResolveLinkTarget(returnFinalTarget: true)!.FullName);
    }

    private static int? DescriptorOf(string path)
    {
        switch (path)
        {
            case "/dev/stdout":
                return 1;
            case "/dev/stderr":
                return 2;
            default:
                string? number = path.StartsWith("/dev/fd/", StringComparison.Ordinal) ? path["/dev/fd/".Length..]
                    : path.StartsWith("/proc/self/fd/", StringComparison.Ordinal) ? path["/proc/self/fd/".Length..]
                    : null;
                return int.TryParse(number, System.Globalization.NumberStyles.None, null, out int descriptor) ? descriptor : null;
        }
    }

    /// <summary>Whether something is there that is neither an ordinary file nor a directory.</summary>
    private static bool IsSpecial(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return path.StartsWith("/dev/", StringComparison.Ordinal) && System.IO.File.Exists(path);
        }

        return Libc.StatX(Libc.CurrentDirectory, path, 0, FileStatus.TypeMask, out FileStatus status) == 0
            && (status.Mode & FileStatus.FormatBits) != FileStatus.RegularFile
            && !Directory.Exists(path);
    }
}
