namespace AotLayers.Native.Tests;

/// <summary>
/// A simulated machine with a state is one machine for all programs: for those of other people, which reach it by the library that stands
/// in for vmcompute, and for aotlayers itself.
/// </summary>
public sealed class ShimMachineTests
{
    private const string Box = @"C:\layers\box";
    private const string App = @"C:\layers\app";
    private const string Base = @"C:\layers\base";

    [TestCase(Platform.Linux)]
    [TestCase(Platform.Windows)]
    public void Separate_programs_are_on_one_machine(Platform platform)
    {
        using var folder = new TempFolder();
        string program = Compile(platform, folder);
        string layers = CCallers.PathFor(platform, Path.Combine(PublishedArtifacts.RepositoryRoot, "recordings", "layers"));
        string machine = $"sim:{layers}?state={CCallers.PathFor(platform, folder.File("state"))}";
        string Other(string verb, params string[] arguments) => Run(platform, program, machine, 0, [verb, .. arguments]);
        string Ours(string verb, params string[] arguments) => CliRunner.Run([
            verb, .. arguments, "--hcs", CliRunner.Simulator + "?state=" + folder.File("state"),
        ]).ShouldExit(0).Output;

        Assert.That(Other("LayerExists", Box), Is.EqualTo("no\n0x00000000\n"));
        Other("CreateSandboxLayer", Box, App, Base);
        Assert.That(Ours("exists", Box), Is.EqualTo("yes\n"));
        string mounted = Ours("mount", Box, "--parent", App, "--parent", Base);
        Assert.That(Other("GetLayerMountPath", Box), Is.EqualTo(mounted + "0x00000000\n"));
        Assert.That(Run(platform, program, machine, 1, ["DestroyLayer", Box]), Is.EqualTo("0x80070020\n"));
        Other("UnprepareLayer", Box);
        Other("DeactivateLayer", Box);
        Other("ActivateLayer", Box);
        Other("PrepareLayer", Box, App, Base);
        Ours("unmount", Box);
        Other("DestroyLayer", Box);
        Assert.That(Other("LayerExists", Box), Is.EqualTo("no\n0x00000000\n"));
    }

    [TestCase(Platform.Linux)]
    [TestCase(Platform.Windows)]
    public void Layer_that_we_import_is_removed_by_the_name_that_hcsshim_looks_up(Platform platform)
    {
        using var folder = new TempFolder();
        string tar = folder.File("layer.tar");
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", tar]).ShouldExit(0);
        string state = CliRunner.Simulator + "?state=" + folder.File("state");
        CliRunner.Run(["import", tar, @"C:\layers\new", "--parent", Base, "--hcs", state]).ShouldExit(0);
        string program = Compile(platform, folder);
        string layers = CCallers.PathFor(platform, Path.Combine(PublishedArtifacts.RepositoryRoot, "recordings", "layers"));
        string machine = $"sim:{layers}?state={CCallers.PathFor(platform, folder.File("state"))}";
        Assert.That(Run(platform, program, machine, 0, ["LayerExists", @"C:\layers\new"]), Is.EqualTo("yes\n0x00000000\n"));
        Assert.That(Run(platform, program, machine, 0, ["HcsDestoryLayer", @"C:\layers\new"]), Is.EqualTo("0x00000000\n"));
        Assert.That(Run(platform, program, machine, 1, ["HcsDestroyLayer", @"C:\layers\new"]), Is.EqualTo("0x80070003\n"));
        CliRunner.Run(["exists", @"C:\layers\new", "--hcs", state]).ShouldExit(3);
    }

    private static string Compile(Platform platform, TempFolder folder)
    {
        string source = Path.Combine(CCallers.Sources, "shim_life.c");
        return platform == Platform.Windows
            ? CCompiler.MingwGcc.Compile(folder.File("life.exe"), "-std=c11", source)
            : CCompiler.Gcc.Compile(folder.File("life"), "-std=c11", source, "-ldl");
    }

    private static string Run(Platform platform, string program, string machine, int exit, string[] arguments)
    {
        var environment = new Dictionary<string, string?> { ["AOTLAYERS_HCS"] = machine };
        string[] line = [CCallers.PathFor(platform, PublishedArtifacts.Shim(platform)), .. arguments];
        ProcessResult result = platform == Platform.Windows
            ? WineRunner.Run(program, line, environment: environment)
            : ProcessRunner.Run(program, line, environment: environment);
        return result.ShouldExit(exit).Output;
    }
}
