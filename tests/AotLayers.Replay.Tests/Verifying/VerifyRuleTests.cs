using AotLayers.Formats;
using AotLayers.Replay.Tests.Formats;
using AotLayers.Replay.Tests.Layers;
using Xunit;

namespace AotLayers.Replay.Tests.Verifying;

/// <summary>Each rule: layers that break it give its finding and no other one.</summary>
public sealed class VerifyRuleTests
{
    private const string Demanded = "sha256:0000000000000000000000000000000000000000000000000000000000000000";

    public static TheoryData<int, string> Tars => Numbered(BadLayers.Tars.Select(bad => bad.Rule));

    public static TheoryData<int, string> Folders => Numbered(BadLayers.Folders.Select(bad => bad.Rule));

    [Theory]
    [MemberData(nameof(Tars))]
    public void A_tar_that_breaks_one_rule_gives_its_finding_alone(int number, string rule)
    {
        List<VerifyFinding> findings = Verify(BadLayers.Tars.ElementAt(number).Tar());
        Assert.Equal(rule, Assert.Single(findings).Rule.Id);
    }

    [Theory]
    [MemberData(nameof(Folders))]
    public void A_transport_folder_that_breaks_one_rule_gives_its_finding_alone(int number, string rule)
    {
        using TransportFolder folder = SoundFolder();
        BadLayers.Folders.ElementAt(number).Fill(folder);
        Assert.Equal(rule, Assert.Single(Verify(folder)).Rule.Id);
    }

    [Fact]
    public void Sound_layers_give_no_finding()
    {
        Assert.Empty(Verify(SampleTar.Sound().Finish()));
        Assert.Empty(Verify(SampleTar.Base().Finish()));
        using TransportFolder folder = SoundFolder();
        Assert.Empty(Verify(folder));
    }

    [Fact]
    public void A_layer_of_everything_that_is_allowed_gives_no_finding()
    {
        byte[] tar = SampleTar.Sound()
            .Link("Files/dir/again.txt", "files/DIR/a.txt")
            .Bare("Files/dir/.wh.gone.txt")
            .Symlink("Files/relative", @"dir\a.txt")
            .Symlink("Files/junction", @"C:\Users", BadLayers.With("MSWINDOWS.mountpoint", "1"))
            .File("Files/streams", "main")
            .Bare("Files/streams:one", "1")
            .Bare("Files/streams:two", "2")
            .Directory("UtilityVM")
            .Directory("UtilityVM/Files")
            .Link("UtilityVM/Files/a.txt", "Files/dir/a.txt")
            .Finish();
        Assert.Empty(Verify(tar));
    }

    /// <summary>As Microsoft's tars are (docs/formats/layer-tar.md#what-real-images-hold): no ctime, and some lack mtime.</summary>
    [Fact]
    public void A_layer_without_some_times_is_sound() => Assert.Empty(Verify(SampleTar.Base()
        .File("Files/x", "", header => header.AccessTime = header.ChangeTime = null)
        .Directory("Files/y", header => header.ModificationTime = header.AccessTime = header.ChangeTime = null)
        .Finish()));

    [Fact]
    public void Every_rule_has_a_bad_layer()
    {
        // These have tests of their own below.
        HashSet<string> tested = ["AOTV005", "AOTV008", "AOTV053"];
        tested.UnionWith(BadLayers.Tars.Select(bad => bad.Rule));
        tested.UnionWith(BadLayers.Folders.Select(bad => bad.Rule));
        Assert.Empty(VerifyRules.All.Select(rule => rule.Id).Except(tested));
    }

    [Fact]
    public void Ids_and_names_are_each_used_once_and_in_order()
    {
        string[] ids = [.. VerifyRules.All.Select(rule => rule.Id)];
        Assert.Equal(ids.Order(StringComparer.Ordinal).Distinct(), ids);
        Assert.Equal(ids.Length, VerifyRules.All.Select(rule => rule.Name).Distinct().Count());
        Assert.All(VerifyRules.All, rule => Assert.Matches("^[a-z]+(-[a-z]+)*$", rule.Name));
        Assert.All(VerifyRules.All, rule => Assert.Same(rule, VerifyRules.Find(rule.Name)));
        Assert.Same(VerifyRules.All[0], VerifyRules.Find("AOTV001"));
    }

    [Fact]
    public void Demanded_digests_and_sizes_are_compared()
    {
        byte[] tar = SampleTar.Sound().Finish();
        string digest = "sha256:" + Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(tar));
        Assert.Empty(Verify(tar, new VerifyOptions { ExpectDiffId = digest, ExpectDigest = digest, ExpectSize = tar.Length }));
        List<VerifyFinding> findings = Verify(
            tar, new VerifyOptions { ExpectDiffId = Demanded, ExpectDigest = Demanded, ExpectSize = tar.Length + 1 });
        Assert.Equal(["AOTV005", "AOTV005", "AOTV005"], findings.Select(finding => finding.Rule.Id));
        Assert.Contains(digest, findings[0].Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentException>(() => Verify(tar, new VerifyOptions { ExpectDiffId = "sha256:abc" }));
    }

    [Fact]
    public void Whiteouts_and_links_are_looked_for_in_the_parents()
    {
        byte[] child = SampleTar.Sound().Bare("Files/.wh.old.txt").Link("Files/dir/b.txt", "Files/shared.txt").Finish();
        LayerNames with = Names(SampleTar.Base().File("Files/old.txt").File("Files/SHARED.txt").Finish());
        LayerNames without = Names(SampleTar.Base().Finish());
        LayerNames hiding = Names(SampleTar.Sound().Bare("Files/.wh.shared.txt").Bare("Files/.wh.old.txt").Finish());
        Assert.Empty(Verify(child, new VerifyOptions { Parents = [with] }));
        Assert.Empty(Verify(child, new VerifyOptions { Parents = [without, with] }));
        Assert.Equal(["AOTV053", "AOTV040"], Verify(child, new VerifyOptions { Parents = [without] }).Select(found => found.Rule.Id));
        Assert.Equal(["AOTV053", "AOTV040"], Verify(child, new VerifyOptions { Parents = [hiding, with] }).Select(found => found.Rule.Id));
    }

    [Fact]
    public void A_layer_larger_than_the_disk_of_a_container_is_told()
    {
        using TransportFolder folder = SoundFolder().Raw("Files/x", 0x220, FormatSamples.Backup(
            FormatSamples.Record(BackupStreamId.SecurityData, SecurityDescriptor.FromSddl("O:BAG:SYD:(A;;FA;;;BA)").Encode()),
            FormatSamples.Record(BackupStreamId.Data, [], BackupStreamAttributes.Sparse),
            FormatSamples.Block(21L << 30, [])));
        Assert.Equal("AOTV008", Assert.Single(Verify(folder)).Rule.Id);
    }

    [Fact]
    public void A_rule_is_switched_off_with_a_reason_only()
    {
        byte[] tar = SampleTar.Sound().Directory("Files").Finish();
        var findings = new List<VerifyFinding>();
        VerifySummary summary = LayerVerifier.VerifyTar(new MemoryStream(tar), new VerifyOptions
        {
            Disabled = new Dictionary<string, string> { ["duplicate-entry"] = "the tool that wrote it is replaced next month" },
            OnFinding = findings.Add,
        });
        Assert.Empty(findings);
        Assert.Equal("AOTV025", Assert.Single(summary.Disabled).Key.Id);
        var blank = new VerifyOptions { Disabled = new Dictionary<string, string> { ["AOTV025"] = " " } };
        Assert.Throws<ArgumentException>(() => Verify(tar, blank));
        var unknown = new VerifyOptions { Disabled = new Dictionary<string, string> { ["AOTV999"] = "x" } };
        Assert.Throws<ArgumentException>(() => Verify(tar, unknown));
    }

    [Fact]
    public void Findings_beyond_the_limit_are_counted()
    {
        var tar = SampleTar.Sound();
        for (int i = 0; i < 30; i++)
        {
            tar.File(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"Files/{i}"), withSecurity: false);
        }

        var findings = new List<VerifyFinding>();
        VerifySummary summary = LayerVerifier.VerifyTar(
            new MemoryStream(tar.Finish()), new VerifyOptions { FindingsPerRule = 10, OnFinding = findings.Add });
        Assert.Equal((10, 30L, 20L, 0L), (findings.Count, summary.Warnings, summary.NotTold, summary.Errors));
        Assert.True(summary.HasFindings(VerifySeverity.Warning));
        Assert.False(summary.HasFindings(VerifySeverity.Error));
    }

    [Fact]
    public void Compressed_tars_are_read_and_damage_of_the_compression_is_a_finding()
    {
        byte[] tar = SampleTar.Sound().Finish();
        using var output = new MemoryStream();
        using (var gzip = new System.IO.Compression.GZipStream(output, System.IO.Compression.CompressionMode.Compress, leaveOpen: true))
        {
            gzip.Write(tar);
        }

        Assert.Empty(Verify(output.ToArray()));
        byte[] damaged = output.ToArray();
        damaged[^6] ^= 0xFF;
        Assert.Equal("AOTV001", Assert.Single(Verify(damaged)).Rule.Id);
    }

    private static List<VerifyFinding> Verify(byte[] tar, VerifyOptions? options = null)
    {
        var findings = new List<VerifyFinding>();
        VerifySummary summary = LayerVerifier.VerifyTar(new MemoryStream(tar), With(options, findings));
        Assert.Equal(findings.Count, summary.Errors + summary.Warnings + summary.Notes);
        return findings;
    }

    private static List<VerifyFinding> Verify(TransportFolder folder)
    {
        var findings = new List<VerifyFinding>();
        LayerVerifier.Verify(TransportFolderReader.Open(folder.Path), With(null, findings));
        return findings;
    }

    private static VerifyOptions With(VerifyOptions? options, List<VerifyFinding> findings) => new()
    {
        Parents = options?.Parents ?? [],
        Disabled = options?.Disabled ?? new Dictionary<string, string>(),
        ExpectDiffId = options?.ExpectDiffId,
        ExpectDigest = options?.ExpectDigest,
        ExpectSize = options?.ExpectSize,
        OnFinding = findings.Add,
    };

    private static LayerNames Names(byte[] tar) => LayerNames.Read(TarLayerReader.Open(new MemoryStream(tar), "parent.tar"));

    private static TransportFolder SoundFolder() => new TransportFolder()
        .Bytes("Hives/System_Delta", RegistryHiveTests.Hive());

    private static TheoryData<int, string> Numbered(IEnumerable<string> rules)
    {
        var data = new TheoryData<int, string>();
        foreach (string rule in rules)
        {
            data.Add(data.Count, rule);
        }

        return data;
    }
}
