using System.Collections.Concurrent;

namespace AotLayers.Native.Tests;

/// <summary>How a C program finds the library.</summary>
internal enum Linkage
{
    /// <summary>Linked with libaotlayers.so, or with the import library.</summary>
    Linked,

    /// <summary>dlopen or LoadLibrary, by the path in its first argument.</summary>
    Loaded,
}

/// <summary>The programs of folder c, compiled once each, and how they are run.</summary>
internal static class CCallers
{
    private static readonly Lazy<TempFolder> s_folder = new(() => new TempFolder());
    private static readonly ConcurrentDictionary<(Platform, Linkage, string), Lazy<string>> s_programs = new();

    /// <summary>Folder of the C sources.</summary>
    public static string Sources { get; } = Path.Combine(PublishedArtifacts.RepositoryRoot, "tests", "AotLayers.Native.Tests", "c");

    /// <summary>The published header's folder: what a user compiles against.</summary>
    public static string Include(Platform platform) => Path.GetDirectoryName(PublishedArtifacts.Library(platform))!;

    /// <summary>Runs a program of folder c.</summary>
    /// <param name="platform">On Windows under Wine.</param>
    /// <param name="linkage">How it finds the library.</param>
    /// <param name="source">File name of its source.</param>
    /// <param name="arguments">Its arguments, without the library.</param>
    public static ProcessResult Run(Platform platform, Linkage linkage, string source, params string[] arguments)
    {
        string program = Program(platform, linkage, source);
        if (linkage == Linkage.Loaded)
        {
            arguments = [PathFor(platform, PublishedArtifacts.Library(platform)), .. arguments];
        }

        return platform == Platform.Windows ? WineRunner.Run(program, arguments) : ProcessRunner.Run(program, arguments);
    }

    /// <summary>A path as programs of the platform see it.</summary>
    public static string PathFor(Platform platform, string path) => platform == Platform.Windows ? WineRunner.ToWindowsPath(path) : path;

    /// <summary>The compiled program.</summary>
    public static string Program(Platform platform, Linkage linkage, string source) =>
        s_programs.GetOrAdd(
            (platform, linkage, source),
            key => new Lazy<string>(() => Compile(key.Item1, key.Item2, Path.Combine(Sources, key.Item3)))).Value;

    /// <summary>Compiles a source against the published header and library.</summary>
    public static string Compile(Platform platform, Linkage linkage, string source)
    {
        string library = PublishedArtifacts.Library(platform);
        bool cpp = Path.GetExtension(source) == ".cpp";
        string name = $"{Path.GetFileNameWithoutExtension(source)}-{linkage}-{(cpp ? "cpp" : "c")}".ToLowerInvariant();
        List<string> options = ["-I", Include(platform), "-I", Sources, source];
        if (linkage == Linkage.Loaded)
        {
            options.Add("-DDYNAMIC");
        }

        if (platform == Platform.Windows)
        {
            Requires.WindowsTools();

            // Formats of printf as C99 has them, wmain as entry point, and no DLLs of the compiler.
            options.AddRange(["-D__USE_MINGW_ANSI_STDIO=1", "-static"]);
            if (File.ReadAllText(source).Contains("platform.h", StringComparison.Ordinal))
            {
                options.Add("-municode");
            }

            if (linkage == Linkage.Linked)
            {
                options.Add(PublishedArtifacts.ImportLibrary);
                CopyBeside(library);
            }

            return (cpp ? CCompiler.MingwGxx : CCompiler.MingwGcc).Compile(s_folder.Value.File(name + ".exe"), [.. options]);
        }

        options.AddRange(["-pthread", "-ldl"]);
        if (linkage == Linkage.Linked)
        {
            string folder = Path.GetDirectoryName(library)!;
            options.AddRange(["-L", folder, "-laotlayers", $"-Wl,-rpath,{folder}"]);
        }

        return (cpp ? CCompiler.Gxx : CCompiler.Gcc).Compile(s_folder.Value.File(name), [.. options]);
    }

    /// <summary>Removes the programs.</summary>
    public static void Remove()
    {
        if (s_folder.IsValueCreated)
        {
            s_folder.Value.Dispose();
        }
    }

    private static void CopyBeside(string library)
    {
        string copy = s_folder.Value.File(Path.GetFileName(library));
        if (!File.Exists(copy))
        {
            File.Copy(library, copy);
        }
    }
}

/// <summary>Removes the compiled programs after the last test.</summary>
[SetUpFixture]
public sealed class CCallersLifetime
{
    [OneTimeTearDown]
    public void RemovePrograms() => CCallers.Remove();
}
