using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AotLayers.Native.Tests;

/// <summary>
/// Imports and the life of a layer through the C interface: what it tells is what the command line tells, byte for byte, and committed;
/// and what a callback can stop.
/// </summary>
public sealed partial class CLayerTests
{
    private const string Box = @"C:\layers\box";

    private static readonly string[] s_parents = [@"C:\layers\app", @"C:\layers\base"];
    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string GoldenFile { get; } =
        Path.Combine(PublishedArtifacts.RepositoryRoot, "tests", "AotLayers.Native.Tests", "golden", "layers.txt");

    [Test]
    public void Layers_are_told_by_C_as_by_the_command_line()
    {
        using var folder = new TempFolder();
        string tar = folder.File("layer.tar");
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", tar]).ShouldExit(0);
        string Machine(string front, string more = "") => CliRunner.Simulator + "?state=" + folder.File(front) + more;
        List<string> lines = [];
        foreach ((string verb, string layer, string[] arguments, int exit, string trouble) in Life(tar))
        {
            string[] words = verb == "import" ? ["import", tar, layer] : layer == "-" ? [verb] : [verb, layer, .. Spelled(verb, arguments)];
            string[] parents = verb is "create" or "mount" or "import" ? s_parents : [];
            ProcessResult cli = CliRunner.Run([
                .. words, .. parents.SelectMany(parent => new[] { "--parent", parent }), "--hcs", Machine("cli", trouble), "--json",
            ]);
            Assert.That(cli.ExitCode, Is.EqualTo(exit), cli.ToString());
            string told = Neutral(cli.Output.Length > 0 ? cli.Output : cli.Error, folder);
            ProcessResult c = Tell(Platform.Linux, verb, layer, Options(Machine("c", trouble), parents), arguments);
            Assert.That(c.ExitCode, Is.EqualTo(exit == 1 ? 1 : 0), c.ToString());
            Assert.That(Neutral(c.Output, folder), Is.EqualTo(told), verb);
            if (verb != "doctor")
            {
                // What a machine has is another matter than what a verb tells.
                lines.Add($"{verb} {layer}{trouble}: {told}");
            }
        }

        string text = string.Concat(lines);
        string received = Path.ChangeExtension(GoldenFile, ".received.txt");
        File.Delete(received);
        if (!File.Exists(GoldenFile) || File.ReadAllText(GoldenFile) != text)
        {
            File.WriteAllText(received, text);
            Assert.That(text, Is.EqualTo(File.Exists(GoldenFile) ? File.ReadAllText(GoldenFile) : ""), $"read {received}, and rename it");
        }
    }

    [TestCase(Platform.Linux)]
    [TestCase(Platform.Windows)]
    public void What_a_callback_stops_is_taken_back(Platform platform)
    {
        using var folder = new TempFolder();
        string tar = folder.File("layer.tar");
        CliRunner.Run([.. CliRunner.ExportApp, "--hcs", CliRunner.Simulator, "-o", tar]).ShouldExit(0);
        string layers = CCallers.PathFor(platform, Path.Combine(PublishedArtifacts.RepositoryRoot, "recordings", "layers"));
        string machine = $"sim:{layers}?state={CCallers.PathFor(platform, folder.File("state"))}";
        string options = Options(machine, s_parents);

        Assert.That(Code(Tell(platform, "create", Box, options, ["1", "stop:2"])), Is.EqualTo("0x800704c7"));
        Assert.That(Tell(platform, "exists", Box, Options(machine, []), []).Output, Does.Contain("\"exists\":false"));
        Assert.That(Tell(platform, "create", Box, options, []).ShouldExit(0).Output, Does.Contain("CreateSandboxLayer"));
        Assert.That(Code(Tell(platform, "mount", Box, options, ["stop:1"])), Is.EqualTo("0x800704c7"));
        Tell(platform, "remove", Box, Options(machine, []), []).ShouldExit(0);

        string path = CCallers.PathFor(platform, tar);
        Assert.That(Code(Tell(platform, "import", @"C:\layers\new", options, [path, "stop:3"])), Is.EqualTo("0x800704c7"));
        Assert.That(Tell(platform, "exists", @"C:\layers\new", Options(machine, []), []).Output, Does.Contain("\"exists\":false"));
        Tell(platform, "import", @"C:\layers\new", options, [path]).ShouldExit(0);
        Assert.That(Tell(platform, "exists", @"C:\layers\new", Options(machine, []), []).Output, Does.Contain("\"exists\":true"));
        Assert.That(Tell(platform, "doctor", @"C:\layers\new", Options(machine, []), []).Output, Does.Contain("\"exists\":true"));
    }

    [Test]
    public void Arguments_that_make_no_sense_are_refused_by_name()
    {
        string options = Options(CliRunner.Simulator, []);
        string Message(params string[] arguments) => CliRunner.Json(
            Tell(Platform.Linux, arguments[0], arguments[1], arguments[2], arguments[3..]).ShouldExit(1).Output)
                .GetProperty("message").GetString()!;
        Assert.That(Message("mount", "-", options), Does.Contain("layer is NULL"));
        Assert.That(Message("expand", Box, options, "0"), Does.Contain("size is 0"));
        Assert.That(Message("mount", Box, """{"compression":"gzip"}"""), Does.Contain("option 'compression' is not known"));
        Assert.That(Message("exists", Box, """{"expectDigest":"x"}"""), Does.Contain("option 'expectDigest' is not known"));
        Assert.That(Message("import", Box, """{"expectDigest":"x"}""", "x.tar"), Does.Contain("option 'expectDigest' expects sha256:"));
        Assert.That(Message("exists", Box, "{}"), Does.Contain("no Host Compute Service"));
    }

    private static IEnumerable<(string Verb, string Layer, string[] Arguments, int Exit, string Trouble)> Life(string tar)
    {
        yield return ("exists", Box, [], 3, "");
        yield return ("create", Box, ["42949672960"], 0, "");
        yield return ("create", Box, [], 1, "");
        yield return ("mount", Box, [], 1, "&fail=PrepareLayer:0x80070001");
        yield return ("mount", Box, [], 0, "&fail=ActivateLayer:0x80070015*2");
        yield return ("remove", Box, [], 1, "");
        yield return ("expand", Box, ["53687091200"], 0, "");
        yield return ("expand", Box, ["1"], 1, "");
        yield return ("grant-vm", Box, ["00000000-0000-0000-0000-000000000001"], 0, "");
        yield return ("unmount", Box, [], 0, "");
        yield return ("unmount", @"C:\layers\nothere", [], 1, "");
        yield return ("remove", Box, [], 0, "&fail=DestroyLayer:0x80070020*1");
        yield return ("remove", Box, [], 1, "");
        yield return ("make-base", @"C:\layers\base", [], 0, "");
        yield return ("make-base", @"C:\layers\base", [], 1, "");
        yield return ("list", "-", [], 0, "");
        yield return ("import", @"C:\layers\new", [tar], 0, "");
        yield return ("import", @"C:\layers\new", [tar], 1, "");
        yield return ("import", @"C:\layers\other", [tar], 1, "&fail=ImportLayerEnd:0x80070070");
        yield return ("exists", @"C:\layers\new", [], 0, "");
        yield return ("doctor", @"C:\layers\new", [], 0, "");
    }

    private static string[] Spelled(string verb, string[] arguments) =>
        verb == "create" ? [.. arguments.SelectMany(size => new[] { "--size", size })] : arguments;

    private static ProcessResult Tell(Platform platform, string verb, string layer, string options, string[] arguments) =>
        CCallers.Run(platform, Linkage.Linked, "tell_layer.c", [verb, layer, options, .. arguments]);

    private static string Code(ProcessResult result) =>
        CliRunner.Json(result.ShouldExit(1).Output).GetProperty("code").GetString()!;

    private static string Options(string machine, string[] parents)
    {
        var options = new Dictionary<string, object> { ["hcs"] = machine };
        if (parents.Length > 0)
        {
            options["parents"] = parents;
        }

        return JsonSerializer.Serialize(options, s_json);
    }

    private static string Neutral(string json, TempFolder folder) => State().Replace(
        Digest().Replace(json, "sha256:<digest>")
            .Replace(PublishedArtifacts.RepositoryRoot, "<repository>", StringComparison.Ordinal)
            .Replace(folder.Path, "<folder>", StringComparison.Ordinal),
        "state=<state>");

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Digest();

    [GeneratedRegex("state=<folder>/(?:cli|c)")]
    private static partial Regex State();
}
