using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace AotLayers.Native.Tests;

/// <summary>
/// Every scenario, success and each kind of error, gives the same JSON through the command line and through the C interface: byte for
/// byte, but for the spelling of options. What it gives is committed, one scenario a line.
/// </summary>
public sealed partial class GoldenTests
{
    private const string App = @"C:\layers\app";
    private const string Base = @"C:\layers\base";

    private static readonly JsonSerializerOptions s_json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string GoldenFile { get; } =
        Path.Combine(PublishedArtifacts.RepositoryRoot, "tests", "AotLayers.Native.Tests", "golden", "command-line-and-c.txt");

    [Test]
    public void The_command_line_and_the_C_interface_tell_the_same()
    {
        using var folder = new TempFolder();
        List<string> lines = [];
        Assert.Multiple(() =>
        {
            foreach (Scenario scenario in Scenarios(folder))
            {
                string output = scenario.Output ?? folder.File("layer.tar");
                string json = scenario.ThroughCommandLine(output);
                File.Delete(folder.File("layer.tar"));
                Assert.That(scenario.ThroughC(output), Is.EqualTo(json), scenario.Name);
                File.Delete(folder.File("layer.tar"));
                lines.Add($"{scenario.Name}: {Neutral(json, folder)}");
            }
        });

        string text = string.Join('\n', lines) + "\n";
        string received = Path.ChangeExtension(GoldenFile, ".received.txt");
        File.Delete(received);
        if (!File.Exists(GoldenFile) || File.ReadAllText(GoldenFile) != text)
        {
            File.WriteAllText(received, text);
            Assert.That(
                text,
                Is.EqualTo(File.Exists(GoldenFile) ? File.ReadAllText(GoldenFile) : ""),
                $"read {received}, and accept it by renaming");
        }
    }

    private static IEnumerable<Scenario> Scenarios(TempFolder folder)
    {
        string sim = CliRunner.Simulator;
        string replay = "replay:" + CliRunner.Recording("streaming-export.json");
        string malformed = folder.File("malformed.json");
        File.WriteAllText(malformed, "{\"format\":\"aotlayers-recording\",\"version\":");
        yield return new("an export", App, [Base], sim);
        yield return new(
            "an export by folder, compressed, without digests",
            App,
            [Base],
            sim) { Options = new() { ["reader"] = "folder", ["compression"] = "zstd", ["digest"] = "none" } };
        yield return new("a base layer, with losses and links", Base, [], sim) { Options = new() { ["reader"] = "base" } };
        yield return new("a replay", App, [Base], replay);
        yield return new("a read that fails", @"C:\layers\unreadable", [Base], sim) { Exit = 1 };
        yield return new("no such layer", @"C:\layers\nothing", [Base], sim) { Exit = 1 };
        yield return new("no such parent", App, [@"C:\layers\nothing"], sim) { Exit = 1 };
        yield return new(
            "a layer that ExportLayer refuses",
            Base,
            [],
            CliRunner.SimulatorWithoutStreaming) { Exit = 1, Options = new() { ["reader"] = "folder" } };
        yield return new(
            "an export that is absent",
            App,
            [Base],
            CliRunner.SimulatorWithoutStreaming) { Exit = 1, Options = new() { ["reader"] = "stream" } };
        yield return new("a library that is absent", App, [Base], sim + "?no-vmcompute") { Exit = 1 };
        yield return new("no HCS here", App, [Base], "native") { Exit = 1 };
        yield return new("no such library", App, [Base], "lib:/nowhere/vmcompute.so") { Exit = 1 };
        yield return new("no such simulator", App, [Base], "sim:/nowhere") { Exit = 1 };
        yield return new("no such recording", App, [Base], "replay:/nowhere/run.json") { Exit = 1 };
        yield return new("a malformed recording", App, [Base], "replay:" + malformed) { Exit = 1 };
        yield return new("a replay with another parent", App, [@"C:\layers\other"], replay) { Exit = 1 };
        yield return new("a replay of another sequence", App, [Base], "replay:" + CliRunner.Recording("scratch-layer.json")) { Exit = 1 };
        yield return new("an output without its folder", App, [Base], sim) { Exit = 1, Output = "/nowhere/layer.tar" };
        yield return new("a full disk", App, [Base], sim) { Exit = 1, Output = "/dev/full" };
        yield return new(
            "a recording that cannot be created",
            App,
            [Base],
            sim) { Exit = 1, Options = new() { ["record"] = "/nowhere/run.json" } };
        yield return new("no HCS of that name", App, [Base], "magic:x") { Exit = 2 };
        yield return new("an option of the simulator that is none", App, [Base], sim + "?colour=red") { Exit = 2 };
        yield return new("the base reader with parents", App, [Base], sim) { Exit = 2, Options = new() { ["reader"] = "base" } };
        yield return new("a path for an id", App, [Base], sim) { Exit = 2, Options = new() { ["home"] = @"C:\layers" } };
        yield return new("an order without a replay", App, [Base], sim) { Exit = 2, Options = new() { ["replayOrder"] = "strict" } };
        yield return new("a policy without a recording", App, [Base], sim) { Exit = 2, Options = new() { ["recordData"] = "digest" } };
        yield return new(
            "one file for two things",
            App,
            [Base],
            sim) { Exit = 2, Options = new() { ["record"] = folder.File("layer.tar") } };
        yield return new(
            "a recording over the one that is replayed",
            App,
            [Base],
            "replay:" + malformed) { Exit = 2, Options = new() { ["record"] = malformed } };
        yield return new("no source", "", [], sim) { Exit = 2 };
    }

    /// <summary>
    /// Without what differs from machine to machine; and without digests and sizes of the output, which other tests are about.
    /// </summary>
    private static string Neutral(string json, TempFolder folder) =>
        OutputSize().Replace(Digest().Replace(json, "sha256:<digest>"), "\"bytes\":<size>,")
        .Replace(PublishedArtifacts.RepositoryRoot, "<repository>", StringComparison.Ordinal)
        .Replace(folder.Path, "<folder>", StringComparison.Ordinal);

    [GeneratedRegex("sha256:[0-9a-f]{64}")]
    private static partial Regex Digest();

    [GeneratedRegex("\"bytes\":[0-9]+,")]
    private static partial Regex OutputSize();

    /// <summary>One request, in the words of both front ends.</summary>
    private sealed partial record Scenario(string Name, string Layer, string[] Parents, string Hcs)
    {
        /// <summary>By key of the C interface.</summary>
        public Dictionary<string, string> Options { get; init; } = [];

        /// <summary>Null for a file in a temporary folder.</summary>
        public string? Output { get; init; }

        /// <summary>What the command line program returns.</summary>
        public int Exit { get; init; }

        public string ThroughCommandLine(string output)
        {
            string[] options = [.. Options.SelectMany(option => new[] { CommandLineName(option.Key), option.Value })];
            ProcessResult result = CliRunner.Run([
                "export", Layer, .. Parents.SelectMany(parent => new[] { "--parent", parent }), "--hcs", Hcs, "-o", output, .. options,
                "--json"
            ]);
            Assert.That(result.ExitCode, Is.EqualTo(Exit), result.ToString());
            return SpelledAlike(result.Output.Length > 0 ? result.Output : result.Error).TrimEnd('\n');
        }

        public string ThroughC(string output)
        {
            var options = new Dictionary<string, object> { ["hcs"] = Hcs };
            if (Parents.Length > 0)
            {
                options["parents"] = Parents;
            }

            foreach ((string key, string value) in Options)
            {
                options[key] = value;
            }

            ProcessResult result = CCallers.Run(
                Platform.Linux,
                Linkage.Linked,
                "tell.c",
                output,
                Layer,
                JsonSerializer.Serialize(options, s_json));
            Assert.That(result.ExitCode, Is.EqualTo(Math.Min(Exit, 1)), result.ToString());
            return SpelledAlike(result.Output).TrimEnd('\n');
        }

        private static string CommandLineName(string key) =>
            "--" + Regex.Replace(key, "[A-Z]", letter => "-" + letter.Value.ToLowerInvariant());

        /// <summary>Options as "[hcs]", options with a value as "[hcs sim:DIR]", the arguments as "[source]" and "[output]".</summary>
        private static string SpelledAlike(string json)
        {
            json = ExampleInJson().Replace(json, match => $"[{match.Groups[1].Value} {match.Groups[2].Value}]");
            json = NameInJson().Replace(json, match => $"[{match.Groups[1].Value}]");
            json = ExampleOnCommandLine().Replace(json, match => $"[{match.Groups[1].Value} {match.Groups[2].Value}]");
            json = NameOnCommandLine().Replace(json, match => $"[{KeyOf(match.Groups[1].Value)}]");
            return TemporaryName().Replace(json, ".temporary").Replace("[hcs]:", "[hcs]", StringComparison.Ordinal)
                .Replace("LAYER is", "[source] is", StringComparison.Ordinal).Replace("source is", "[source] is", StringComparison.Ordinal)
                .Replace("[[source]", "[source]", StringComparison.Ordinal).Replace("]]", "]", StringComparison.Ordinal)
                .Replace("\"path ", "\"[output] ", StringComparison.Ordinal);
        }

        private static string KeyOf(string name) =>
            name == "parent" ? "parents" : Regex.Replace(name, "-[a-z]", letter => letter.Value[1..].ToUpperInvariant());

        [GeneratedRegex(@"\\""(hcs|reader)\\"": \\""([^""\\]*)\\""")]
        private static partial Regex ExampleInJson();

        [GeneratedRegex("option '([a-zA-Z]+)'")]
        private static partial Regex NameInJson();

        [GeneratedRegex("--(hcs|reader) ((?:sim|replay|lib|base|auto)(?::[A-Z]+)?(?![a-z:]))")]
        private static partial Regex ExampleOnCommandLine();

        /// <summary>Names beside a target, with a number of the process or at random.</summary>
        [GeneratedRegex(@"\.(?:\d+\.new|[a-z0-9]{8}\.[a-z0-9]{3}\.tmp)")]
        private static partial Regex TemporaryName();

        [GeneratedRegex("--([a-z-]+)")]
        private static partial Regex NameOnCommandLine();
    }
}
