using System.Buffers.Binary;
using AotLayers.Hcs;
using AotLayers.Interop;
using AotLayers.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>
/// The streaming calls of the simulated machine. Expected bytes are those of docs/formats/backup-stream.md#known-answers,
/// docs/formats/reparse-points.md#known-answers, expected order that of 3.1 and 4.3.
/// </summary>
public class StreamingExportTests
{
    private const int Aborted = unchecked((int)0x800703E3);
    private const int InvalidHandle = unchecked((int)0x80070006);
    private const int InvalidArgument = unchecked((int)0x80070057);

    [Fact]
    public void Entries_come_parents_first_with_deletions_after_their_directory()
    {
        var names = SampleLayers.Export(SampleLayers.Load(), "app", "base")
            .Select(entry => (entry.Deleted ? "-" : "") + entry.Name)
            .ToList();
        Assert.Equal([@"\Files", @"-\Files\gone.txt", @"\Files\Grüße"], names[..3]);
        int app = names.IndexOf(@"\Files\Program Files\App");
        Assert.Equal(@"-\Files\Program Files\App\old.dll", names[app + 1]);
        Assert.Equal([@"\Hives", @"\Hives\DefaultUser_Delta", @"\Hives\Sam_Delta"], names[names.IndexOf(@"\Hives")..][..3]);

        // U+E000 sorts before a surrogate pair by UTF-8 bytes and after it by UTF-16 units.
        Assert.True(names.IndexOf("\\Files\\Grüße\\\ue000.txt") < names.IndexOf("\\Files\\Grüße\\\U0001f600.txt"));
        Assert.Contains("\\Files\\Grüße\\lone\ud800.txt", names);
        Assert.Contains(names, name => name.Length > 300);
    }

    [Theory]
    [InlineData(@"\Files\hello.txt", "01000000000000000500000000000000 00000000 68656c6c6f")]
    [InlineData(@"\Files\empty.txt", "01000000000000000000000000000000 00000000")]
    public void Stream_without_the_security_record_has_known_bytes(string name, string hex)
    {
        byte[] expected = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));
        byte[] stream = SampleLayers.Export(SampleLayers.Load(), "app", "base").Single(entry => entry.Name == name).Stream;
        // 20 bytes of header and the 124 bytes of the default descriptor of a file (docs/formats/security-descriptors.md#known-answers).
        Assert.Equal(3u, BinaryPrimitives.ReadUInt32LittleEndian(stream));
        Assert.Equal(124, BinaryPrimitives.ReadInt64LittleEndian(stream.AsSpan(8)));
        Assert.Equal(expected, stream[144..]);
    }

    [Theory]
    [InlineData(
        @"\Files\Users",
        236,
        "030000a034000000000018001a0010005c003f003f005c0043003a005c0055007300650072007300000043003a005c00550073006500720073000000")]
    public void Reparse_record_has_known_bytes(string name, int afterSecurity, string hex)
    {
        byte[] expected = Convert.FromHexString(hex);
        byte[] record = SampleLayers.Export(SampleLayers.Load(), "app", "base").Single(entry => entry.Name == name).Stream[afterSecurity..];
        Assert.Equal(8u, BinaryPrimitives.ReadUInt32LittleEndian(record));
        Assert.Equal(expected, record[20..]);
    }

    [Fact]
    public void Sparse_file_in_blocks_has_known_bytes()
    {
        byte[] expected = Convert.FromHexString((
            "01000000 08000000 0000000000000000 00000000 09000000 08000000 0c00000000000000 00000000 0000000000000000 61626364" +
            "09000000 08000000 0800000000000000 00000000 0000010000000000").Replace(" ", "", StringComparison.Ordinal));
        byte[] stream = SmallSparse().Single(entry => entry.Name == @"\Files\e-one-range-blocks.dat").Stream;
        Assert.Equal(expected, stream[144..]);
    }

    [Theory]
    [InlineData(@"\Files\a-size0-old.dat", 0, "")]
    [InlineData(@"\Files\b-size0-new.dat", 0, "1:0")]
    [InlineData(@"\Files\c-all-hole.dat", 1000000, "1:0 9@1000000:0")]
    [InlineData(@"\Files\d-one-range.dat", 65536, "1:65536")]
    [InlineData(@"\Files\f-ranges.dat", 1000016, "1:0 9@0:14 9@1000000:15 9@1000016:0")]
    [InlineData(@"\Files\g-attribute-only.dat", 18, "1:18")]
    public void Sparse_files_have_each_representation(string name, long size, string records)
    {
        ExportedEntry entry = SmallSparse().Single(entry => entry.Name == name);
        Assert.Equal(size, entry.Size);
        Assert.Equal(0x200u, entry.Info.FileAttributes & 0x200);
        Assert.Equal(records, Records(entry.Stream.AsSpan(144)));
    }

    [Fact]
    public void Alternate_streams_and_attributes_follow_their_format()
    {
        List<ExportedEntry> entries = SampleLayers.Export(SampleLayers.Load(), "app", "base");
        byte[] notes = entries.Single(entry => entry.Name == @"\Files\notes.txt").Stream;
        byte[] ads = Convert.FromHexString(("0400000000000000030000000000000 "
            + "01c0000003a006100640073002e007400780074003a00240044004100540041 00616473").Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(ads, notes[(144 + 26)..][..ads.Length]);

        byte[] attributes = entries.Single(entry => entry.Name == @"\Files\attributes.dat").Stream[144..];
        byte[] first = Convert.FromHexString("140000000003030046 4f4f0062617200".Replace(" ", "", StringComparison.Ordinal));
        Assert.Equal(2u, BinaryPrimitives.ReadUInt32LittleEndian(attributes));
        Assert.Equal(first[4..], attributes[24..][..12]);
    }

    [Fact]
    public void Ending_before_the_end_is_an_error()
    {
        SimulatedMachine machine = SampleLayers.Load();
        DriverInfo info = DriverInfo.FullPaths;
        machine.Vmcompute.ExportLayerBegin(in info, @"C:\layers\app", SampleLayers.Parents(machine, "base"), 1, out nint context);
        Assert.Equal(0, machine.Vmcompute.ExportLayerNext(context, out _, out _, out _, out _));
        Assert.Equal(1, machine.Vmcompute.OpenContexts);
        Assert.Equal(Aborted, machine.Vmcompute.ExportLayerEnd(context));
        Assert.Equal(0, machine.Vmcompute.OpenContexts);
        Assert.Equal(InvalidHandle, machine.Vmcompute.ExportLayerEnd(context));
        Assert.Equal(InvalidHandle, machine.Vmcompute.ExportLayerNext(context, out _, out _, out _, out _));
        Assert.Equal(InvalidHandle, machine.Vmcompute.ExportLayerRead(context, new byte[1], 1, out _));
    }

    [Fact]
    public void Failing_read_delivers_what_precedes_it_and_is_told_again_at_the_end()
    {
        const int Corrupt = unchecked((int)0x80070570);
        SimulatedMachine machine = SampleLayers.Load(new SimulatorOptions { MaxReadBytes = 700 });
        DriverInfo info = DriverInfo.FullPaths;
        machine.Vmcompute.ExportLayerBegin(in info, @"C:\layers\unreadable", SampleLayers.Parents(machine, "base"), 1, out nint context);
        machine.Vmcompute.ExportLayerNext(context, out _, out _, out _, out _);
        machine.Vmcompute.ExportLayerNext(context, out string? name, out _, out _, out _);
        Assert.Equal(@"\Files\damaged.bin", name);
        long total = 0;
        int hr;
        while ((hr = machine.Vmcompute.ExportLayerRead(context, new byte[4096], 4096, out uint read)) == 0)
        {
            Assert.InRange(read, 1u, 700u);
            total += read;
        }

        Assert.Equal(6000, total);
        Assert.Equal(Corrupt, hr);
        Assert.Equal(Corrupt, machine.Vmcompute.ExportLayerNext(context, out _, out _, out _, out _));
        Assert.Equal(Corrupt, machine.Vmcompute.ExportLayerEnd(context));
    }

    [Fact]
    public void Parents_have_to_be_right()
    {
        SimulatedMachine machine = SampleLayers.Load();
        DriverInfo info = DriverInfo.FullPaths;
        Assert.Equal(unchecked((int)0x80070003), machine.Vmcompute.ExportLayerBegin(in info, @"C:\layers\nothere", [], 0, out _));
        Assert.Equal(
            unchecked((int)0x80070003),
            machine.Vmcompute.ExportLayerBegin(in info, @"C:\layers\app", [new LayerDescriptor { Path = "gone" }], 1, out _));
        Assert.Equal(
            InvalidArgument,
            machine.Vmcompute.ExportLayerBegin(in info, @"C:\layers\app", [new LayerDescriptor { Path = "base" }], 1, out _));
        LayerDescriptor[] wrongOrder = SampleLayers.Parents(machine, "base", "app");
        Assert.Equal(InvalidArgument, machine.Vmcompute.ExportLayerBegin(in info, @"C:\layers\deletions", wrongOrder, 2, out _));
        Assert.Equal(InvalidArgument, machine.Vmcompute.ExportLayer(in info, @"C:\layers\base", @"C:\Windows\SystemTemp\x", [], 0));
    }

    [Fact]
    public void Absent_exports_are_reported_and_refuse_to_be_called()
    {
        SimulatedMachine machine = SampleLayers.Load(new SimulatorOptions { AbsentExports = ["ExportLayerBegin"] });
        DriverInfo info = DriverInfo.FullPaths;
        Assert.Equal(ExportStatus.ExportMissing, machine.Vmcompute.Probe("ExportLayerBegin"));
        Assert.Equal(ExportStatus.Present, machine.Vmcompute.Probe("ExportLayer"));
        Assert.Throws<MissingExportException>(() => machine.Vmcompute.ExportLayerBegin(in info, "app", [], 0, out _));
        machine = SampleLayers.Load(new SimulatorOptions { VmcomputeMissing = true });
        Assert.Throws<MissingLibraryException>(() => machine.Vmcompute.LayerExists(in info, "app", out _));
    }

    [Fact]
    public void Four_gibibytes_are_read_without_being_stored()
    {
        SimulatedMachine machine = SampleLayers.Load();
        nint file = machine.Kernel32.CreateFileW(@"C:\layers\sparse\Files\h-huge.dat", 0x80000000, 1, 0, 3, 0x02200000, 0);
        Assert.Equal(1, machine.Kernel32.SetFilePointerEx(file, 4294901759, out _, 0));
        byte[] buffer = new byte[4];
        Assert.Equal(1, machine.Kernel32.ReadFile(file, buffer, 4, out uint read, 0));
        Assert.Equal(4u, read);
        Assert.Equal([0, 12, 13, 14], buffer);
        machine.Kernel32.CloseHandle(file);
    }

    private static List<ExportedEntry> SmallSparse()
    {
        using var layers = new LayerDirectory();
        string json = File.ReadAllText(Path.Combine(SampleLayers.Folder, "sparse", "layer.json"));
        layers.WithFile(
            "sparse/layer.json",
            json.Replace("4294967296", "200000", StringComparison.Ordinal).Replace("4294901760", "131072", StringComparison.Ordinal));
        return SampleLayers.Export(layers.Load(), "sparse");
    }

    // "id:size", or "9@offset:size" without the eight bytes of the offset. Written apart from the reader of the formats library.
    private static string Records(ReadOnlySpan<byte> stream)
    {
        var text = new List<string>();
        while (!stream.IsEmpty)
        {
            uint id = BinaryPrimitives.ReadUInt32LittleEndian(stream);
            long size = BinaryPrimitives.ReadInt64LittleEndian(stream[8..]);
            int payload = 20 + BinaryPrimitives.ReadInt32LittleEndian(stream[16..]);
            text.Add(id == 9 ? $"9@{BinaryPrimitives.ReadInt64LittleEndian(stream[payload..])}:{size - 8}" : $"{id}:{size}");
            stream = stream[(payload + (int)size)..];
        }

        return string.Join(' ', text);
    }
}
