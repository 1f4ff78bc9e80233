using AotLayers.Formats;
using AotLayers.Replay.Tests.Simulator;
using CsCheck;
using Xunit;
using static AotLayers.Replay.Tests.Formats.FormatSamples;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>
/// SDDL to bytes as Windows' own compiler does it (docs/formats/extended-attributes.md#list; [MS-DTYP] 2.4.4.17, 2.4.10.1, 2.5.1). The
/// base64 texts are Windows' answers.
/// </summary>
public class SddlCompilerTests
{
    [Fact]
    public void Windows_answers()
    {
        string path = Path.Combine(SampleLayers.RepositoryRoot, "tests", "AotLayers.Replay.Tests", "Formats", "sddl-of-windows.txt");
        string[] lines = [.. File.ReadLines(path).Where(line => !line.StartsWith('#'))];
        Assert.Equal(10, lines.Length);
        foreach (string line in lines)
        {
            string[] parts = line.Split('\t');
            Assert.Equal((parts[0], parts[1]), (parts[0], Convert.ToBase64String(SecurityDescriptor.FromSddl(parts[0]).Encode())));
        }
    }

    [Theory]
    [InlineData(
        "(@User.Title==\"PM\" && (@User.Division==\"Finance\" || @User.Division ==\"Sales\"))",
        "((@USER.Title == \"PM\") && ((@USER.Division == \"Finance\") || (@USER.Division == \"Sales\")))")]
    [InlineData("(@USER.A && @Device.B && @USER.C)", "(((@USER.A) && (@DEVICE.B)) && (@USER.C))")]
    [InlineData("(!(!(Member_Of_Any{SID(WD),SID(S-1-222-333)})))", "(!(!(Member_of_any {SID(WD), SID(S-1-222-333)})))")]
    [InlineData("(!@User.a == 1)", "(!(@USER.a == 1))")]
    [InlineData("(member_of((sid(s-1-1-0))))", "(Member_of SID(WD))")]
    [InlineData("(exists a || NOT_EXISTS @resource.b)", "((Exists a) || (Not_Exists @RESOURCE.b))")]
    [InlineData("(a==-1&&b!=+0x10||c<017)", "(((a == -1) && (b != +0x10)) || (c < 017))")]
    [InlineData("(a >= 0xffffffffffffffff)", "(a >= 0xffffffffffffffff)")]
    [InlineData("(a Contains {1,  \"b\", #00ff, SID(BA)})", "(a Contains {1, \"b\", #00ff, SID(BA)})")]
    [InlineData("(@User.x%0020y%0026 <= \"\")", "(@USER.x%0020y%0026 <= \"\")")]
    [InlineData("(a == #1#2#3##)", "(a == #01020300)")]
    [InlineData("(a Not_Contains (3))", "(a Not_Contains 3)")]
    [InlineData(
        "(Device_Member_of {SID(BA)} && Not_Device_Member_of_Any {SID(BU)})",
        "((Device_Member_of {SID(BA)}) && (Not_Device_Member_of_any {SID(BU)}))")]
    [InlineData("(a > \"D:(A;;FA;;;WD)\")", "(a > \"D:(A;;FA;;;WD)\")")]
    public void Conditions_are_written_as_Windows_writes_them(string condition, string expected)
    {
        byte[] bytes = SecurityDescriptor.FromSddl($"D:(XA;;FX;;;WD;{condition})").Encode();
        string sddl = SecurityDescriptor.Parse(bytes).ToSddl();
        Assert.Equal($"D:(XA;;FX;;;WD;{expected})", sddl);
        Assert.Equal(bytes, SecurityDescriptor.FromSddl(sddl).Encode());
    }

    [Theory]
    [InlineData("()")]
    [InlineData("(a == a)")]
    [InlineData("(a ==)")]
    [InlineData("(!)")]
    [InlineData("(! Member_of{SID(BA)})")]
    [InlineData("(!!!(a))")]
    [InlineData("(@User.Title == !(@User.Title))")]
    [InlineData("(Member_of_AnySID(S-1-1-0))")]
    [InlineData("(Member_of {SID(ernie), SID(BO)})")]
    [InlineData("(Member_of {1, 2})")]
    [InlineData("(a == 0x10000000000000000)")]
    [InlineData("(a == 624677746777766777767)")]
    [InlineData("(a == 055555624677746777766777767)")]
    [InlineData("(a == -0x8000000000000001)")]
    [InlineData("(a == 17p)")]
    [InlineData("(a == {1, {2}})")]
    [InlineData("(a == {1,})")]
    [InlineData("(a < {1})")]
    [InlineData("(a == \"b)")]
    [InlineData("(a & b)")]
    [InlineData("(a) && (b)")]
    [InlineData("(@Other.a)")]
    [InlineData("(@User.)")]
    [InlineData("(@User.a%0041)")]
    [InlineData("(@User.a%00)")]
    [InlineData("(a == 1)) x")]
    public void Conditions_that_Windows_refuses_are_refused(string condition) =>
        Assert.Throws<LayerFormatException>(() => SecurityDescriptor.FromSddl($"D:(XA;;FX;;;WD;{condition})"));

    [Theory]
    [InlineData("(\"a\",TI,0,-1,0x10,07)", "(\"a\",TI,0x0,-1,16,7)")]
    [InlineData("(\"a\",TU,0x10003,18446744073709551615)", "(\"a\",TU,0x10003,18446744073709551615)")]
    [InlineData("( \"a%0020b\" , TS , 3 , \"x\" , \"\" )", "(\"a%0020b\",TS,0x3,\"x\",\"\")")]
    [InlineData("(\"a\",TD,0,BA,S-1-5-18)", "(\"a\",TD,0x0,BA,SY)")]
    [InlineData("(\"a\",TB,0,0,1)", "(\"a\",TB,0x0,0,1)")]
    [InlineData("(\"a\",TX,0,abc,#12,f##)", "(\"a\",TX,0x0,0abc,0012,0f00)")]
    public void Resource_attributes(string attribute, string expected)
    {
        byte[] bytes = SecurityDescriptor.FromSddl($"S:(RA;;;;;WD;{attribute})").Encode();
        Assert.Equal($"S:(RA;;;;;WD;{expected})", SecurityDescriptor.Parse(bytes).ToSddl());
        Assert.Equal(bytes, SecurityDescriptor.FromSddl($"S:(RA;;;;;WD;{expected})").Encode());
    }

    [Theory]
    [InlineData("(\"a\",TI,0)")]
    [InlineData("(\"a\",TZ,0,1)")]
    [InlineData("(\"a\",TI,0x100,1)")]
    [InlineData("(\"a\",TB,0,2)")]
    [InlineData("(\"a\",TU,0,-1)")]
    [InlineData("(\"a\",TI,0,9223372036854775808)")]
    [InlineData("(\"\",TI,0,1)")]
    [InlineData("(\"a b\",TI,0,1)")]
    [InlineData("(\"a\",TS,0,b)")]
    [InlineData("(\"a\",TX,0,)")]
    [InlineData("(\"a\",TI,0,1")]
    public void Resource_attributes_that_are_none(string attribute) =>
        Assert.Throws<LayerFormatException>(() => SecurityDescriptor.FromSddl($"S:(RA;;;;;WD;{attribute})"));

    [Fact]
    public void Layout_and_lowest_revision()
    {
        // Header, SACL, DACL, owner, group; revision 4 only where a list has object types.
        byte[] bytes = SecurityDescriptor.FromSddl("O:BAG:SYD:P(OA;;RP;46a9b11d-60ae-405a-b7e8-ff8a58d456d2;;SY)S:PAR(ML;;NW;;;LW)")
            .Encode();
        Assert.Equal(
            Hex("01 00 14b2 60000000 70000000 14000000 30000000"
                + "02 00 1c00 0100 0000 11 00 1400 01000000 010100000000001000100000"
                + "04 00 3000 0100 0000 05 00 2800 10000000 01000000 1db1a946ae605a40b7e8ff8a58d456d2 010100000000000512000000"
                + "01020000000000052000000020020000 010100000000000512000000"),
            bytes);
    }

    [Fact]
    public void Abbreviations_that_depend_on_a_domain()
    {
        var domain = Sid.Create(5, 21, 1, 2, 3);
        Assert.Equal(
            "O:S-1-5-21-1-2-3-500D:(A;;FA;;;S-1-5-21-1-2-3-512)",
            SecurityDescriptor.FromSddl("O:LAD:(A;;FA;;;DA)", domain).ToSddl());
        Assert.Throws<LayerFormatException>(() => SecurityDescriptor.FromSddl("O:LAD:(A;;FA;;;DA)"));
    }

    [Fact]
    public void Bytes_that_SDDL_cannot_spell_are_said_to_be_so()
    {
        foreach (string condition in new[]
        {
            "", "00", "61727478", "61727478 80", "61727478 f8 02000000 6100 10 02000000 2200 80",
            "61727478 f8 0c000000 450078006900730074007300",
        })
        {
            var entry = new AccessControlEntry(AceType.CallbackAllow, 0, 1, Sid.Create(1, 0), Data: Hex(condition));
            var descriptor = new SecurityDescriptor { Control = SecurityDescriptorControl.DaclPresent, Dacl = [entry] };
            LayerFormatException error = Assert.Throws<LayerFormatException>(() => SecurityDescriptor.Parse(descriptor.Encode()).ToSddl());
            Assert.Contains("has no SDDL form: its condition", error.Message, StringComparison.Ordinal);
            Assert.Contains("malformed", string.Join('\n', SecurityDescriptorReport.Describe(descriptor)), StringComparison.Ordinal);
        }
    }

    [Fact]
    public void Any_descriptor_keeps_its_meaning_and_its_bytes()
    {
        var sid = Gen.OneOf(
            OneOf(Sid.Create(1, 0), Sid.Create(5, 18), Sid.Create(5, 32, 544), Sid.Create(16, 8192)),
            Gen.Select(Gen.Long[0, 0xFFFF_FFFF_FFFF], Gen.UInt.Array[0, 15])
                .Select((authority, numbers) => Sid.Create(authority, numbers)));
        var guid = Gen.OneOf(Gen.Const((Guid?)null), Gen.Guid.Select(g => (Guid?)g));
        Gen<AccessControlEntry> plain = Gen.Select(OneOf(AceType.Allow, AceType.Deny), Gen.Byte, Gen.UInt, sid)
            .Select((type, flags, mask, s) => new AccessControlEntry(type, flags, mask, s));
        Gen<AccessControlEntry> withObjects = Gen.Select(
            OneOf(AceType.ObjectAllow, AceType.ObjectDeny),
            Gen.Byte,
            Gen.UInt,
            sid,
            guid,
            guid)
            .Select((type, flags, mask, s, a, b) => new AccessControlEntry(type, flags, mask, s, a, b));
        Gen<AccessControlEntry> audit = Gen.Select(
                OneOf(AceType.Audit, AceType.Alarm, AceType.MandatoryLabel, AceType.ScopedPolicy, AceType.ProcessTrustLabel),
                Gen.Byte,
                Gen.UInt,
                sid)
            .Select((type, flags, mask, s) => new AccessControlEntry(type, flags, mask, s));
        Gen<IReadOnlyList<AccessControlEntry>?> dacl = Gen.OneOf(plain, withObjects).List[
            0,
            4].Select(l => (IReadOnlyList<AccessControlEntry>?)l);
        Gen<IReadOnlyList<AccessControlEntry>?> sacl = audit.List[0, 4].Select(l => (IReadOnlyList<AccessControlEntry>?)l);
        Gen.Select(sid, sid, dacl, sacl, Gen.Int[0, 63]).Sample((owner, group, d, s, bits) =>
        {
            var control = (SecurityDescriptorControl)((bits << 8) & 0x3F00);
            var descriptor = new SecurityDescriptor
            {
                Control = control
                    | SecurityDescriptorControl.SelfRelative
                    | SecurityDescriptorControl.DaclPresent
                    | SecurityDescriptorControl.SaclPresent,
                Owner = owner,
                Group = group,
                Dacl = d,
                Sacl = s,
            };
            byte[] compiled = descriptor.Encode();
            Assert.Equal(compiled, SecurityDescriptor.FromSddl(SecurityDescriptor.Parse(compiled).ToSddl()).Encode());
            byte[] stored = descriptor.Encode(SecurityDescriptorLayout.Stored);
            Assert.Equal(stored, SecurityDescriptor.Parse(stored).Encode(SecurityDescriptorLayout.Stored));
            Assert.Equal(compiled, SecurityDescriptor.FromSddl(SecurityDescriptor.Parse(stored).ToSddl()).Encode());
        });
    }

    [Fact]
    public void Any_condition_keeps_its_meaning_and_its_bytes()
    {
        Gen<string> text = Gen.Char["abcXYZ :;(){}é\u20ac,&|"].Array[0, 5].Select(c => new string(c));
        Gen<string> integer = Gen.Select(OneOf("", "-", "+"), OneOf("", "0", "0x"), Gen.Long[0, long.MaxValue])
            .Select((sign, radix, value) =>
            sign + radix + (radix == "0" ? Convert.ToString(value, 8) : radix == "0x" ? value.ToString("x") : value.ToString()));
        var literal = Gen.OneOf(
            integer,
            text.Select(t => $"\"{t}\""),
            Gen.Byte.Array[0, 4].Select(b => "#" + Convert.ToHexString(b)),
            OneOf("SID(BA)", "SID(S-1-2-3)"));
        var value = Gen.OneOf(
            literal,
            literal.Array[0, 3].Select(l => "{" + string.Join(", ", l) + "}"),
            OneOf("@User.x", "@Device.y%0020z"));
        Gen<string> attribute = OneOf("a", "WIN://SYSAPPID", "@Resource.b", "@User.c#$d");
        Gen<string> comparison = Gen.Select(attribute, OneOf("==", "!=", "Contains", "Any_of", "Not_Contains", "Not_Any_of"), value)
            .Select((a, op, v) => $"{a} {op} {v}");
        var simple = Gen.OneOf(
            comparison,
            attribute,
            attribute.Select(a => "Exists " + a),
            OneOf("Member_of {SID(BA), SID(WD)}", "Not_Member_of_Any SID(SY)"));
        var condition = Gen.Recursive<string>((depth, self) => depth > 3
            ? simple
            : Gen.OneOf(
                simple,
                self.Select(s => $"!({s})"),
                Gen.Select(self, OneOf("&&", "||"), self).Select((l, op, r) => $"({l}) {op} {r}")));
        condition.Sample(c =>
        {
            byte[] bytes = SecurityDescriptor.FromSddl($"D:(ZA;;FA;;;WD;({c}))").Encode();
            string sddl = SecurityDescriptor.Parse(bytes).ToSddl();
            Assert.Equal(bytes, SecurityDescriptor.FromSddl(sddl).Encode());
        });
    }

    [Fact]
    public void Any_bytes_of_conditions_and_attributes_are_spelled_or_refused() => Gen.Select(
            OneOf(AceType.CallbackAllow, AceType.ResourceAttribute),
            Gen.OneOf(Gen.Byte, OneOf<byte>(0, 4, 0x10, 0x50, 0x51, 0x80, 0x89, 0xA0, 0xA2, 0xF8)).Array[0, 60])
        .Sample((type, bytes) => OnlyFormatErrors(() =>
        {
            byte[] data = type == AceType.CallbackAllow ? [.. "artx"u8, .. bytes] : [16, 0, 0, 0, .. bytes];
            var entry = new AccessControlEntry(type, 0, 1, Sid.Create(1, 0), Data: data);
            SecurityDescriptorControl flags = SecurityDescriptorControl.SelfRelative;
            SecurityDescriptor descriptor = type == AceType.CallbackAllow
                ? new SecurityDescriptor { Control = flags | SecurityDescriptorControl.DaclPresent, Dacl = [entry] }
                : new SecurityDescriptor { Control = flags | SecurityDescriptorControl.SaclPresent, Sacl = [entry] };
            string sddl = descriptor.ToSddl();
            Assert.Equal(sddl, SecurityDescriptor.FromSddl(sddl).ToSddl());
        }));

    [Fact]
    public void Deep_nesting_is_refused_not_followed()
    {
        string deep = "D:(XA;;FX;;;WD;" + new string('(', 100_000);
        Assert.Contains(
            "too deeply",
            Assert.Throws<LayerFormatException>(() => SecurityDescriptor.FromSddl(deep)).Reason,
            StringComparison.Ordinal);
        byte[] tokens = [.. "artx"u8, 0xF8, 2, 0, 0, 0, (byte)'a', 0, .. Enumerable.Repeat((byte)0xA2, 60_000)];
        var entry = new AccessControlEntry(AceType.CallbackAllow, 0, 1, Sid.Create(1, 0), Data: tokens);
        Assert.Throws<LayerFormatException>(() => new SecurityDescriptor
        {
            Control = SecurityDescriptorControl.DaclPresent,
            Dacl = [entry]
        }.ToSddl());
    }

    [Fact]
    public void Lines_are_converted_both_ways()
    {
        var output = new StringWriter();
        const string Base64 =
            "AQAEgBQAAAAkAAAAAAAAADAAAAABAgAAAAAABSAAAAAgAgAAAQEAAAAAAAUSAAAAAgBMAAMAAAAAABgA/wEfAAECAAAAAAAFIAAAACACAAAAABQA/wEfAAEBAAAAAAAFEgAAAAAAGACpABIAAQIAAAAAAAUgAAAAIQIAAA";
        string input =
            $"D:\r\n{Base64}==\n{Base64}\nhello\nAAAA\nD:(A;;FA;;;BA\n\n{new string('x', SddlConverter.MaxLineLength + 1)}\nO:BA";

        long errors = SddlConverter.ConvertLines(new StringReader(input), output);

        string[] lines = output.ToString().Split('\n');
        Assert.Equal(4, errors);
        Assert.Equal("AQAEgAAAAAAAAAAAAAAAABQAAAACAAgAAAAAAA==", lines[0]);
        Assert.Equal("O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x1200a9;;;BU)", lines[1]);
        Assert.Equal(lines[1], lines[2]);
        Assert.StartsWith("error: convert hello: neither SDDL", lines[3], StringComparison.Ordinal);
        Assert.Equal("error: invalid security descriptor: shorter than its header", lines[4]);
        Assert.StartsWith("error: convert D:(A;;FA;;;BA: ", lines[5], StringComparison.Ordinal);
        Assert.Equal("AQAAgAAAAAAAAAAAAAAAAAAAAAA=", lines[6]);
        Assert.Equal("error: line is too long", lines[7]);
        Assert.Equal("AQAAgBQAAAAAAAAAAAAAAAAAAAABAgAAAAAABSAAAAAgAgAA", lines[8]);
        Assert.Equal("", lines[9]);
    }

    [Fact]
    public void Readable_form()
    {
        var descriptor = SecurityDescriptor.FromSddl(
            "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464G:S-1-5-93-2-1D:PAI(A;OICIIO;GA;;;CO)(D;ID;0x1200a9;;;S-1-5-21-1-2-3-500)"
            + "(A;;0x400000f1;;;S-1-9-9)(XA;;FX;;;WD;(a == 1))S:(AU;SAFA;FA;;;WD)(ML;;NWNX;;;HI)");
        Assert.Equal(
            """
            owner: NT SERVICE\TrustedInstaller (S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464)
            group: User Manager\ContainerAdministrator (S-1-5-93-2-1)
            access list (protected, inherited automatically):
              allow CREATOR OWNER (S-1-3-0): generic all [for files, for subfolders, not for itself]
              deny Administrator of a machine or domain (S-1-5-21-1-2-3-500): read and execute [inherited]
              allow S-1-9-9: read data, write extended attributes, execute or traverse, delete children, read attributes, generic write
              allow Everyone (S-1-1-0): execute if (a == 1)
            audit list:
              audit success and failure of Everyone (S-1-1-0): full control
              label Mandatory Label\High Mandatory Level (S-1-16-12288): no write up, no execute up
            """,
            string.Join('\n', SecurityDescriptorReport.Describe(descriptor)));
        Assert.Contains(
            "access list: null: everybody may do everything",
            SecurityDescriptorReport.Describe(SecurityDescriptor.FromSddl("D:NO_ACCESS_CONTROL")));
    }
}
