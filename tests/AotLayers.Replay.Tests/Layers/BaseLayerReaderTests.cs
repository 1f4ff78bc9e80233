using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Interop;
using AotLayers.Replay.Tests.Recordings;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>Base layers read with BackupRead (docs/formats/base-layer.md#walk), from the sample layer <c>base</c>.</summary>
public sealed class BaseLayerReaderTests
{
    private readonly HcsMachine _machine = Machines.Samples();

    [Fact]
    public void Only_Files_and_the_files_of_the_utility_vm_are_read()
    {
        using LayerReader reader = Open(_machine);
        List<string> names = reader.Names();
        Assert.Equal("Files", names[0]);
        Assert.All(names, name => Assert.True(name is "Files" or "UtilityVM"
            || name.StartsWith(@"Files\", StringComparison.Ordinal)
            || name.StartsWith(@"UtilityVM\Files", StringComparison.Ordinal), name));
        Assert.Equal(names.Order(Utf8OrdinalComparer.Instance).Count(), names.Distinct().Count());
    }

    [Fact]
    public void Hard_links_become_links_to_the_first_name()
    {
        using var tar = new MemoryStream();
        ExportSummary summary = LayerExporter.Export(Open(_machine), tar);
        Assert.True(summary.HardLinks > 0);
        Assert.Equal(summary.HardLinks, PythonTar.List(tar.ToArray()).Count(line => line.StartsWith("1 ", StringComparison.Ordinal)));
    }

    [Fact]
    public void Security_comes_with_the_stream()
    {
        using LayerReader reader = Open(_machine);
        var ids = new List<BackupStreamId>();
        while (reader.GetNextEntry() is { } entry)
        {
            var records = new BackupStreamReader(entry.OpenBackupStream());
            while (records.NextHeader(out BackupStreamHeader header))
            {
                ids.Add(header.Id);
            }
        }

        Assert.Contains(BackupStreamId.SecurityData, ids);
        Assert.Contains(BackupStreamId.Data, ids);
    }

    [Fact]
    public void A_failed_backup_read_tells_entry_and_offset_and_every_handle_is_closed()
    {
        byte[] recording = RecordingLab.Record(_machine.Faulting(new FaultPlan().Fail("BackupRead", 3, 23)), machine =>
        {
            using LayerReader reader = Open(machine);
            LayerException e = Assert.Throws<LayerException>(() => LayerExporter.Export(reader, Stream.Null));
            Assert.Equal("BackupRead", e.Call);
            Assert.Equal(0x80070017u, e.Code);
            Assert.StartsWith("Files", e.Context.Entry, StringComparison.Ordinal);
            Assert.NotNull(e.Context.Offset);
        });
        AssertBalanced(recording);
    }

    /// <summary>A listing that ends early would be a layer without some of its files.</summary>
    [Fact]
    public void A_listing_that_fails_is_not_the_end_of_the_directory()
    {
        byte[] recording = RecordingLab.Record(_machine.Faulting(new FaultPlan().Fail("FindNextFileW", 2, 23)), machine =>
        {
            using LayerReader reader = Open(machine);
            LayerException e = Assert.Throws<LayerException>(() => LayerExporter.Export(reader, Stream.Null));
            Assert.Equal(("FindNextFileW", 0x80070017u), (e.Call, e.Code));
            Assert.NotNull(e.Context.Entry);
        });
        AssertBalanced(recording);
    }

    [Fact]
    public void Contexts_are_freed_before_their_handles_are_closed() => AssertBalanced(RecordingLab.Record(_machine, machine =>
    {
        using LayerReader reader = Open(machine);
        while (reader.GetNextEntry() is { } entry)
        {
            entry.OpenBackupStream().ReadByte();
        }
    }));

    [Fact]
    public void A_folder_without_Files_is_no_base_layer()
    {
        LayerException e = Assert.Throws<LayerException>(() => LayerReader.Open(
            _machine,
            new LayerLocation { Id = @"C:\layers\none" },
            LayerReaderKind.Base));
        Assert.Contains("no Files directory", e.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(@"C:\layers\base", @"\\?\C:\layers\base\")]
    [InlineData(@"C:/layers/./x/..\base\", @"\\?\C:\layers\base\")]
    [InlineData(@"\\?\C:\layers\base", @"\\?\C:\layers\base\")]
    public void Paths_are_long_ones(string layer, string prefix)
    {
        byte[] recording = RecordingLab.Record(
            _machine,
            machine => LayerReader.Open(machine, new LayerLocation { Id = layer }, LayerReaderKind.Base).GetNextEntry());
        string first = System.Text.Encoding.UTF8.GetString(recording)
            .Split('\n')
            .First(line => line.Contains("\"fn\":\"GetFileAttributesW\"", StringComparison.Ordinal));
        Assert.Contains((prefix + "Files").Replace(@"\", @"\\", StringComparison.Ordinal), first, StringComparison.Ordinal);
    }

    private static LayerReader Open(HcsMachine machine) => LayerReader.Open(machine, Machines.Base, LayerReaderKind.Base);

    /// <summary>What is opened is closed, and a backup context is freed by the abort form before its handle is closed.</summary>
    private static void AssertBalanced(byte[] recording)
    {
        using var file = new MemoryStream(recording);
        Assert.Empty(RecordingCheck.Run(CallRecording.Load(file, "memory"), [VmcomputeApi.Info, Kernel32Api.Info]));
    }
}
