using AotLayers.Formats;

namespace AotLayers.Simulator;

/// <summary>Writes a transport tree into a real folder, for callers that walk it with their own file calls.</summary>
internal static class TransportDisk
{
    private const int BufferSize = 128 * 1024;

    /// <summary>Writes the children of a node.</summary>
    /// <param name="source">The tree.</param>
    /// <param name="folder">Real folder, present and without these names.</param>
    /// <exception cref="SimulatedFaultException">A content cannot be read, or a name cannot exist on this machine's disk.</exception>
    /// <exception cref="IOException">Writing failed.</exception>
    public static void Write(SimulatedNode source, string folder)
    {
        byte[] buffer = new byte[BufferSize];
        WriteChildren(source, folder, buffer);
    }

    private static void WriteChildren(SimulatedNode source, string folder, byte[] buffer)
    {
        foreach (SimulatedNode child in source.ExportOrder)
        {
            if (!IsRepresentable(child.Name))
            {
                throw new SimulatedFaultException(Win32Error.InvalidName, $"'{child.Name}' cannot exist on this machine's disk");
            }

            string path = Path.Combine(folder, child.Name);
            if (child.File.IsDirectory)
            {
                Directory.CreateDirectory(path);
                WriteChildren(child, path, buffer);
                SetTimes(path, child.File, Directory.SetCreationTimeUtc, Directory.SetLastAccessTimeUtc, Directory.SetLastWriteTimeUtc);
            }
            else
            {
                WriteFile(path, child.File.Data ?? ContentSource.Empty, buffer);
                SetTimes(path, child.File, File.SetCreationTimeUtc, File.SetLastAccessTimeUtc, File.SetLastWriteTimeUtc);
            }
        }
    }

    private static void WriteFile(string path, ContentSource content, byte[] buffer)
    {
        using var stream = new FileStream(path, FileMode.CreateNew, FileAccess.Write, FileShare.None, bufferSize: 0);
        for (long at = 0; at < content.Length;)
        {
            int read = content.Read(at, buffer);
            stream.Write(buffer, 0, read);
            at += read;
        }
    }

    private static void SetTimes(
        string path,
        SimulatedFile file,
        Action<string, DateTime> creation,
        Action<string, DateTime> access,
        Action<string, DateTime> write)
    {
        Set(creation, file.Info.CreationTime);
        Set(access, file.Info.LastAccessTime);
        Set(write, file.Info.LastWriteTime);

        void Set(Action<string, DateTime> set, long time)
        {
            // Times that the runtime cannot express stay those of the copy.
            if (time > 0 && time <= DateTime.MaxValue.ToFileTimeUtc())
            {
                set(path, DateTime.FromFileTimeUtc(time));
            }
        }
    }

    // Off Windows names become UTF-8, which a lone surrogate has no place in.
    private static bool IsRepresentable(string name) =>
        !name.AsSpan().ContainsAny(Path.GetInvalidFileNameChars()) && Wtf8.GetString(System.Text.Encoding.UTF8.GetBytes(name)) == name;
}
