using System.Diagnostics;
using AotLayers.Replay.Tests.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>Python's tarfile module as an independent reader of the tars that are written here.</summary>
internal static class PythonTar
{
    /// <summary>One line per member: type, mode, size, time, name, link target, PAX records, digest of the content.</summary>
    public static IReadOnlyList<string> List(byte[] tar)
    {
        string path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, tar);
            var start = new ProcessStartInfo("python3") { RedirectStandardOutput = true, RedirectStandardError = true };
            start.ArgumentList.Add(Path.Combine(
                SampleLayers.RepositoryRoot,
                "tests",
                "AotLayers.Replay.Tests",
                "Recordings",
                "list_tar.py"));
            start.ArgumentList.Add(path);
            using Process process = Process.Start(start)!;
            Task<string> error = process.StandardError.ReadToEndAsync();
            string output = process.StandardOutput.ReadToEnd();
            process.WaitForExit();
            Assert.True(process.ExitCode == 0, error.Result);
            return output.TrimEnd('\n').Split('\n');
        }
        finally
        {
            File.Delete(path);
        }
    }
}
