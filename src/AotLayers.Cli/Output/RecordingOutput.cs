using System.IO.Compression;
using AotLayers.App;

namespace AotLayers.Cli.Output;

/// <summary>Where a command puts a recording or a page: a file that appears whole or not at all, or standard output.</summary>
internal static class RecordingOutput
{
    /// <summary>Writes it.</summary>
    /// <param name="path">The file, compressed when its name ends in <c>.gz</c>; <c>-</c> for standard output.</param>
    /// <param name="write">Writes the content.</param>
    /// <exception cref="UsageException">The content would go to a terminal.</exception>
    public static void Write(string path, Action<Stream> write)
    {
        if (path == "-")
        {
            if (!Console.IsOutputRedirected)
            {
                throw new UsageException("the result would go to the terminal: redirect standard output, or name a file with --output");
            }

            using Stream output = Console.OpenStandardOutput();
            using var buffered = new BufferedStream(output, 1 << 16);
            write(buffered);
            return;
        }

        if (AtomicOutputFile.FindProblem(path) is { } problem)
        {
            throw new UsageException($"--output: {problem}");
        }

        using var file = AtomicOutputFile.Create(path);
        if (path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase))
        {
            using var compressed = new GZipStream(file.Stream, CompressionLevel.Optimal, leaveOpen: true);
            write(compressed);
        }
        else
        {
            write(file.Stream);
        }

        file.Commit();
    }
}
