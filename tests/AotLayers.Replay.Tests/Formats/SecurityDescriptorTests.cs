using AotLayers.Formats;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>layers.md 7.4: security descriptors and SDDL without Windows.</summary>
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
        Assert.Equal(bytes, SecurityDescriptor.FromSddl(FilesSddl).Encode());
    }

    [Fact]
    public void Known_descriptor_of_directories()
    {
        byte[] bytes = SecurityDescriptor.FromSddl(DirectoriesSddl).Encode();
        Assert.Equal(216, bytes.Length);
        Assert.Equal([0x04, 0x80], bytes[2..4]);
        Assert.Equal(DirectoriesSddl, SecurityDescriptor.Parse(bytes).ToSddl());
    }

    [Fact]
    public void Null_list()
    {
        byte[] bytes = [1, 0, 4, 0x80, .. new byte[16]];
        SecurityDescriptor descriptor = SecurityDescriptor.Parse(bytes);
        Assert.Null(descriptor.Dacl);
        Assert.Equal("D:NO_ACCESS_CONTROL", descriptor.ToSddl());
        Assert.Equal(bytes, SecurityDescriptor.FromSddl("D:NO_ACCESS_CONTROL").Encode());
    }

    [Theory]
    [InlineData("O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464G:S-1-5-21-1-2-3-513D:PAI(A;;FA;;;S-1-15-2-1)", "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464G:S-1-5-21-1-2-3-513D:PAI(A;;FA;;;AC)")]
    [InlineData("S:ARAI(AU;SAFA;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;WD)(ML;;NWNX;;;HI)", "S:ARAI(AU;SAFA;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;WD)(ML;;NWNX;;;HI)")]
    [InlineData("D:(D;;GXGWGR;;;AN)(A;ID;FR;;;AU)", "D:(D;;GXGWGR;;;AN)(A;ID;FR;;;AU)")]
    [InlineData("D:(OA;;RP;46a9b11d-60ae-405a-b7e8-ff8a58d456d2;;SY)", "D:(OA;;RP;46a9b11d-60ae-405a-b7e8-ff8a58d456d2;;SY)")]
    [InlineData("o:sy g:ba d:( a ; oici ; 0x1f01ff ;;; bu )", "O:SYG:BAD:(A;OICI;FA;;;BU)")]
    [InlineData("O:S-1-5-18D:", "O:SYD:")]
    [InlineData("D:(A;;FA;;;S-1-0x5-32-544)", "D:(A;;FA;;;BA)")]
    [InlineData("", "")]
    public void Sddl_is_written_as_Windows_writes_it(string sddl, string expected)
    {
        SecurityDescriptor descriptor = SecurityDescriptor.FromSddl(sddl);
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
    [InlineData("D:(Q;;FA;;;BA)", "unknown name")]
    [InlineData("D:(A;;FAX;;;BA)", "unknown flags or rights")]
    [InlineData("D:(A;;FA;46a9b11d-60ae-405a-b7e8-ff8a58d456d2;;BA)", "invalid object type")]
    [InlineData("D:(XA;;FX;;;WD;(@User.x==1))", "are not supported")]
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
        byte[] known = SecurityDescriptor.FromSddl("O:BAG:SYD:(A;OICI;FA;;;BA)(OA;;RP;46a9b11d-60ae-405a-b7e8-ff8a58d456d2;;SY)S:(ML;;NW;;;HI)").Encode();
        Gen.Select(Gen.Int[0, known.Length - 1], Gen.Byte, Gen.Int[0, known.Length]).Array[0, 4].Sample(changes => FormatSamples.OnlyFormatErrors(() =>
        {
            byte[] bytes = [.. known];
            int length = known.Length;
            foreach ((int at, byte value, int cut) in changes)
            {
                bytes[at] = value;
                length = cut % 3 == 0 ? cut : length;
            }

            SecurityDescriptor descriptor = SecurityDescriptor.Parse(bytes.AsSpan(0, length));
            string sddl = descriptor.ToSddl();
            Assert.Equal(sddl, SecurityDescriptor.FromSddl(sddl).ToSddl());
        }));
    }

    [Fact]
    public void Any_bytes_and_any_text_are_parsed_or_refused()
    {
        Gen.Byte.Array[0, 60].Sample(bytes => FormatSamples.OnlyFormatErrors(() => SecurityDescriptor.Parse([1, 0, 0x14, 0x80, .. bytes])));
        Gen.Char["OGDS:();;BAFX0123456789abcdef-#S "].Array[0, 40].Sample(text => FormatSamples.OnlyFormatErrors(() => SecurityDescriptor.FromSddl(new string(text))));
    }
}
