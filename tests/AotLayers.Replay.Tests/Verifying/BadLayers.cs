using System.Buffers.Binary;
using System.Globalization;
using System.Text;
using AotLayers.Formats;
using AotLayers.Replay.Tests.Formats;
using AotLayers.Replay.Tests.Layers;

namespace AotLayers.Replay.Tests.Verifying;

/// <summary>For each rule layers that break it and no other one.</summary>
internal static class BadLayers
{
    private static readonly byte[] s_aclless = [1, 0, 4, 0x80, .. new byte[16]];
    private static readonly byte[] s_security = SecurityDescriptor.FromSddl("O:BAG:SYD:(A;;FA;;;BA)").Encode();

    /// <summary>Tars: the rule that is broken, and the archive.</summary>
    public static IEnumerable<(string Rule, Func<byte[]> Tar)> Tars { get; } =
    [
        ("AOTV001", () => Encoding.ASCII.GetBytes("this is no tar, whatever its name says".PadRight(1024, '.'))),
        ("AOTV001", () => SampleTar.Sound().Finish()[..2500]),
        ("AOTV001", () => Damaged(SampleTar.Sound().Finish())),
        ("AOTV002", () => SampleTar.Sound().Unfinished()),
        ("AOTV002", () => []),
        ("AOTV002", () => [.. SampleTar.Sound().Finish(), .. new byte[512], 1]),
        ("AOTV003", () => new SampleTar()
            .Directory("etc").File("etc/passwd").Directory("usr").Symlink("bin", "usr/bin").Bare(".wh.old").Finish()),
        ("AOTV004", () => SampleTar.Sound().Add("Files/null", TarTypeFlag.CharacterDevice, [], _ => { }).Finish()),
        ("AOTV004", () => SampleTar.Sound().Add("Files/pipe", TarTypeFlag.Fifo, [], _ => { }).Finish()),
        ("AOTV006", () => Renamed(SampleTar.Sound().Finish(), "PaxHeaders.0", "PaxHeaders.7")),
        ("AOTV007", () => Sparse(SampleTar.Sound().File("Files/sparse", "abcd", header =>
        {
            header.Records.Set("GNU_sparse.map"u8, "0,4"u8);
            header.Records.Set("GNU_sparse.size"u8, 100);
        }).Finish())),
        ("AOTV007", () => SampleTar.Sound().Directory("Files/GNUSparseFile.0").File("Files/GNUSparseFile.0/x").Finish()),
        ("AOTV010", () => SampleTar.Sound().File("Files/x", "", Without("MSWINDOWS.fileattr")).Finish()),
        ("AOTV011", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.fileattr", "0x20")).Finish()),
        ("AOTV011", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.fileattr", "4294967296")).Finish()),
        ("AOTV011", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.fileattr", "16")).Finish()),
        ("AOTV011", () => SampleTar.Sound().Directory("Files/x", With("MSWINDOWS.fileattr", "32")).Finish()),
        ("AOTV011", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.fileattr", "1056")).Finish()),
        ("AOTV012", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.rawsd", "AQAEgAAAAAAAAAAAAAAAAAAAAAA")).Finish()),
        ("AOTV012", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.rawsd", "O:BAG:SY")).Finish()),
        ("AOTV013", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.xattr.A", "b!c=")).Finish()),
        ("AOTV013", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.xattr.A", "YWI")).Finish()),
        ("AOTV013", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.xattr." + new string('N', 256), "YWI=")).Finish()),
        ("AOTV014", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.rawSD", "AAAA")).Finish()),
        ("AOTV014", () => SampleTar.Sound().File("Files/x", "", With("mswindows.mountpoint", "1")).Finish()),
        ("AOTV014", () => SampleTar.Sound().File("Files/x", "", With("SCHILY.xattr.MSWINDOWS.sd", "D:")).Finish()),
        ("AOTV014", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.createtime", "131000000012345678")).Finish()),
        ("AOTV014", () => SampleTar.Sound().File("Files/x", "", With("LIBARCHIVE.CreationTime", "1")).Finish()),
        ("AOTV015", () => SampleTar.Sound().Directory("Files/x", With("MSWINDOWS.mountpoint", "1")).Finish()),
        ("AOTV016", () => SampleTar.Sound().File("Files/x", "", With("LIBARCHIVE.creationtime", "yesterday")).Finish()),
        ("AOTV016", () => SampleTar.Sound().File("Files/x", "", UnpaddedTime).Finish()),
        ("AOTV017", () => SampleTar.Sound().File("Files/x", "", With("AOTLAYERS.stream", "CQ==")).Finish()),
        ("AOTV017", () => SampleTar.Sound().File("Files/x", "", With("AOTLAYERS.reparse", "AAAA")).Finish()),
        ("AOTV018", () => new SampleTar()
            .Directory("Files", At(1767225600)).Directory("Hives", At(1767225601), withSecurity: false).File("Files/x").Finish()),
        ("AOTV020", () => SampleTar.Sound().Directory("Windows").File("Windows/x").Finish()),
        ("AOTV021", () => new SampleTar().Directory("Hives", withSecurity: false).Finish()),
        ("AOTV022", () => new SampleTar().Directory("Files").File("Files/x").Finish()),
        ("AOTV023", () => SampleTar.Sound().File("Files/new/x").File("Files/new/y").Finish()),
        ("AOTV023", () => SampleTar.Sound().File("Files/late/x").Directory("Files/late").Finish()),
        ("AOTV024", () => SampleTar.Sound().File("Files/x").File("Files/x/y").Finish()),
        ("AOTV024", () => SampleTar.Sound().Symlink("Files/x", "C:\\").File("Files/x/y").Finish()),
        ("AOTV025", () => SampleTar.Sound().Directory("Files").Finish()),
        ("AOTV025", () => SampleTar.Sound().Bare("Files/.wh.gone").Bare("Files/.wh.gone").Finish()),
        ("AOTV026", () => SampleTar.Sound().File("Files/dir/A.TXT").Finish()),
        ("AOTV026", () => SampleTar.Sound().File("Files/DIR/b.txt").Finish()),
        ("AOTV027", () => SampleTar.Sound().Directory("UtilityVM").Directory("UtilityVM/Other", withSecurity: false).Finish()),
        ("AOTV027", () => SampleTar.Base().Directory("UtilityVM").Directory("UtilityVM/Files").Finish()),
        ("AOTV030", () => SampleTar.Sound().File("Files/../../x").Finish()),
        ("AOTV030", () => SampleTar.Sound().File("/Files/x").Finish()),
        ("AOTV030", () => SampleTar.Sound().File("C:/Files/x").Finish()),
        ("AOTV030", () => SampleTar.Sound().Link("Files/x", "../../etc/passwd").Finish()),
        ("AOTV031", () => SampleTar.Sound().File("Files/what?").Finish()),
        ("AOTV031", () => SampleTar.Sound().File("Files/dot.").Finish()),
        ("AOTV031", () => SampleTar.Sound().File("Files/" + new string('n', 256)).Finish()),
        ("AOTV032", () => SampleTar.Sound().File("Files/NUL").Finish()),
        ("AOTV032", () => SampleTar.Sound().File("Files/com1.txt").Finish()),
        ("AOTV033", () => SampleTar.Sound().File("Files/\ud800").Finish()),
        ("AOTV034", () => SampleTar.Sound().Bare("Files/dir/a.txt:s", "stream").Finish()),
        ("AOTV034", () => SampleTar.Sound().File("Files/x").Bare("Files/x:a:b").Finish()),
        ("AOTV034", () => SampleTar.Sound().File("Files/x").Bare("Files/x:s").Bare("Files/x:S:$DATA").Finish()),
        ("AOTV040", () => SampleTar.Sound().Link("Files/x", "Files/y").File("Files/y").Finish()),
        ("AOTV040", () => SampleTar.Sound().Link("Files/x", "dir/a.txt").Finish()),
        ("AOTV040", () => SampleTar.Base().Link("Files/x", "Files/nowhere").Finish()),
        ("AOTV041", () => SampleTar.Sound().Link("Files/x", "Files/nowhere").Finish()),
        ("AOTV042", () => SampleTar.Sound().Link("Files/x", "Files/dir").Finish()),
        ("AOTV042", () => SampleTar.Sound().Link("Files/x", "Files/x").Finish()),
        ("AOTV042", () => SampleTar.Sound().Link("Hives/x", "Hives/System_Delta").Finish()),
        ("AOTV043", () => SampleTar.Sound().Symlink("Files/x", "Files/dir/a.txt").Finish()),
        ("AOTV043", () => SampleTar.Sound().Symlink("Files/x", @"\Files\dir\a.txt").Finish()),
        ("AOTV044", () => SampleTar.Sound().Symlink("Files/x", "", With("MSWINDOWS.mountpoint", "1")).Finish()),
        ("AOTV045", ManyLinks),
        ("AOTV050", () => SampleTar.Sound().Bare("Files/dir/.wh..wh..opq").Finish()),
        ("AOTV051", () => SampleTar.Sound().Bare("Files/.wh.").Finish()),
        ("AOTV051", () => SampleTar.Sound().Bare("Files/.wh..wh.plnk").Finish()),
        ("AOTV051", () => SampleTar.Sound().Bare("Hives/.wh.Sam_Delta").Finish()),
        ("AOTV051", () => SampleTar.Sound().Bare("Files/.wh.x", "not empty").Finish()),
        ("AOTV052", () => SampleTar.Sound().Bare("Files/dir/.wh.a.txt").Finish()),
        ("AOTV052", () => SampleTar.Sound().Bare("Files/dir/.wh.b.txt").File("Files/dir/b.txt").Finish()),
        ("AOTV060", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.rawsd", "AAAA")).Finish()),
        ("AOTV060", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.sd", "no SDDL"), withSecurity: false).Finish()),
        ("AOTV061", () => SampleTar.Sound().File("Files/x", withSecurity: false).Finish()),
        ("AOTV062", () => SampleTar.Sound()
            .File("Files/x", "", header => header.Records.SetBase64("MSWINDOWS.rawsd"u8, s_aclless)).Finish()),
        ("AOTV062", () => SampleTar.Sound().File("Files/x", "", With("MSWINDOWS.sd", "O:BUG:BU"), withSecurity: false).Finish()),
        ("AOTV063", () => SampleTar.Sound().File("Files/x", "", header =>
        {
            header.Records.Set("MSWINDOWS.xattr.A"u8, ""u8);
            header.Records.Set("MSWINDOWS.xattr.a"u8, ""u8);
        }).Finish()),
        ("AOTV066", () => SampleTar.Sound().File("Files/x", "", With("LIBARCHIVE.creationtime", "99999999999")).Finish()),
        ("AOTV066", () => SampleTar.Sound().File("Files/x", "", With("LIBARCHIVE.creationtime", "-99999999999.5")).Finish()),
        ("AOTV070", () => SampleTar.Sound().File("Hives/Sam_Delta", "", withSecurity: false).Finish()),
        ("AOTV070", () => SampleTar.Sound().File("Hives/SAM_BASE", "regf and so on", withSecurity: false).Finish()),
    ];

    /// <summary>The same for transport folders.</summary>
    public static IEnumerable<(string Rule, Action<TransportFolder> Fill)> Folders { get; } =
    [
        ("AOTV044", folder => folder.Prefixed(
            "Files/j", 0x410, (BackupStreamId.SecurityData, s_security), (BackupStreamId.ReparseData, NoPrintName()))),
        ("AOTV060", folder => folder.Prefixed("Files/x", 0x20, (BackupStreamId.SecurityData, [1, 2, 3]), (BackupStreamId.Data, []))),
        ("AOTV063", folder => folder.Prefixed(
            "Files/x", 0x20, (BackupStreamId.SecurityData, s_security), (BackupStreamId.EaData, [9, 9, 9]), (BackupStreamId.Data, []))),
        ("AOTV064", folder => folder.Prefixed(
            "Files/x", 0x420, (BackupStreamId.SecurityData, s_security), (BackupStreamId.ReparseData, [3, 0, 0, 0xA0, 9, 0, 0, 0]))),
        ("AOTV064", folder => folder.Prefixed("Files/x", 0x420, (BackupStreamId.SecurityData, s_security))),
        ("AOTV065", folder => folder.Prefixed(
            "Files/x",
            0x420,
            (BackupStreamId.SecurityData, s_security),
            (BackupStreamId.ReparseData, Convert.FromHexString("1d0000a006000000020000006162")))),
        ("AOTV067", folder => folder.Raw("Files/x", 0x220, FormatSamples.Backup(
            FormatSamples.Record(BackupStreamId.SecurityData, s_security),
            FormatSamples.Record(BackupStreamId.Data, [], BackupStreamAttributes.Sparse),
            FormatSamples.Block(100, [1, 2]),
            FormatSamples.Block(50, [3]),
            FormatSamples.Block(200, [])))),
        ("AOTV068", folder => folder.Prefixed(
            "Files/x", 0x20, (BackupStreamId.SecurityData, s_security), (BackupStreamId.Data, []), ((BackupStreamId)11, [1]))),
        ("AOTV068", folder => folder.Raw("Files/x", 0x20, FormatSamples.Backup(
            FormatSamples.Record(BackupStreamId.SecurityData, s_security),
            FormatSamples.Record(BackupStreamId.Data, []),
            FormatSamples.Record(BackupStreamId.AlternateData, [], BackupStreamAttributes.Sparse, ":s:$DATA")))),
        ("AOTV069", folder => folder.Raw("Files/x", 0x20, [.. FormatSamples.Backup(
            FormatSamples.Record(BackupStreamId.SecurityData, s_security)), 1, 0, 0])),
        ("AOTV070", folder => folder.Plain("Hives/Sam_Delta", "")),
    ];

    public static Action<TarHeader> With(string key, string value) =>
        header => header.Records.Set(Encoding.Latin1.GetBytes(key), Encoding.Latin1.GetBytes(value));

    private static Action<TarHeader> Without(string key) => header => header.Records.Remove(Encoding.Latin1.GetBytes(key));

    private static Action<TarHeader> At(long seconds) => header => header.ModificationTime = seconds * 1_000_000_000;

    /// <summary>5 ns as another program writes them: half a second.</summary>
    private static void UnpaddedTime(TarHeader header)
    {
        header.ModificationTime = 1455526401_000000500;
        header.Records.Set("LIBARCHIVE.creationtime"u8, "1455526401.500"u8);
    }

    private static byte[] NoPrintName()
    {
        byte[] buffer = ReparsePoint.FromTarget(@"C:\Users", isMountPoint: true).Encode();
        BinaryPrimitives.WriteUInt16LittleEndian(buffer.AsSpan(14), 0);
        return buffer;
    }

    private static byte[] Damaged(byte[] tar)
    {
        tar[1024 + 3] ^= 1;
        return tar;
    }

    /// <summary>Records that the writer of tars does not write.</summary>
    private static byte[] Sparse(byte[] tar)
    {
        for (int at; (at = tar.AsSpan().IndexOf("GNU_sparse"u8)) >= 0;)
        {
            tar[at + 3] = (byte)'.';
        }

        return tar;
    }

    /// <summary>Another text of the same length in the first block that has it, with its checksum.</summary>
    private static byte[] Renamed(byte[] tar, string text, string other)
    {
        int at = tar.AsSpan().IndexOf(Encoding.ASCII.GetBytes(text));
        Encoding.ASCII.GetBytes(other, tar.AsSpan(at));
        Span<byte> block = tar.AsSpan(at / 512 * 512, 512);
        block.Slice(148, 8).Fill((byte)' ');
        int sum = 0;
        foreach (byte value in block)
        {
            sum += value;
        }

        Encoding.ASCII.GetBytes(Convert.ToString(sum, 8).PadLeft(6, '0') + "\0", block[148..]);
        return tar;
    }

    private static byte[] ManyLinks()
    {
        var tar = SampleTar.Sound();
        for (int i = 0; i < 1024; i++)
        {
            tar.Link(string.Create(CultureInfo.InvariantCulture, $"Files/{i}"), "Files/dir/a.txt");
        }

        return tar.Finish();
    }
}
