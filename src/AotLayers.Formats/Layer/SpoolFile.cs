using System.Buffers;

namespace AotLayers.Formats;

/// <summary>
/// A copy of a stream that can seek: in memory while it is small, in a temporary file that nobody else sees when it is not.
/// </summary>
public static class SpoolFile
{
    private const int MaxInMemory = 1024 * 1024;
    private const int BufferSize = 128 * 1024;

    /// <summary>Copies what is left of a stream. The copy stands at its start; its owner disposes of it, and then it is gone.</summary>
    public static Stream Copy(Stream source, CancellationToken cancellationToken)
    {
        Stream copy = new MemoryStream();
        byte[] buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            int got;
            while ((got = source.Read(buffer)) > 0)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (copy is MemoryStream memory && memory.Length + got > MaxInMemory)
                {
                    copy = Create();
                    memory.WriteTo(copy);
                    memory.Dispose();
                }

                copy.Write(buffer, 0, got);
            }

            copy.Position = 0;
            return copy;
        }
        catch
        {
            copy.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>An empty one, in a temporary file. Its owner disposes of it, and then it is gone.</summary>
    public static Stream Create() => OpenFile();

    private static FileStream OpenFile()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        var file = new FileStream(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, BufferSize, FileOptions.DeleteOnClose);
        if (!OperatingSystem.IsWindows())
        {
            // Without a name it is gone even if this process is killed.
            File.Delete(path);
        }

        return file;
    }
}
