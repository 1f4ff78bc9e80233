using AotLayers.Hcs;
using Xunit;

namespace AotLayers.Replay.Tests.Hcs;

/// <summary>Error texts: the first part as callers know it (docs/windows/return-codes.md#error-texts), then the facts.</summary>
public sealed class HcsExceptionTests
{
    [Fact]
    public void Folder_calls_have_the_known_title()
    {
        var e = HcsException.FromHResult("ExportLayer", unchecked((int)0x80070005));
        Assert.Equal("hcsshim::ExportLayer failed in Win32: Access is denied. (0x5)", e.Message);
        Assert.Equal("ExportLayer", e.Call);
        Assert.Equal(0x80070005u, e.Code);
        Assert.Equal(5u, e.Win32Code);
        Assert.Equal("ERROR_ACCESS_DENIED", e.CodeName);
        Assert.Contains("antivirus", e.Hint, StringComparison.Ordinal);
    }

    [Fact]
    public void Streaming_calls_have_bare_titles() => Assert.Equal(
        "ExportLayerBegin failed in Win32: The parameter is incorrect. (0x57)",
        HcsException.FromHResult("ExportLayerBegin", unchecked((int)0x80070057)).Message);

    [Fact]
    public void The_place_is_added_by_who_knows_the_layer()
    {
        var context = new LayerErrorContext
        {
            Layer = @"C:\l\app",
            Parents = [@"C:\l\a", @"C:\l\b"],
            Entry = @"Files\x",
            Stream = "DATA",
            Offset = 4096
        };
        var e = LayerException.From(HcsException.FromHResult("ExportLayerRead", unchecked((int)0x80070570)), context);
        Assert.Equal(
            @"ExportLayerRead failed in Win32: The file or directory is corrupted and unreadable. (0x570) (layer C:\l\app, parents "
                + @"C:\l\a, C:\l\b, entry Files\x, stream DATA, offset 4096)",
            e.Message);
        Assert.Same(context, e.Context);
        Assert.Equal("ExportLayerRead", e.Call);
        Assert.Equal(0x80070570u, e.Code);
    }

    [Fact]
    public void Codes_of_other_facilities_stay_whole() => Assert.Equal(
        "hcsshim::PrepareLayer failed in Win32: The container image contains a layer with an unrecognized format. (0xc0370112)",
        HcsException.FromHResult("PrepareLayer", unchecked((int)0xC0370112)).Message);

    [Fact]
    public void A_win32_failure_without_a_code_is_a_general_failure()
    {
        var e = HcsException.FromWin32("BackupRead", 0);
        Assert.Equal(0x8007001Fu, e.Code);
        Assert.Equal("BackupRead failed in Win32: A device attached to the system is not functioning. (0x1f)", e.Message);
    }

    [Theory]
    [InlineData("ExportLayer", 0x57, "base")]
    [InlineData("PrepareLayer", 1, "filter")]
    [InlineData("DestroyLayer", 0x7b, "trailing backslash")]
    [InlineData("ImportLayer", 0x3f1, "hive")]
    [InlineData("ImportLayer", 0x476, "1024")]
    public void Known_causes_are_told(string call, uint code, string word) =>
        Assert.Contains(word, HcsCodes.GetHint(code, call), StringComparison.Ordinal);
}
