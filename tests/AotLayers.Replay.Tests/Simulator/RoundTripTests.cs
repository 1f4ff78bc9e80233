using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Replay.Tests.Recordings;
using AotLayers.Simulator;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>
/// Import, create, mount, export, import: whatever a layer holds, it is the same layer. Layers are random and have every kind of stream.
/// </summary>
public sealed class RoundTripTests
{
    private static readonly DriverInfo s_driver = DriverInfo.FullPaths;

    private static readonly Gen<byte[]> s_bytes = Gen.Byte.Array[0, 300];

    private static readonly Gen<string> s_name = Gen.OneOf(
        Gen.Char["abcXYZ09 ._-$~"].Array[1, 8].Select(chars => new string(chars)),
        Gen.OneOf([.. new[]
        {
            "Grüße",
            "日本語",
            "\U0001f600",
            "\ue000",
            "lone\ud800",
            "\udc00x",
            "trailing.",
            " lead",
            "$Recycle.Bin",
            "x.$wcidirs",
            "CON"
        }.Select(Gen.Const)]))
        .Where(name => name.Trim('.').Length > 0);

    private static readonly Gen<Action<BackupStreamWriter>> s_data = Gen.OneOf(
        Gen.Const<Action<BackupStreamWriter>>(static _ => { }),
        s_bytes.Select<byte[], Action<BackupStreamWriter>>(bytes => stream => Add(stream, BackupStreamId.Data, bytes)),
        Gen.Select(s_bytes.Array[1, 3], Gen.Int[0, 5000]).Select<(byte[][] Ranges, int Hole), Action<BackupStreamWriter>>(
            sparse => stream => AddSparse(stream, sparse.Ranges, sparse.Hole)));

    private static readonly Gen<Action<BackupStreamWriter>> s_extra = Gen.OneOf(
        s_bytes.Select<byte[], Action<BackupStreamWriter>>(bytes => stream => Add(
            stream,
            BackupStreamId.SecurityData,
            bytes,
            BackupStreamAttributes.None)),
        s_bytes.Select<byte[], Action<BackupStreamWriter>>(bytes => stream => Add(
            stream,
            BackupStreamId.EaData,
            ExtendedAttributes.Encode([new("A"u8.ToArray(), bytes, 0x80)]))),
        s_bytes.Select<byte[], Action<BackupStreamWriter>>(bytes => stream => Add(
            stream,
            BackupStreamId.ReparseData,
            [0x18, 0, 0, 0x80, (byte)bytes.Length, (byte)(bytes.Length >> 8), 0, 0, .. bytes])),
        Gen.Byte.Array[64].Select<byte[], Action<BackupStreamWriter>>(bytes => stream => Add(stream, BackupStreamId.ObjectId, bytes)),
        s_bytes.Select<byte[], Action<BackupStreamWriter>>(bytes => stream => Add(stream, BackupStreamId.TxfsData, bytes)),
        Gen.Select(s_name, s_bytes).Select<(string Name, byte[] Bytes), Action<BackupStreamWriter>>(ads => stream =>
            Add(stream, BackupStreamId.AlternateData, ads.Bytes, BackupStreamAttributes.None, $":{ads.Name}:$DATA")));

    private static readonly Gen<byte[]> s_stream = Gen.Select(s_extra.Array[0, 3], s_data, s_extra.Array[0, 3]).Select(parts =>
    {
        var bytes = new MemoryStream();
        var stream = new BackupStreamWriter(bytes);
        foreach (Action<BackupStreamWriter> part in (Action<BackupStreamWriter>[])[.. parts.Item1, parts.Item2, .. parts.Item3])
        {
            part(stream);
        }

        stream.Finish();
        return bytes.ToArray();
    });

    private static readonly Gen<FileBasicInfo> s_info = Gen.Select(Gen.Long, Gen.Long, Gen.Long, Gen.Long, Gen.UInt).Select(v =>
        new FileBasicInfo
        {
            CreationTime = v.Item1,
            LastAccessTime = v.Item2,
            LastWriteTime = v.Item3,
            ChangeTime = v.Item4,
            FileAttributes = v.Item5 & ~0x10u
        });

    // A name, the directory that it goes into (by number), whether it is a directory, a deletion.
    private static readonly Gen<(string Name, int Parent, bool Directory, bool Deleted, FileBasicInfo Info, byte[] Stream)> s_entry =
        Gen.Select(s_name, Gen.Int[0, 100], Gen.Bool, Gen.Int[0, 9], s_info, s_stream)
            .Select(v => (v.Item1, v.Item2, v.Item3, v.Item4 == 0, v.Item5, v.Item6));

    [Fact]
    public void Every_byte_and_attribute_survives()
    {
        using var layers = new LayerDirectory();
        layers.WithFile("base/Files/a.txt", "base");
        s_entry.Array[0, 12].Sample(
            entries =>
            {
                using var state = new TempFolder();
                List<ExportedEntry> expected = Layer(entries);
                SharedStateTests.Import(Open(layers, state), "one", expected, "base");
                List<ExportedEntry> first = SampleLayers.Export(Open(layers, state), "one", "base");
                Assert.Equal(expected.Count, first.Count);
                foreach (ExportedEntry entry in expected)
                {
                    ExportedEntry actual = Assert.Single(first, other => other.Name == entry.Name && other.Deleted == entry.Deleted);
                    Assert.Equal(entry.Deleted ? default : entry.Info, actual.Info);
                    Assert.Equal(entry.Stream, actual.Stream);
                }

                Mount(layers, state);
                SharedStateTests.Import(Open(layers, state), "two", SampleLayers.Export(Open(layers, state), "one", "base"), "base");
                SameLayer.Check(first, SampleLayers.Export(Open(layers, state), "two", "base"));
                FolderRoundTrip(layers, state, first);
            },
            iter: 60);
    }

    [Fact]
    public void Hard_links_survive_a_copy_in_another_process()
    {
        using var state = new TempFolder();
        var options = new SimulatorOptions { StateFolder = state.Path };
        Assert.Equal(0, SampleLayers.Load(options).Vmcompute.CopyLayer(in s_driver, "base", "linked", [], 0));
        SimulatedKernel32 kernel = SampleLayers.Load(options).Kernel32;
        Assert.Equal(Links(kernel, "base"), Links(kernel, "linked"));
        Assert.Equal(3u, Links(kernel, "linked"));
    }

    private static uint Links(SimulatedKernel32 kernel, string layer)
    {
        nint file = kernel.CreateFileW($@"C:\layers\{layer}\Files\Windows\System32\kernel.bin", 0x80000000, 1, 0, 3, 0x02200000, 0);
        Assert.NotEqual(-1, file);
        Assert.Equal(1, kernel.GetFileStandardInfo(file, 1, out FileStandardInfo standard, 24));
        kernel.CloseHandle(file);
        return standard.NumberOfLinks;
    }

    // The layer is the parent of a container's scratch while it is exported.
    private static void Mount(LayerDirectory layers, TempFolder state)
    {
        LayerDescriptor[] parents = SampleLayers.Parents(Open(layers, state), "one", "base");
        Assert.Equal(0, Open(layers, state).Vmcompute.CreateSandboxLayer(in s_driver, "box", null, parents, 2));
        Assert.Equal(0, Open(layers, state).Vmcompute.ActivateLayer(in s_driver, "box"));
        Assert.Equal(0, Open(layers, state).Vmcompute.PrepareLayer(in s_driver, "box", parents, 2));
    }

    // Through a transport folder deletions go by the list of the folder, everything else byte by byte.
    private static void FolderRoundTrip(LayerDirectory layers, TempFolder state, List<ExportedEntry> expected)
    {
        const string Folder = @"C:\Windows\SystemTemp\transport";
        SimulatedMachine machine = Open(layers, state);
        LayerDescriptor[] parents = SampleLayers.Parents(machine, "base");
        Assert.Equal(0, machine.Vmcompute.ExportLayer(in s_driver, "two", Folder, parents, 1));
        Assert.Equal(0, machine.Vmcompute.ImportLayer(in s_driver, "three", Folder, parents, 1));
        var actual = SampleLayers.Export(Open(layers, state), "three", "base")
            .Where(entry => !entry.Name.StartsWith(@"\Hives", StringComparison.Ordinal))
            .ToList();
        SameLayer.Check(expected, actual);
    }

    private static List<ExportedEntry> Layer(
        (string Name, int Parent, bool Directory, bool Deleted, FileBasicInfo Info, byte[] Stream)[] entries)
    {
        var top = new FileBasicInfo { CreationTime = 1, LastAccessTime = 2, LastWriteTime = 3, ChangeTime = 4, FileAttributes = 0x10 };
        var layer = new List<ExportedEntry> { new(@"\Files", top, 0, false, []) };
        var directories = new List<string> { @"\Files" };
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string? name, int parent, bool directory, bool deleted, FileBasicInfo info, byte[]? stream) in entries)
        {
            string path = $@"{directories[parent % directories.Count]}\{name}";
            if (!names.Add(path))
            {
                continue;
            }

            FileBasicInfo attributes = info;
            attributes.FileAttributes |= directory && !deleted ? 0x10u : 0;
            layer.Add(new ExportedEntry(path, attributes, 0, deleted, deleted ? [] : stream));
            if (directory && !deleted)
            {
                directories.Add(path);
            }
        }

        return layer;
    }

    private static SimulatedMachine Open(LayerDirectory layers, TempFolder state) =>
        layers.Load(new SimulatorOptions { StateFolder = state.Path });

    private static void Add(
        BackupStreamWriter stream,
        BackupStreamId id,
        byte[] bytes,
        BackupStreamAttributes attributes = BackupStreamAttributes.None,
        string name = "")
    {
        stream.WriteHeader(new BackupStreamHeader(id, bytes.Length, attributes, name));
        stream.Write(bytes);
    }

    private static void AddSparse(BackupStreamWriter stream, byte[][] ranges, int hole)
    {
        Add(stream, BackupStreamId.Data, [], BackupStreamAttributes.Sparse);
        long at = 0;
        foreach (byte[] range in ranges.Where(range => range.Length > 0))
        {
            at += hole;
            stream.WriteHeader(new BackupStreamHeader(
                BackupStreamId.SparseBlock,
                range.Length,
                BackupStreamAttributes.Sparse,
                SparseOffset: at));
            stream.Write(range);
            at += range.Length;
        }

        stream.WriteHeader(new BackupStreamHeader(BackupStreamId.SparseBlock, 0, BackupStreamAttributes.Sparse, SparseOffset: at + hole));
    }
}
