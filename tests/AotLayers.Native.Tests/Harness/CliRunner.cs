using System.Text.Json;

namespace AotLayers.Native.Tests.Harness;

/// <summary>Runs the published command line program for Linux.</summary>
internal static class CliRunner
{
    /// <summary>The folder of sample layers, as <c>--hcs</c> takes it.</summary>
    public static string Simulator { get; } = "sim:" + Path.Combine(PublishedArtifacts.RepositoryRoot, "recordings", "layers");

    /// <summary>A simulated machine without the streaming calls.</summary>
    public static string SimulatorWithoutStreaming => Simulator + "?absent=ExportLayerBegin,ExportLayerNext,ExportLayerRead,ExportLayerEnd";

    /// <summary>The arguments of an export of the sample layer <c>app</c>, without an output.</summary>
    public static string[] ExportApp { get; } = ["export", @"C:\layers\app", "--parent", @"C:\layers\base"];

    /// <summary>A committed recording.</summary>
    public static string Recording(string name) => Path.Combine(PublishedArtifacts.RepositoryRoot, "recordings", name);

    public static ProcessResult Run(params string[] arguments) => ProcessRunner.Run(PublishedArtifacts.Cli(Platform.Linux), arguments);

    /// <summary>The only thing on a stream is one JSON object.</summary>
    public static JsonElement Json(string text)
    {
        Assert.That(text, Does.EndWith("}\n"));
        Assert.That(text.Count(c => c == '\n'), Is.EqualTo(1), text);
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }

    /// <summary><c>sha256:</c> and the digest of a file, by coreutils.</summary>
    public static string Sha256(string path) => "sha256:" + ProcessRunner.Run("sha256sum", ["--", path]).ShouldExit(0).Output[..64];
}
