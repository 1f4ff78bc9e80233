using System.Reflection.PortableExecutable;
using System.Text.RegularExpressions;

namespace AotLayers.Native.Tests;

/// <summary>What is promised of the files that people copy to a machine: small, alone, and needing nothing that is not there.</summary>
public sealed class PublishedProgramTests
{
    private const long Megabyte = 1_000_000;

    private static IEnumerable<TestCaseData> WindowsFiles =>
    [
        new TestCaseData(() => PublishedArtifacts.Cli(Platform.Windows)).SetArgDisplayNames("program"),
        new TestCaseData(() => PublishedArtifacts.Library(Platform.Windows)).SetArgDisplayNames("library"),
        new TestCaseData(() => PublishedArtifacts.Shim(Platform.Windows)).SetArgDisplayNames("shim"),
    ];

    [TestCaseSource(nameof(WindowsFiles))]
    public void A_Windows_file_imports_only_what_server_core_has(Func<string> find)
    {
        var image = WindowsImage.Read(find());

        Assert.That(image.Machine, Is.EqualTo(Machine.Amd64));
        Assert.That(image.ImportedLibraries, Is.Not.Empty);
        Assert.That(image.ImportedLibraries.Where(name => !IsAllowed(name)), Is.Empty);
    }

    [Test]
    public void The_Linux_program_needs_only_the_C_library()
    {
        Requires.Program("readelf", "binutils");
        string dynamic = ProcessRunner.Run("readelf", ["-d", PublishedArtifacts.Cli(Platform.Linux)]).ShouldExit(0).Output;

        string[] needed = [.. Regex.Matches(dynamic, @"\(NEEDED\).*\[(.*)\]").Select(match => match.Groups[1].Value)];
        // libm is a part of the C library in a file of its own; the last one is its loader.
        Assert.That(needed, Is.SubsetOf(new[] { "libc.so.6", "libm.so.6", "ld-linux-x86-64.so.2" }));
    }

    [Test]
    public void The_Windows_program_is_at_most_6200_kilobytes() =>
        Assert.That(new FileInfo(PublishedArtifacts.Cli(Platform.Windows)).Length, Is.LessThanOrEqualTo(6.2 * Megabyte));

    [Test]
    public void The_Windows_library_is_at_most_4200_kilobytes() =>
        Assert.That(new FileInfo(PublishedArtifacts.Library(Platform.Windows)).Length, Is.LessThanOrEqualTo(4.2 * Megabyte));

    [TestCase(Platform.Linux, "libaotlayers-recorder.so")]
    [TestCase(Platform.Windows, "aotlayers-recorder.dll")]
    public void The_program_is_one_file_and_what_it_puts_into_others(Platform platform, string recorder)
    {
        string program = PublishedArtifacts.Cli(platform);
        string folder = Path.GetDirectoryName(program)!;
        Assert.That(Directory.GetFileSystemEntries(folder), Is.EquivalentTo(new[] { program, Path.Combine(folder, recorder) }));
    }

    [Test]
    public void Both_programs_tell_the_same_version()
    {
        ProcessResult linux = ProcessRunner.Run(PublishedArtifacts.Cli(Platform.Linux), ["--version"]).ShouldExit(0);
        ProcessResult windows = WineRunner.Run(PublishedArtifacts.Cli(Platform.Windows), ["--version"]).ShouldExit(0);

        Assert.That(linux.Output, Does.Match(@"^\S*\s?\d+\.\d+\.\d+"));
        Assert.That(windows.Output, Is.EqualTo(linux.Output));
    }

    private static bool IsAllowed(string library) =>
        File.ReadLines(Path.Combine(AppContext.BaseDirectory, "allowed-imports.txt"))
            .Where(line => line.Length > 0 && line[0] != '#')
            .Any(allowed => allowed.EndsWith('*')
                ? library.StartsWith(allowed[..^1], StringComparison.Ordinal)
                : library == allowed);
}
