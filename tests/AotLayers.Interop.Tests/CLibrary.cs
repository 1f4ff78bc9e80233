using System.Diagnostics;

namespace AotLayers.Interop.Tests;

/// <summary>A small C library for one test class, compiled by the machine's C compiler into a folder of its own.</summary>
internal sealed class CLibrary
{
    private CLibrary(string path) => Path = path;

    /// <summary>The shared library.</summary>
    public string Path { get; }

    /// <summary>Compiles a C source that stands beside the tests.</summary>
    /// <param name="source">Its path under the test project, for example <c>Shapes/handles.c</c>.</param>
    public static CLibrary Build(string source)
    {
        string input = System.IO.Path.Combine(AppContext.BaseDirectory, source.Replace('/', System.IO.Path.DirectorySeparatorChar));
        string folder = Directory.CreateTempSubdirectory("aotlayers-c-").FullName;
        string output = System.IO.Path.Combine(folder, "lib" + System.IO.Path.GetFileNameWithoutExtension(source) + ".so");
        ProcessStartInfo start = new("cc") { RedirectStandardError = true, RedirectStandardOutput = true };
        foreach (string argument in new[]
        {
            "-std=gnu11",
            "-Wall",
            "-Wextra",
            "-Werror",
            "-O1",
            "-g",
            "-fPIC",
            "-shared",
            "-o",
            output,
            input,
            "-lpthread"
        })
        {
            start.ArgumentList.Add(argument);
        }

        using Process compiler = Process.Start(start)!;
        Task<string> messages = compiler.StandardError.ReadToEndAsync();
        compiler.StandardOutput.ReadToEnd();
        compiler.WaitForExit();
        Assert.True(compiler.ExitCode == 0, messages.Result);
        return new CLibrary(output);
    }
}
