using AotLayers.Formats;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>Names that mean devices on Windows ("Naming Files, Paths, and Namespaces" of the Windows documentation).</summary>
public sealed class WindowsDeviceNameTests
{
    [Theory]
    [InlineData("CON", "CON")]
    [InlineData("con.txt", "CON")]
    [InlineData("Con .tar.gz", "CON")]
    [InlineData("nul", "NUL")]
    [InlineData("NUL:", "NUL")]
    [InlineData("nul.tar", "NUL")]
    [InlineData("aux", "AUX")]
    [InlineData("Prn.x", "PRN")]
    [InlineData("com1", "COM1")]
    [InlineData("COM9.log", "COM9")]
    [InlineData("COM\u00b2", "COM\u00b2")]
    [InlineData("lpt3 ", "LPT3")]
    [InlineData("CONOUT$", "CONOUT$")]
    [InlineData("conin$", "CONIN$")]
    public void A_device_is_found(string name, string device) => Assert.Equal(device, WindowsDeviceName.Find(name));

    [Theory]
    [InlineData("")]
    [InlineData("console")]
    [InlineData("CON1")]
    [InlineData("COM")]
    [InlineData("COM0")]
    [InlineData("COM10")]
    [InlineData("LPTX")]
    [InlineData("nulls.tar")]
    [InlineData("x.con")]
    [InlineData(" CON")]
    [InlineData("CONOUT")]
    public void Not_a_device(string name) => Assert.Null(WindowsDeviceName.Find(name));

    [Fact]
    public void Case_and_extension_never_matter() => Gen.Select(
        Gen.OneOf(
            Gen.Const("CON"),
            Gen.Const("PRN"),
            Gen.Const("AUX"),
            Gen.Const("NUL"),
            Gen.Const("COM1"),
            Gen.Const("LPT9"),
            Gen.Const("CONIN$")), Gen.Bool.Array[7], Gen.String[Gen.Char.AlphaNumeric, 0, 8], Gen.Int[0, 3])
        .Sample((device, upper, extension, spaces) =>
        {
            string name = string.Concat(device.Select((c, i) => upper[i] ? char.ToUpperInvariant(c) : char.ToLowerInvariant(c)));
            return WindowsDeviceName.Find(name + new string(' ', spaces) + "." + extension) == device;
        });
}
