using System.Text;
using AotLayers.Interop;

namespace AotLayers.WindowsLibraries;

/// <summary>
/// <c>record NAME FILE</c>: runs one of the programs on the real library, records it and prints what it saw. The origin is the libraries'
/// system, and neither the build of it nor that of the recorder, so that the file only depends on what was called.
/// </summary>
internal static class Program
{
    private static int Main(string[] args)
    {
        if (args is not ["record", "registry" or "volumes", var path])
        {
            Console.Error.WriteLine("usage: record registry|volumes FILE");
            return 2;
        }

        using FileStream file = File.Create(path);
        RecorderOptions options = new()
        {
            Origin = new RecordingOrigin(RecordingOrigin.Live, "wine", "x64", "aotlayers", "AotLayers.WindowsLibraries.exe"),
            Rules = args[1] == "registry" ? RegistryProgram.Rules : VolumesProgram.Rules,
        };
        IReadOnlyList<string> seen;
        using (var recorder = Recorder.Create(file, options))
        {
            seen = args[1] == "registry"
                ? RegistryProgram.Run(new RecordingRegistry(new NativeRegistry(), recorder))
                : VolumesProgram.Run(new RecordingVolumes(new NativeVolumes(), recorder));
            recorder.Complete();
            if (recorder.Failure is { } failure)
            {
                Console.Error.WriteLine(failure.Message);
                return 1;
            }
        }

        using Stream output = Console.OpenStandardOutput();
        output.Write(Encoding.UTF8.GetBytes(string.Join('\n', seen) + "\n"));
        return 0;
    }
}
