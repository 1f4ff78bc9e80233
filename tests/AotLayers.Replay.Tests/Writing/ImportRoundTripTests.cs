using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Replay.Tests.Simulator;
using AotLayers.Simulator;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Writing;

/// <summary>
/// Whatever a layer holds, its tar imports as a layer that exports as the same tar: by each pair of writer and reader. The tars are
/// lossless, so that every record of every stream, every time and every attribute is in them.
/// </summary>
public sealed class ImportRoundTripTests
{
    // Those that can be set; the other ones follow from what a file is.
    private const uint Settable = 0x1 | 0x2 | 0x4 | 0x20 | 0x1000 | 0x2000;

    [Theory]
    [InlineData(LayerWriterKind.Stream, LayerReaderKind.Stream)]
    [InlineData(LayerWriterKind.Folder, LayerReaderKind.Folder)]
    [InlineData(LayerWriterKind.Base, LayerReaderKind.Base)]
    public void Same_tar_again(LayerWriterKind writer, LayerReaderKind reader)
    {
        string[] parents = writer == LayerWriterKind.Base ? [] : ["base"];
        RandomLayers.Entry.Array[0, 12].Sample(
            entries =>
            {
                SimulatedMachine machine = SampleLayers.Load();
                SharedStateTests.Import(machine, "one", Layer(entries, withSecurity: writer == LayerWriterKind.Base), parents);
                LayerLocation one = At("one", parents), two = At("two", parents);
                byte[] tar = Imports.Export(machine.Hcs, one, reader, lossless: true);
                ImportSummary summary = Imports.Import(machine.Hcs, two, tar, writer);
                Assert.Empty(summary.Warnings);
                Assert.Equal(0, machine.Kernel32.OpenHandles);
                byte[] again = Imports.Export(machine.Hcs, two, reader, lossless: true);
                Assert.Equal(Imports.List(tar), Imports.List(again));
                Assert.Equal(tar, again);
            },
            iter: 40);
    }

    private static LayerLocation At(string name, string[] parents) =>
        new() { Id = @"C:\layers\" + name, Parents = [.. parents.Select(parent => @"C:\layers\" + parent)] };

    private static List<ExportedEntry> Layer(
        (string Name, int Parent, bool Directory, bool Deleted, FileBasicInfo Info, byte[] Stream)[] entries, bool withSecurity)
    {
        var layer = new List<ExportedEntry> { Entry(@"\Files", directory: true, default, withSecurity ? Secure([]) : []) };
        var directories = new List<string> { @"\Files" };
        var names = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
        foreach ((string name, int parent, bool directory, _, FileBasicInfo info, byte[] given) in entries)
        {
            string path = $@"{directories[parent % directories.Count]}\{name}";
            if (!names.Add(path))
            {
                continue;
            }

            byte[] stream = directory ? WithoutData(given) : given;
            layer.Add(Entry(path, directory, info, withSecurity ? Secure(stream) : stream));
            if (directory && !IsLink(stream))
            {
                directories.Add(path);
            }
        }

        return layer;
    }

    private static ExportedEntry Entry(string path, bool directory, FileBasicInfo info, byte[] stream)
    {
        // Any time from 1970 on that a tar and a file can have.
        FileBasicInfo set = info;
        set.CreationTime = Time(info.CreationTime);
        set.LastAccessTime = Time(info.LastAccessTime);
        set.LastWriteTime = Time(info.LastWriteTime);
        set.ChangeTime = Time(info.ChangeTime);
        var metadata = LayerEntryMetadata.Read(new MemoryStream(stream), path, default);
        uint own = (directory ? WindowsFileAttributes.Directory : 0)
            | (metadata.ReparseData is null ? 0 : WindowsFileAttributes.ReparsePoint)
            | (metadata.Data is { IsSparse: true } ? WindowsFileAttributes.SparseFile : 0);
        uint attributes = (info.FileAttributes & Settable) | own;
        set.FileAttributes = attributes == 0 ? WindowsFileAttributes.Normal : attributes;
        return new ExportedEntry(path, set, 0, false, stream);

        static long Time(long any) => FileTime.UnixEpoch + (long)((ulong)any % 30_000_000_000_000_000);
    }

    /// <summary>A new file gets some security, and so does not stay without.</summary>
    private static byte[] Secure(byte[] stream)
    {
        using var bytes = new MemoryStream();
        var writer = new BackupStreamWriter(bytes);
        writer.WriteRecord(BackupStreamId.SecurityData, [1, 0, 4, 0x80, .. new byte[16]]);
        bytes.Write(stream);
        return bytes.ToArray();
    }

    private static byte[] WithoutData(byte[] stream)
    {
        using var bytes = new MemoryStream();
        var writer = new BackupStreamWriter(bytes);
        var reader = new BackupStreamReader(new MemoryStream(stream));
        while (reader.NextHeader(out BackupStreamHeader header))
        {
            if (header.Id is not (BackupStreamId.Data or BackupStreamId.SparseBlock))
            {
                byte[] payload = new byte[header.Size];
                reader.ReadToEnd(payload);
                writer.WriteHeader(header);
                writer.Write(payload);
            }
        }

        return bytes.ToArray();
    }

    private static bool IsLink(byte[] stream) =>
        LayerEntryMetadata.Read(new MemoryStream(stream), "x", default).ReparseData is not null;
}
