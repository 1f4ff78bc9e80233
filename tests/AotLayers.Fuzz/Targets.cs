using System.Text;
using AotLayers.Formats;
using AotLayers.Interop;
using AotLayers.Simulator;

namespace AotLayers.Fuzz;

/// <summary>One parser: a valid input to start from, and what reads it. Anything but the parser's own exception is a finding.</summary>
internal sealed record Target(string Name, byte[] Seed, Action<byte[]> Parse, Func<Exception, bool> Refuses);

/// <summary>Every parser of the project.</summary>
internal static class Targets
{
    private const string Recording = """
        {"format":"aotlayers-recording","version":2,"origin":{"kind":"simulated","os":"linux 6.1","arch":"x64","tool":"aotlayers 0.1.0"},
        "apis":{"vmcompute":{"library":"vmcompute.dll","absent":["GrantVmAccess"],"signatures":{"ExportLayerNext":"0011223344556677","ExportLayerRead":"8899aabbccddeeff"}}},
        "calls":[
        {"seq":1,"thread":1,"api":"vmcompute","fn":"ExportLayerNext","in":{"context":{"$handle":"context#1"}},"out":{"fileName":"\\Files","fileSize":0,"deleted":0},"ret":"0x00000000"},
        {"seq":2,"thread":1,"api":"vmcompute","fn":"ExportLayerRead","in":{"context":{"$handle":"context#1"},"buffer":{"$room":100}},"out":{"buffer":{"$bytes":0}},"ret":"0x00000000"}
        ],"end":{"calls":2,"complete":true}}
        """;

    private const string Conditional =
        "D:(XA;;FX;;;WD;(@User.a%0020b Any_of {1, \"b\", #00ff} && !(Member_of SID(BA)) || Exists "
            + "c))S:(RA;;;;;WD;(\"c\",TS,0x3,\"x\",\"y\"))";

    public static IReadOnlyList<Target> All { get; } =
    [
        new("backup stream", BackupStream(), ReadBackupStream, IsFormat),
        new("tar", LayerTar(), ReadTar, IsFormat),
        new("layer tar", LayerTar(), ReadLayerTar, IsFormat),
        new("lossless layer tar", LayerTar(new LayerTarWriterOptions { Lossless = true }), ReadLayerTar, IsFormat),
        new("verify", LayerTar(), static d => LayerVerifier.VerifyTar(new MemoryStream(d)), static _ => false),
        new("root of Linux", LayerTar(), ReadRoot, static e => e is LayerException),
        new("tar with sparse files", SparseTar(), ReadTar, IsFormat),
        new("lossless description", LosslessDescription(), ReadLosslessDescription, IsFormat),
        new("backup stream to tar", BackupStream(), WriteTar, IsFormat),
        new(
            "reparse point",
            ReparsePoint.FromTarget(@"C:\Users", isMountPoint: true).Encode(),
            static d => ReparsePoint.Decode(d),
            IsFormat),
        new(
            "reparse buffer",
            Convert.FromHexString("1b0000801a0000000300000070000000610000006300" + "3a005c00780000003000" + "0000"),
            static d => ReparseBuffer.Parse(d).Describe(),
            IsFormat),
        new(
            "extended attributes",
            Convert.FromHexString("1000000000030300666f6f0062617200000000000004040066697a7a0062757a7a000000"),
            static d => ExtendedAttributes.Decode(d),
            IsFormat),
        new(
            "security descriptor",
            SecurityDescriptor.FromSddl("O:BAG:SYD:(A;OICI;FA;;;BA)(A;;0x1200a9;;;BU)").Encode(),
            static d => SecurityDescriptor.Parse(d).ToSddl(),
            IsFormat),
        new(
            "SDDL",
            Encoding.Latin1.GetBytes("O:BAG:SYD:(A;OICI;FA;;;BA)(A;;0x1200a9;;;BU)"),
            static d => SecurityDescriptor.FromSddl(Encoding.Latin1.GetString(d)),
            IsFormat),
        new(
            "conditional entries",
            SecurityDescriptor.FromSddl(Conditional).Encode(),
            static d => Describe(SecurityDescriptor.Parse(d)),
            IsFormat),
        new(
            "SDDL conditions",
            Encoding.Latin1.GetBytes(Conditional),
            static d => SecurityDescriptor.FromSddl(Encoding.Latin1.GetString(d)),
            IsFormat),
        new(
            "tombstones.txt",
            [0xEF, 0xBB, 0xBF, .. "Version 1.0\r\n\\Windows\\foo.txt\r\n"u8],
            static d => TombstoneFile.Read(new MemoryStream(d)),
            IsFormat),
        new(
            "recording",
            Encoding.UTF8.GetBytes(Recording),
            static d => AotLayers.Interop.CallRecording.Load(new MemoryStream(d), "fuzz"),
            static e => e is RecordingFormatException),
        new(
            "layer.json",
            Encoding.UTF8.GetBytes(SimulatedLayerFolder.Json),
            SimulatedLayerFolder.Export,
            static e => e is SimulatedLayerException),
    ];

    private static void Describe(SecurityDescriptor descriptor)
    {
        SecurityDescriptorReport.Describe(descriptor);
        descriptor.ToSddl();
    }

    private static bool IsFormat(Exception e) => e is LayerFormatException;

    private static byte[] BackupStream()
    {
        var stream = new MemoryStream();
        var writer = new BackupStreamWriter(stream);
        Add(BackupStreamId.SecurityData, BackupStreamAttributes.None, "", 0, [1, 0, 4, 0x80, .. new byte[16]]);
        Add(BackupStreamId.Data, BackupStreamAttributes.Sparse, "", 0, []);
        Add(BackupStreamId.SparseBlock, BackupStreamAttributes.Sparse, "", 4096, "abcd"u8);
        Add(BackupStreamId.SparseBlock, BackupStreamAttributes.Sparse, "", 65536, []);
        Add(BackupStreamId.AlternateData, BackupStreamAttributes.None, ":ads.txt:$DATA", 0, "ads"u8);
        return stream.ToArray();

        void Add(BackupStreamId id, BackupStreamAttributes attributes, string name, long offset, ReadOnlySpan<byte> data)
        {
            writer.WriteHeader(new BackupStreamHeader(id, data.Length, attributes, name, offset));
            writer.Write(data);
        }
    }

    private static byte[] LayerTar(LayerTarWriterOptions? options = null)
    {
        var output = new MemoryStream();
        using (var tar = new LayerTarWriter(output, options: options))
        {
            tar.WriteEntry(@"Files\größe.bin", 65536, default, new MemoryStream(BackupStream()));
            tar.WriteTombstone(@"Files\gone.txt");
            tar.WriteHardLink(@"Files\b", @"Files\größe.bin", default);
            tar.Finish();
        }

        return output.ToArray();
    }

    private static void ReadBackupStream(byte[] data)
    {
        var reader = new BackupStreamReader(new MemoryStream(data));
        Span<byte> buffer = stackalloc byte[512];
        while (reader.NextHeader(out _))
        {
            while (reader.Read(buffer) > 0)
            {
            }
        }
    }

    private static void ReadTar(byte[] data)
    {
        var reader = new TarReader(new MemoryStream(data));
        while (reader.GetNextEntry() is not null)
        {
            reader.Data.CopyTo(Stream.Null);
        }
    }

    private static byte[] SparseTar()
    {
        var output = new MemoryStream();
        var tar = new TarWriter(output);
        var header = new TarHeader { Name = "x", Size = 3, Format = TarFormatChoice.Pax };
        tar.WriteHeader(header);
        tar.Write("abc"u8);
        tar.Finish();
        byte[] plain = output.ToArray();
        "x"u8.CopyTo(plain);
        byte[] records = "22 GNU.sparse.size=10\n26 GNU.sparse.map=0,1,4,2\n"u8.ToArray();
        byte[] extended = new byte[1024];
        plain.AsSpan(0, 512).CopyTo(extended);
        records.CopyTo(extended, 512);
        extended[156] = (byte)'x';
        Encoding.ASCII.GetBytes(Convert.ToString(records.Length, 8).PadLeft(11, '0')).CopyTo(extended, 124);
        extended.AsSpan(148, 8).Fill((byte)' ');
        int sum = extended.AsSpan(0, 512).ToArray().Sum(b => b);
        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0 ").CopyTo(extended, 148);
        return [.. extended, .. plain];
    }

    /// <summary>The bytes of an AOTLAYERS.stream record: a tar around them would hide them from the mutator.</summary>
    private static byte[] LosslessDescription()
    {
        TarHeader header = new TarReader(new MemoryStream(LayerTar(new LayerTarWriterOptions { Lossless = true }))).GetNextEntry()!;
        return header.Records.TryGet("AOTLAYERS.stream"u8, out ReadOnlySpan<byte> text)
            ? Convert.FromBase64String(Encoding.ASCII.GetString(text))
            : [];
    }

    private static void ReadLosslessDescription(byte[] data)
    {
        var output = new MemoryStream();
        var tar = new TarWriter(output);
        var header = new TarHeader { Name = "x", Size = 65536, Format = TarFormatChoice.Pax };
        header.Records.Set("AOTLAYERS.stream"u8, Encoding.ASCII.GetBytes(Convert.ToBase64String(data)));
        tar.WriteHeader(header);
        tar.WriteZeros(65536);
        tar.Finish();
        ReadLayerTar(output.ToArray());
    }

    private static void ReadLayerTar(byte[] data)
    {
        var reader = new LayerTarReader(new MemoryStream(data));
        while (reader.GetNextEntry() is not null)
        {
            reader.WriteBackupStream(Stream.Null);
        }
    }

    // The size is the header's word against the stream's: both are hostile.
    private static void WriteTar(byte[] data)
    {
        using var tar = new LayerTarWriter(Stream.Null);
        tar.WriteEntry(@"Files\x", 65536, default, new MemoryStream(data));
        tar.Finish();
    }

    private static void ReadRoot(byte[] data)
    {
        using var reader = RootfsReader.Open(() => new MemoryStream(data), "fuzz", new RootfsOptions { SkipUnsupported = true });
        while (reader.GetNextEntry() is { } entry)
        {
            entry.OpenBackupStream().CopyTo(Stream.Null);
        }
    }
}
