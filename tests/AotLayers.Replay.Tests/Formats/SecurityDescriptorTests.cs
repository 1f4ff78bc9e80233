using AotLayers.Formats;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>docs/formats/security-descriptors.md#bytes: security descriptors and SDDL without Windows.</summary>
public class SecurityDescriptorTests
{
    private const string FilesBase64 =
        "AQAEgBQAAAAkAAAAAAAAADAAAAABAgAAAAAABSAAAAAgAgAAAQEAAAAAAAUSAAAAAgBMAAMAAAAAABgA/wEfAAECAAAAAAAFIAAAACACAAAAABQA/wEfAAEBAAAAAAAFEgAAAAAAGACpABIAAQIAAAAAAAUgAAAAIQIAAA==";
    private const string FilesSddl = "O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x1200a9;;;BU)";
    private const string DirectoriesSddl =
        "O:BAG:SYD:(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;;FA;;;BA)(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CI;DC;;;BU)";

    [Fact]
    public void Known_descriptor_of_files()
    {
        byte[] bytes = Convert.FromBase64String(FilesBase64);
        Assert.Equal(124, bytes.Length);
        Assert.Equal(FilesSddl, SecurityDescriptor.Parse(bytes).ToSddl());
        Assert.Equal(bytes, SecurityDescriptor.FromSddl(FilesSddl).Encode(SecurityDescriptorLayout.Stored));
    }

    [Fact]
    public void Known_descriptor_of_directories()
    {
        byte[] bytes = SecurityDescriptor.FromSddl(DirectoriesSddl).Encode(SecurityDescriptorLayout.Stored);
        Assert.Equal(216, bytes.Length);
        Assert.Equal([0x04, 0x80], bytes[2..4]);
        Assert.Equal(DirectoriesSddl, SecurityDescriptor.Parse(bytes).ToSddl());
    }

    [Fact]
    public void Null_list()
    {
        byte[] bytes = [1, 0, 4, 0x80, .. new byte[16]];
        var descriptor = SecurityDescriptor.Parse(bytes);
        Assert.Null(descriptor.Dacl);
        Assert.Equal("D:NO_ACCESS_CONTROL", descriptor.ToSddl());
        Assert.Equal(bytes, SecurityDescriptor.FromSddl("D:NO_ACCESS_CONTROL").Encode());
    }

    [Theory]
    [InlineData(
        "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464G:S-1-5-21-1-2-3-513D:PAI(A;;FA;;;S-1-15-2-1)",
        "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464G:S-1-5-21-1-2-3-513D:PAI(A;;FA;;;AC)")]
    [InlineData(
        "S:ARAI(AU;SAFA;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;WD)(ML;;NWNX;;;HI)",
        "S:ARAI(AU;SAFA;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;WD)(ML;;NWNX;;;HI)")]
    [InlineData("D:(D;;GXGWGR;;;AN)(A;ID;FR;;;AU)", "D:(D;;GXGWGR;;;AN)(A;ID;FR;;;AU)")]
    [InlineData("D:(OA;;RP;46a9b11d-60ae-405a-b7e8-ff8a58d456d2;;SY)", "D:(OA;;RP;46a9b11d-60ae-405a-b7e8-ff8a58d456d2;;SY)")]
    [InlineData(" O:sy G: ba  D: AI ( a; oici; 0x1f01ff; ;;  bu ) (A;;ga;;;S- 1- 5-18)", "O:SYG:BAD:AI(A;OICI;FA;;;BU)(A;;GA;;;SY)")]
    [InlineData("S:D:P", "D:PS:")]
    [InlineData("D:ARPAIP(A;;GA;;;SY)", "D:PARAI(A;;GA;;;SY)")]
    [InlineData(
        "D:(A;;01234567;;;WD)(A;;17;;;WD)(A;;0xff;;;WD)(A;;;;;WD)",
        "D:(A;;0x53977;;;WD)(A;;CCRP;;;WD)(A;;CCDCLCSWRPWPDTLO;;;WD)(A;;;;;WD)")]
    [InlineData(
        "D:(A;;-99;;;WD)(A;;0x123456789;;;WD)(A;;-0xffffff55;;;WD)",
        "D:(A;;0xffffff9d;;;WD)(A;;0xffffffff;;;WD)(A;;CCDCSWWPLO;;;WD)")]
    [InlineData("O:S-1-2-0x200D:", "O:S-1-2-512D:")]
    [InlineData("O:S-0x1-20-0-579", "O:S-1-32-0-1401")]
    [InlineData("D:(A;;GA;;;S-1-3-4294967296-3)(A;;GA;;;S-1-21474836480-32)", "D:(A;;GA;;;S-1-3-4294967295-3)(A;;GA;;;S-1-0x500000000-32)")]
    [InlineData(
        "S:(TL;;0x1;;;S-1-19-512-4096)(SP;;;;;S-1-17-1)(FL;TP;FX;;;WD;(a == 1))",
        "S:(TL;;CC;;;S-1-19-512-4096)(SP;;;;;S-1-17-1)(FL;SA;FX;;;WD;(a == 1))")]
    [InlineData("O:S-1-5-18D:", "O:SYD:")]
    [InlineData("D:(A;;FA;;;S-1-0x5-32-544)", "D:(A;;FA;;;BA)")]
    [InlineData("", "")]
    public void Sddl_is_written_as_Windows_writes_it(string sddl, string expected)
    {
        var descriptor = SecurityDescriptor.FromSddl(sddl);
        Assert.Equal(expected, descriptor.ToSddl());
        Assert.Equal(expected, SecurityDescriptor.Parse(descriptor.Encode()).ToSddl());
    }

    [Theory]
    [InlineData("O:LA", "depends on a machine")]
    [InlineData("O:BAO:BA", "each once")]
    [InlineData("X:BA", "expected O:")]
    [InlineData("D:Q", "unknown flag")]
    [InlineData("D:(A;;FA;;;BA", "without ')'")]
    [InlineData("D:(A;;FA;;BA)", "six fields")]
    [InlineData("D:(Q;;FA;;;BA)", "unknown type")]
    [InlineData("d:(A;;GA;;;WD)", "expected O:")]
    [InlineData("D :S:", "expected O:")]
    [InlineData("D:P:S:", "unknown flag")]
    [InlineData("D:((A;;GA;;;WD))", "unknown type")]
    [InlineData("D:(A;;GA ;;;WD)", "unknown flags or rights")]
    [InlineData("D:(A;;RP LC;;;WD)", "unknown flags or rights")]
    [InlineData("D:(A;;16 ;;;WD)", "unknown flags or rights")]
    [InlineData("D:(A;;0x 10;;;WD)", "unknown flags or rights")]
    [InlineData("D:(A;;089;;;WD)", "unknown flags or rights")]
    [InlineData("D:(A;0x3;GA;;;WD)", "unknown flags or rights")]
    [InlineData("D:(A;;GA;;;S-1-3-4 )", "text after the SID")]
    [InlineData("D:(OA;;GA; 46a9b11d-60ae-405a-b7e8-ff8a58d456d2;;BA)", "invalid object type")]
    [InlineData("D:(OA;;GA;{46a9b11d-60ae-405a-b7e8-ff8a58d456d2};;BA)", "invalid object type")]
    [InlineData("D:(AU;SA;FA;;;WD)", "not for access lists")]
    [InlineData("S:(A;;FA;;;WD)", "not for audit lists")]
    [InlineData("D:(A;;FA;;;BA;(a == 1))", "six fields")]
    [InlineData("D:(XA;;FA;;;BA)", "seventh field")]
    [InlineData("S:(RA;;;;;BA;(\"a\",TS,0,\"b\"))", "is WD")]
    [InlineData("O:", "is no known SID")]
    [InlineData("O:XX", "is no known SID")]
    [InlineData("O:S-1", "invalid SID")]
    [InlineData("O:S-1-", "invalid SID")]
    [InlineData("O:S-2-5-18", "invalid SID")]
    [InlineData("O:S-1-0x1313131313131-513", "invalid SID")]
    [InlineData("D:(A;;FAX;;;BA)", "unknown flags or rights")]
    [InlineData("D:(A;;FA;46a9b11d-60ae-405a-b7e8-ff8a58d456d2;;BA)", "invalid object type")]
    [InlineData("D:NO_ACCESS_CONTROL(A;;FA;;;BA)", "together with entries")]
    [InlineData("O:S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16", "invalid SID")]
    public void Sddl_errors_are_clear(string sddl, string reason)
    {
        LayerFormatException error = Assert.Throws<LayerFormatException>(() => SecurityDescriptor.FromSddl(sddl));
        Assert.StartsWith("convert " + sddl, error.Reason, StringComparison.Ordinal);
        Assert.Contains(reason, error.Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_abbreviation_of_a_sid_round_trips()
    {
        foreach (string name in new[] { "BA", "SY", "BU", "CO", "CG", "WD", "AU", "LS", "NS", "PU", "RC", "AN", "OW", "AC", "HA" })
        {
            Assert.Equal("O:" + name, SecurityDescriptor.Parse(SecurityDescriptor.FromSddl("O:" + name).Encode()).ToSddl());
        }
    }

    [Fact]
    public void A_descriptor_with_any_byte_changed_is_parsed_or_refused()
    {
        byte[] known = SecurityDescriptor.FromSddl(
            "O:BAG:SYD:(A;OICI;FA;;;BA)(OA;;RP;46a9b11d-60ae-405a-b7e8-ff8a58d456d2;;SY)(XA;;FX;;;WD;(@User.a Any_of {1, \"b\"} && "
                + "Member_of SID(BA)))"
            + "S:(ML;;NW;;;HI)(RA;;;;;WD;(\"c\",TX,0x3,01ff,02))").Encode();
        Gen.Select(Gen.Int[0, known.Length - 1], Gen.Byte, Gen.Int[0, known.Length]).Array[
            0,
            4].Sample(changes => FormatSamples.OnlyFormatErrors(() =>
        {
            byte[] bytes = [.. known];
            int length = known.Length;
            foreach ((int at, byte value, int cut) in changes)
            {
                bytes[at] = value;
                length = cut % 3 == 0 ? cut : length;
            }

            var descriptor = SecurityDescriptor.Parse(bytes.AsSpan(0, length));
            string sddl = descriptor.ToSddl();
            var again = SecurityDescriptor.FromSddl(sddl);
            Assert.Equal(sddl, again.ToSddl());
            Assert.Equal(again.Encode(), SecurityDescriptor.Parse(again.Encode()).Encode());
            Assert.NotEmpty(SecurityDescriptorReport.Describe(descriptor));
        }));
    }

    [Fact]
    public void Any_bytes_and_any_text_are_parsed_or_refused()
    {
        Gen.Byte.Array[0, 60].Sample(bytes => FormatSamples.OnlyFormatErrors(() => SecurityDescriptor.Parse([1, 0, 0x14, 0x80, .. bytes])));
        Gen.Char["OGDS:();;BAFX0123456789abcdef-#S "].Array[
            0,
            40].Sample(text => FormatSamples.OnlyFormatErrors(() => SecurityDescriptor.FromSddl(new string(text))));
    }
}
