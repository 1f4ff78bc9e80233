namespace AotLayers.Native.Tests.Harness;

/// <summary>
/// A C program, and the library that it finds: the shim as a simulated machine, in a folder of its own. Neither knows of a recorder.
/// </summary>
internal sealed class RecordedClient : IDisposable
{
    private static readonly string[] s_layer = [@"C:\layers\app", @"C:\layers\base"];

    private readonly TempFolder _folder = new();
    private readonly string _program;
    private readonly string _library;

    public RecordedClient()
    {
        // A copy: the loader takes files that are the same for one library, and the recorder is another one.
        _library = _folder.File("libvmcompute.so");
        File.Copy(PublishedArtifacts.Shim(Platform.Linux), _library);
        _program = CCompiler.Gcc.Compile(_folder.File("client"), "-std=c11", Source("export_client.c"), "-ldl", "-pthread");
    }

    /// <summary>The layers of the simulated machine.</summary>
    public static string Layers => Path.Combine(PublishedArtifacts.RepositoryRoot, "recordings", "layers");

    private static Dictionary<string, string?> Environment => new() { ["AOTLAYERS_HCS"] = "sim:" + Layers };

    /// <summary>The program under test.</summary>
    public static ProcessResult Cli(params string[] arguments) => ProcessRunner.Run(PublishedArtifacts.Cli(Platform.Linux), arguments);

    /// <summary>The client by itself.</summary>
    public ProcessResult Run(params string[] what) =>
        ProcessRunner.Run(_program, [_library, .. s_layer, .. what], environment: Environment);

    /// <summary>The client, recorded.</summary>
    public ProcessResult Record(string output, string[] options, params string[] what) =>
        ProcessRunner.Run(PublishedArtifacts.Cli(Platform.Linux), Line(output, options, what), environment: Environment);

    /// <summary>The client, answered from a recording, without a machine.</summary>
    public ProcessResult Replay(string recording, string[] options, params string[] what) => ProcessRunner.Run(
        PublishedArtifacts.Cli(Platform.Linux), ["replay", recording, .. options, "--", _program, _library, .. s_layer, .. what]);

    /// <summary>Takes the library away.</summary>
    public void RemoveLibrary() => File.Delete(_library);

    /// <summary>The client, recorded, while it goes on.</summary>
    public RunningProgram StartRecording(string output, string[] options, params string[] what) =>
        new(PublishedArtifacts.Cli(Platform.Linux), Line(output, options, what), Environment);

    /// <summary>A program that passes what no function takes.</summary>
    public ProcessResult RecordCareless(string output)
    {
        string careless = CCompiler.Gcc.Compile(_folder.File("careless"), "-std=c11", Source("shim_caller.c"), "-ldl");
        return ProcessRunner.Run(
            PublishedArtifacts.Cli(Platform.Linux), ["record", "-o", output, "--", careless, _library], environment: Environment);
    }

    /// <summary>A program that the loader binds to the library.</summary>
    public ProcessResult RecordLinked(string output)
    {
        string source = _folder.File("linked.c");
        File.WriteAllText(source, """
            #include <stdint.h>
            extern int32_t NameToGuid(const uint16_t *name, void *id);
            int main(void) { uint16_t name[] = { 'b', 'a', 's', 'e', 0 }; char id[16]; return NameToGuid(name, id); }
            """);
        string linked = CCompiler.Gcc.Compile(
            _folder.File("linked"), "-std=c11", source, "-L" + Path.GetDirectoryName(_library), "-lvmcompute", "-Wl,-rpath,$ORIGIN");
        return ProcessRunner.Run(
            PublishedArtifacts.Cli(Platform.Linux), ["record", "-o", output, "--", linked], environment: Environment);
    }

    public void Dispose() => _folder.Dispose();

    private static string Source(string name) =>
        Path.Combine(PublishedArtifacts.RepositoryRoot, "tests", "AotLayers.Native.Tests", "c", name);

    private string[] Line(string output, string[] options, string[] what) =>
        ["record", "-o", output, .. options, "--", _program, _library, .. s_layer, .. what];
}
