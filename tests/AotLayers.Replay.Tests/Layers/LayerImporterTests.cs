using System.Security.Cryptography;
using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Interop;
using AotLayers.Replay.Tests.Recordings;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>Import of layer tars: all of it or nothing, whatever the archive, the machine or the user does.</summary>
public sealed class LayerImporterTests
{
    private static readonly LayerLocation s_new = new() { Id = @"C:\layers\new", Parents = [@"C:\layers\base"] };
    private readonly HcsMachine _machine = Machines.Samples();

    [Theory]
    [InlineData(LayerCompression.None)]
    [InlineData(LayerCompression.Gzip)]
    [InlineData(LayerCompression.Zstd)]
    public void An_imported_layer_exports_as_the_same_tar(LayerCompression compression)
    {
        byte[] tar = ExportSample(compression, out ExportSummary exported);
        ImportSummary imported = Import(tar, new ImportOptions { ExpectDiffId = exported.DiffId, ExpectDigest = exported.Digest });
        Assert.Equal((exported.DiffId, exported.Digest), (imported.DiffId, imported.Digest));
        Assert.Equal(
            (exported.Entries, exported.Tombstones, exported.FileBytes),
            (imported.Entries, imported.Tombstones, imported.FileBytes));
        Assert.Equal((exported.TarBytes, exported.Bytes, "stream"), (imported.TarBytes, imported.Bytes, imported.Writer));
        Assert.Equal(exported.DiffId, LayerExporter.Export(LayerReader.Open(_machine, s_new), Stream.Null).DiffId);
    }

    /// <summary>A pipe gives what it has, and cannot seek.</summary>
    [Fact]
    public void A_pipe_is_as_good_as_a_file()
    {
        byte[] tar = ExportSample(LayerCompression.Gzip, out ExportSummary exported);
        Assert.Equal(exported.DiffId, LayerImporter.Import(_machine, s_new, new SmallPieces(tar), "pipe").DiffId);
        AssertExists(true);
    }

    [Theory]
    [InlineData(LayerCompression.None)]
    [InlineData(LayerCompression.Gzip)]
    [InlineData(LayerCompression.Zstd)]
    public void A_cut_archive_imports_nothing_wherever_it_is_cut(LayerCompression compression)
    {
        byte[] tar = ExportSample(compression, out ExportSummary exported);

        // Behind the end marker of a plain tar nothing is missing.
        int whole = compression == LayerCompression.None ? (int)exported.TarBytes - 1024 : tar.Length;
        for (int length = 0; length < whole; length += Math.Max(1, whole / 61))
        {
            LayerException e = Assert.Throws<LayerException>(() => Import(tar[..length]));
            Assert.Contains("nothing was imported", e.Message, StringComparison.Ordinal);
            AssertExists(false);
        }

        Import(tar);
        AssertExists(true);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Another_digest_than_the_demanded_one_imports_nothing(bool diffId)
    {
        byte[] tar = ExportSample(LayerCompression.Gzip, out ExportSummary exported);
        string wrong = "sha256:" + new string('0', 64);
        var options =
            new ImportOptions { ExpectDiffId = diffId ? wrong : exported.DiffId, ExpectDigest = diffId ? exported.Digest : wrong };
        LayerException e = Assert.Throws<LayerException>(() => Import(tar, options));
        Assert.Contains(
            $"the {(diffId ? "diffID" : "digest")} is {(diffId ? exported.DiffId : exported.Digest)}, not {wrong}",
            e.Message,
            StringComparison.Ordinal);
        AssertExists(false);
    }

    [Fact]
    public void Bytes_behind_a_compressed_tar_count_for_the_digest()
    {
        byte[] tar = [.. ExportSample(LayerCompression.None, out _), .. new byte[5000]];
        Assert.Equal("sha256:" + Convert.ToHexStringLower(SHA256.HashData(tar)), Import(tar).Digest);
    }

    [Theory]
    [InlineData("sha256:12")]
    [InlineData("md5:0123")]
    [InlineData("")]
    public void A_demand_that_is_no_digest_is_refused(string digest) =>
        Assert.Throws<ArgumentException>(() => Import([], new ImportOptions { ExpectDigest = digest }));

    [Fact]
    public void A_layer_that_is_there_is_left_alone()
    {
        byte[] tar = ExportSample(LayerCompression.None, out ExportSummary exported);
        LayerException e = Assert.Throws<LayerException>(() => LayerImporter.Import(
            _machine,
            Machines.App,
            new MemoryStream(tar),
            "x.tar"));
        Assert.Contains("there already", e.Message, StringComparison.Ordinal);
        Assert.Equal(exported.DiffId, LayerExporter.Export(LayerReader.Open(_machine, Machines.App), Stream.Null).DiffId);
    }

    [Fact]
    public void A_cancelled_import_imports_nothing()
    {
        byte[] tar = ExportSample(LayerCompression.None, out _);
        using var cancellation = new CancellationTokenSource();
        var options = new ImportOptions { Progress = new CancelAt(cancellation, 5) };
        Assert.Throws<OperationCanceledException>(() => LayerImporter.Import(
            _machine,
            s_new,
            new MemoryStream(tar),
            "x.tar",
            options,
            cancellationToken: cancellation.Token));
        AssertExists(false);
    }

    /// <summary>Any call fails: the error names it, and neither a layer nor an open context stays.</summary>
    [Fact]
    public void Any_call_may_fail()
    {
        byte[] tar = ExportSample(LayerCompression.None, out _);
        byte[] whole = RecordingLab.Record(
            Machines.Samples(),
            machine => LayerImporter.Import(machine, s_new, new MemoryStream(tar), "x.tar"));
        using var file = new MemoryStream(whole);
        string[] calls = [.. CallRecording.Load(file, "memory").Calls.Select(call => call.Function)];
        Assert.True(calls.Length > 30);
        for (int call = 1; call <= calls.Length; call++)
        {
            HcsMachine machine = Machines.Samples();
            byte[] recording = RecordingLab.Record(machine.Faulting(new FaultPlan().FailCall(call, 0x80070005)), recorded =>
            {
                LayerException e = Assert.Throws<LayerException>(() => LayerImporter.Import(
                    recorded,
                    s_new,
                    new MemoryStream(tar),
                    "x.tar"));
                Assert.Equal(calls[call - 1], e.Call);
                Assert.Equal(0x80070005u, e.Code);
                Assert.Equal(s_new.Path, e.Context.Layer);
            });
            using var again = new MemoryStream(recording);
            Assert.Empty(RecordingCheck.Run(CallRecording.Load(again, "memory"), [VmcomputeApi.Info, Kernel32Api.Info]));
            DriverInfo driver = DriverInfo.FullPaths;
            Assert.Equal(0, machine.Vmcompute.LayerExists(in driver, s_new.Id, out uint exists));
            Assert.True(exists == 0, $"call {call} of {calls.Length} left a layer");
        }
    }

    [Theory]
    [InlineData("../x", "'..' part")]
    [InlineData("/abs", "empty part")]
    [InlineData("C:/x", "':'")]
    [InlineData("Files/../../x", "'..' part")]
    [InlineData("Files/a\u0001b", "no Windows file system")]
    [InlineData("Files/a|b", "no Windows file system")]
    [InlineData("Files/nodir/x", "does not come before it")]
    [InlineData("Files/FILE", "differ only in case")]
    [InlineData("Files/file", "comes twice")]
    [InlineData("Files/file/x", "a file or a link")]
    [InlineData("Files/link/x", "a file or a link")]
    [InlineData("Files/.wh..wh..opq", "opaque")]
    [InlineData("Files/.wh.file", "that is in this layer")]
    [InlineData(".wh.x", "outside of Files")]
    public void A_hostile_entry_imports_nothing(string name, string words)
    {
        byte[] tar = Tar(w =>
        {
            w.WriteHeader(new TarHeader { Name = "Files", TypeFlag = TarTypeFlag.Directory });
            w.WriteHeader(new TarHeader { Name = "Files/file", TypeFlag = TarTypeFlag.RegularFile });
            w.WriteHeader(new TarHeader { Name = "Files/link", TypeFlag = TarTypeFlag.SymbolicLink, LinkName = @"C:\Windows" });
            w.WriteHeader(new TarHeader { Name = name, TypeFlag = TarTypeFlag.RegularFile });
        });
        LayerException e = Assert.Throws<LayerException>(() => Import(tar));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
        Assert.Contains("3 entries were written before", e.Message, StringComparison.Ordinal);
        AssertExists(false);
    }

    [Theory]
    [InlineData("Files/nul")]
    [InlineData("Files/aux.c")]
    [InlineData("Files/dot.")]
    [InlineData("Files/space ")]
    public void Names_that_Win32_programs_cannot_open_are_kept(string name)
    {
        Import(Tar(w =>
        {
            w.WriteHeader(new TarHeader { Name = "Files", TypeFlag = TarTypeFlag.Directory });
            w.WriteHeader(new TarHeader { Name = name, TypeFlag = TarTypeFlag.RegularFile });
        }));
        using var reader = LayerReader.Open(_machine, s_new);
        Assert.Contains(WindowsPath.FromSlash(name), reader.Names());
    }

    [Fact]
    public void The_streaming_calls_have_no_hard_links_and_that_is_said()
    {
        byte[] tar = Tar(w =>
        {
            w.WriteHeader(new TarHeader { Name = "Files", TypeFlag = TarTypeFlag.Directory });
            w.WriteHeader(new TarHeader { Name = "Files/a", TypeFlag = TarTypeFlag.RegularFile });
            w.WriteHeader(new TarHeader { Name = "Files/b", TypeFlag = TarTypeFlag.HardLink, LinkName = "Files/a" });
        });
        LayerException e = Assert.Throws<LayerException>(() => Import(tar));
        Assert.Contains("hard link", e.Message, StringComparison.Ordinal);
        Assert.Equal(@"Files\b", e.Context.Entry);
        AssertExists(false);
    }

    [Fact]
    public void A_layer_without_parents_has_no_tombstones()
    {
        byte[] tar = Tar(w =>
        {
            w.WriteHeader(new TarHeader { Name = "Files", TypeFlag = TarTypeFlag.Directory });
            w.WriteHeader(new TarHeader { Name = "Files/.wh.x", TypeFlag = TarTypeFlag.RegularFile });
        });
        LayerException e = Assert.Throws<LayerException>(() =>
            LayerImporter.Import(
                _machine,
                new LayerLocation { Id = s_new.Id },
                new MemoryStream(tar),
                "x.tar",
                kind: LayerWriterKind.Stream));
        Assert.Contains("nothing to hide", e.Message, StringComparison.Ordinal);
        AssertExists(false);
    }

    private ImportSummary Import(byte[] tar, ImportOptions? options = null) =>
        LayerImporter.Import(_machine, s_new, new MemoryStream(tar), "x.tar", options);

    private void AssertExists(bool expected)
    {
        DriverInfo driver = DriverInfo.FullPaths;
        Assert.Equal(0, _machine.Vmcompute.LayerExists(in driver, s_new.Id, out uint exists));
        Assert.Equal(expected, exists != 0);
    }

    private static byte[] ExportSample(LayerCompression compression, out ExportSummary summary)
    {
        using var output = new MemoryStream();
        summary = LayerExporter.Export(
            LayerReader.Open(Machines.Samples(), Machines.App),
            output,
            new ExportOptions { Compression = compression });
        return output.ToArray();
    }

    private static byte[] Tar(Action<TarWriter> write)
    {
        using var output = new MemoryStream();
        var writer = new TarWriter(output);
        write(writer);
        writer.Finish();
        return output.ToArray();
    }

    private sealed class SmallPieces(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override int Read(Span<byte> buffer) => base.Read(buffer[..Math.Min(777, buffer.Length)]);

        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(777, count));
    }

    private sealed class CancelAt(CancellationTokenSource cancellation, long entries) : IProgress<ImportProgress>
    {
        public void Report(ImportProgress value)
        {
            if (value.Entries == entries)
            {
                cancellation.Cancel();
            }
        }
    }
}
