namespace AotLayers.Native.Tests;

/// <summary>The C program that docs/c-interface.md prints is compiled as printed, and does what that page says.</summary>
internal sealed class PrintedProgramTests
{
    [Test]
    public void The_C_program_compiles_as_printed_and_lists_a_layer([Values] Platform platform)
    {
        using var folder = new TempFolder();
        string source = folder.File("list.c");
        File.WriteAllText(source, CodeBlock("## A program", "c"));
        string program = CCallers.Compile(platform, Linkage.Linked, source);
        string machine = CSampleLayers.WriteMachine(folder);
        string[] arguments = [@"C:\layers\app", CSampleLayers.Options(platform, machine)];

        // Its main takes plain arguments, and the folder's name has a letter outside ASCII.
        if (platform == Platform.Windows)
        {
            string plain = Path.Combine(WineRunner.DriveC, "readme-machine", "app");
            Directory.CreateDirectory(plain);
            File.Copy(Path.Combine(machine, "app", "layer.json"), Path.Combine(plain, "layer.json"), overwrite: true);
            arguments[1] = """{"hcs":"sim:C:\\readme-machine"}""";
        }

        ProcessResult result = platform == Platform.Windows ? WineRunner.Run(program, arguments) : ProcessRunner.Run(program, arguments);

        string[] lines = result.ShouldExit(0).Output.Split('\n');
        Assert.That(lines, Does.Contain(@"           5 Files\hello.txt").And.Contain(@"           0 Files\gone.txt (deleted)"));
        ProcessResult failure = platform == Platform.Windows
            ? WineRunner.Run(program, ["nothing"])
            : ProcessRunner.Run(program, ["nothing"]);
        Assert.That(failure.ExitCode, Is.EqualTo(1), failure.ToString());
        Assert.That(failure.Error, Does.Contain("0x80070002"));
    }

    [Test]
    public void The_C_program_is_short() =>
        Assert.That(CodeBlock("## A program", "c").TrimEnd().Split('\n'), Has.Length.LessThanOrEqualTo(23));

    private static string CodeBlock(string heading, string language)
    {
        string text = File.ReadAllText(Path.Combine(PublishedArtifacts.RepositoryRoot, "docs", "c-interface.md"));
        int section = text.IndexOf("\n" + heading + "\n", StringComparison.Ordinal);
        Assert.That(section, Is.Not.Negative, $"c-interface.md has no section '{heading}'");
        string fence = $"\n```{language}\n";
        int start = text.IndexOf(fence, section, StringComparison.Ordinal) + fence.Length;
        return text[start..(text.IndexOf("\n```", start, StringComparison.Ordinal) + 1)];
    }
}
