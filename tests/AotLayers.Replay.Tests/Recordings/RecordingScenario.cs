using AotLayers.Hcs;
using AotLayers.Replay.Tests.Simulator;
using AotLayers.Replay.Tests.Writing;
using AotLayers.Simulator;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>How one committed recording is made: a simulated machine and what is done with it.</summary>
/// <param name="Name">File name in <c>recordings</c>, without <c>.json</c>.</param>
/// <param name="Absent">Exports that the machine lacks.</param>
/// <param name="Layer">The layer that is read.</param>
/// <param name="Kind">How.</param>
/// <param name="CloseAfter">Entries after which the reader is closed; null exports the whole layer.</param>
/// <param name="Scratch">The layer is a scratch layer, which is activated and initialised first.</param>
/// <param name="Live">What is done with the layer instead of reading it.</param>
/// <param name="Trouble">Options of the machine, in place of <paramref name="Absent"/>.</param>
/// <param name="Imported">The layer is made of this tar instead of being read.</param>
/// <param name="Writer">How.</param>
internal sealed record RecordingScenario(
    string Name,
    IReadOnlyList<string> Absent,
    LayerLocation Layer,
    LayerReaderKind Kind = LayerReaderKind.Auto,
    int? CloseAfter = null,
    bool Scratch = false,
    Action<Layer>? Live = null,
    string Trouble = "",
    Func<byte[]>? Imported = null,
    LayerWriterKind Writer = LayerWriterKind.Auto)
{
    private static readonly string[] s_streaming = ["ExportLayerBegin", "ExportLayerNext", "ExportLayerRead", "ExportLayerEnd"];

    private static readonly string[] s_released =
        [.. s_streaming, "ImportLayerBegin", "ImportLayerNext", "ImportLayerWrite", "ImportLayerEnd"];

    public static IReadOnlyList<RecordingScenario> All { get; } =
    [
        new("streaming-export", [], At("app", "base")),
        new("folder-export", s_streaming, At("app", "base")),
        new("folder-export-by-computestorage", ["ExportLayer", .. s_streaming], At("app", "base")),
        new("base-layer", s_streaming, At("base")),
        new("only-tombstones", [], At("deletions", "app", "base")),
        new("unknown-reparse-tag", [], At("lx", "base")),
        new("failing-read", [], At("unreadable", "base")),
        new("closed-early", [], At("app", "base"), CloseAfter: 4),
        new("missing-parent", [], At("app", "nothere")),
        new("scratch-layer", s_streaming, At("scratch", "app", "base"), Scratch: true),
        new("folder-export-of-a-base-layer", s_streaming, At("base"), LayerReaderKind.Folder),
        new("life-of-a-scratch-layer", [], At("box", "app", "base"), Live: static layer =>
        {
            layer.Create(40UL << 30);
            layer.Mount();
            layer.Unmount();
            layer.Remove();
        }),
        new(
            "mount-that-waits",
            [],
            At("scratch", "app", "base"),
            Live: static layer => layer.Mount(),
            Trouble: "fail=ActivateLayer:0x80070015*2"),
        new("layer-that-stays", [], At("scratch", "app", "base"), Live: static layer => layer.Remove(), Trouble: "destroy-leaves"),
        new("import-streaming", [], At("new", "base"), Imported: SampleTars.WithoutLinks),
        new("import-folder", s_released, At("new", "base"), Imported: SampleTars.WithParent),
        new("import-base", s_released, At("new"), Imported: SampleTars.WithoutParent),
        new(
            "import-base-that-fails",
            [],
            At("new"),
            Trouble: "partial-base",
            Imported: SampleTars.WithoutParent,
            Writer: LayerWriterKind.Base),
        new(
            "layer-removed-by-computestorage",
            [],
            At("scratch", "app", "base") with { Api = StorageApi.Computestorage },
            Live: static layer => layer.Remove()),
        new("base-layer-finished-once", [], At("base"), Live: static layer =>
        {
            layer.MakeBase();
            layer.MakeBase();
        }),
    ];

    /// <summary>The file.</summary>
    public string Path => System.IO.Path.Combine(SampleLayers.RepositoryRoot, "recordings", Name + ".json");

    public static RecordingScenario Get(string name) => All.Single(scenario => scenario.Name == name);

    /// <summary>A fresh machine.</summary>
    public SimulatedMachine Machine() =>
        SampleLayers.Load(Trouble.Length > 0 ? SimulatorOptions.Parse(Trouble) : new SimulatorOptions { AbsentExports = Absent });

    /// <summary>Does what is recorded. Failures that belong to the scenario are part of the outcome.</summary>
    /// <param name="machine">The machine, a simulated or a replayed one.</param>
    /// <param name="tar">Receives the tar.</param>
    public IReadOnlyList<string> Run(HcsMachine machine, Stream tar)
    {
        var steps = new List<string>();
        try
        {
            if (Live is not null)
            {
                var options = new LayerLifecycleOptions
                {
                    Log = step => steps.Add(step.ToString()),
                    MountRetryDelay = TimeSpan.Zero,
                    RemoveRetryDelay = TimeSpan.Zero,
                };
                Live(new Layer(machine, Layer, options));
                return steps;
            }

            if (Imported is not null)
            {
                return Import(machine, Imported());
            }

            using ScratchLayerScope? scratch = Scratch ? ScratchLayerScope.Enter(machine.Vmcompute, Layer) : null;
            using var reader = LayerReader.Open(machine, Layer, Kind);
            return CloseAfter is { } entries ? ReadSome(reader, entries) : Export(reader, tar);
        }
        catch (LayerException e)
        {
            return [.. steps, $"{e.GetType().Name}: {e.Message}"];
        }
    }

    public override string ToString() => Name;

    private static List<string> Export(LayerReader reader, Stream tar)
    {
        ExportSummary summary = LayerExporter.Export(reader, tar);
        return
        [
            $"reader {summary.Reader}, {summary.Entries} entries, {summary.Tombstones} tombstones, {summary.HardLinks} hard links, "
                + $"{summary.FileBytes} bytes in files",
            $"tar {summary.TarBytes} bytes, diffId {summary.DiffId}",
            .. summary.Losses.Select(loss => $"loss {Escape(loss.Entry)}: {loss.Reason}"),
            .. summary.Warnings.Select(warning => "warning " + warning),
        ];
    }

    private List<string> Import(HcsMachine machine, byte[] tar)
    {
        ImportSummary summary = LayerImporter.Import(machine, Layer, new MemoryStream(tar), "layer.tar", kind: Writer);
        return
        [
            $"writer {summary.Writer}, {summary.Entries} entries, {summary.Tombstones} tombstones, {summary.HardLinks} hard links, "
                + $"{summary.FileBytes} bytes in files",
            $"diffId {summary.DiffId}",
            .. summary.Warnings.Select(warning => "warning " + warning),
        ];
    }

    private static List<string> ReadSome(LayerReader reader, int count)
    {
        var lines = new List<string>();
        byte[] buffer = new byte[100];
        while (lines.Count < count && reader.GetNextEntry() is { } entry)
        {
            int read = entry.OpenBackupStream().Read(buffer);
            lines.Add($"{Escape(entry.Name)}: first {read} bytes of its stream");
        }

        return lines;
    }

    /// <summary>ASCII text: names hold lone surrogates, which no file can.</summary>
    public static string Escape(string text) => string.Concat(text.Select(c => c is >= ' ' and <= '~' ? c.ToString() : $"\\u{(int)c:x4}"));

    private static LayerLocation At(string name, params string[] parents) =>
        new() { Id = @"C:\layers\" + name, Parents = [.. parents.Select(parent => @"C:\layers\" + parent)] };
}
