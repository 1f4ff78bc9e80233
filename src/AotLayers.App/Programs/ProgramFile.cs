using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace AotLayers.App;

/// <summary>Finds a program, and says whether the recorder fits into it.</summary>
internal static class ProgramFile
{
    private const ushort Amd64 = 0x8664;
    private const ushort Arm64 = 0xAA64;
    private const byte ElfClass64 = 2;

    /// <summary>The file that a name means.</summary>
    /// <exception cref="FileNotFoundException">There is none.</exception>
    public static string Find(string program)
    {
        if (program.AsSpan().ContainsAny(Path.DirectorySeparatorChar, Path.AltDirectorySeparatorChar)
            || (OperatingSystem.IsWindows() && File.Exists(WithExtension(program))))
        {
            string path = WithExtension(program);
            return File.Exists(path) ? Path.GetFullPath(path) : throw Missing(program, "there is no such file");
        }

        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator))
        {
            string candidate = Path.Combine(folder.Length == 0 ? "." : folder, WithExtension(program));
            if (File.Exists(candidate) && IsExecutable(candidate))
            {
                return Path.GetFullPath(candidate);
            }
        }

        throw Missing(program, "it is in no folder of the PATH");
    }

    /// <summary>Refuses a program that the recorder cannot be put into.</summary>
    /// <exception cref="RefusedException">It is a 32-bit program, or one for another processor.</exception>
    public static void RequireFit(string path)
    {
        Span<byte> head = stackalloc byte[4096];
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, 1);
        head = head[..file.ReadAtLeast(head, head.Length, throwOnEndOfStream: false)];
        if (head.StartsWith("\u007fELF"u8) && head.Length > 4 && head[4] != ElfClass64)
        {
            throw Unfit(path, "a 32-bit program");
        }

        if (head.StartsWith("MZ"u8) && head.Length > 64)
        {
            int at = BinaryPrimitives.ReadInt32LittleEndian(head[60..]);
            if (at < 0 || at > head.Length - 6 || !head[at..].StartsWith("PE\0\0"u8))
            {
                throw Unfit(path, "no program for Windows of today");
            }

            ushort machine = BinaryPrimitives.ReadUInt16LittleEndian(head[(at + 4)..]);
            ushort wanted = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? Arm64 : Amd64;
            if (OperatingSystem.IsWindows() && machine != wanted)
            {
                throw Unfit(path, machine == 0x14C ? "a 32-bit program" : $"a program for another processor (machine 0x{machine:x4})");
            }
        }
    }

    private static string WithExtension(string program) =>
        OperatingSystem.IsWindows() && Path.GetExtension(program).Length == 0 && !File.Exists(program) ? program + ".exe" : program;

    private static bool IsExecutable(string path) => OperatingSystem.IsWindows()
        || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0;

    private static FileNotFoundException Missing(string program, string why) => new($"cannot start {program}: {why}", program);

    private static RefusedException Unfit(string path, string what) =>
        new(unchecked((int)ErrorCodes.NotSupported), $"{path} is {what}: the recorder is a 64-bit library and cannot be put into it");
}
