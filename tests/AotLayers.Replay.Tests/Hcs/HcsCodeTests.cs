using AotLayers.Hcs;
using Xunit;

namespace AotLayers.Replay.Tests.Hcs;

/// <summary>
/// HRESULT rules of docs/windows/return-codes.md#hresult and the codes of docs/windows/return-codes.md#codes-per-call and
/// docs/windows/return-codes.md#codes-per-call.
/// </summary>
public sealed class HcsCodeTests
{
    [Theory]
    [InlineData(0x80070012, 18u)]
    [InlineData(0x80070015, 21u)]
    [InlineData(0xC0070005, 5u)]
    [InlineData(0xC037010E, 0xC037010Eu)]
    [InlineData(0x80370110, 0x80370110u)]
    [InlineData(0x80004005, 0x80004005u)]
    [InlineData(0x90070005, 0x90070005u)]
    public void Only_win32_codes_are_unwrapped(uint hr, uint code) => Assert.Equal(code, HResult.Unwrap(unchecked((int)hr)));

    [Theory]
    [InlineData(0, true)]
    [InlineData(1, true)]
    [InlineData(unchecked((int)0x80070005), false)]
    public void Positive_codes_are_success(int hr, bool succeeded) => Assert.Equal(succeeded, HResult.Succeeded(hr));

    [Theory]
    [InlineData(0x80070012, "ERROR_NO_MORE_FILES", "There are no more files.")]
    [InlineData(5, "ERROR_ACCESS_DENIED", "Access is denied.")]
    [InlineData(0x80070570, "ERROR_FILE_CORRUPT", "The file or directory is corrupted and unreadable.")]
    [InlineData(0x80370112, "HCS_E_INVALID_LAYER", "The container image contains a layer with an unrecognized format.")]
    [InlineData(0xC0370106, "ERROR_VMCOMPUTE_UNEXPECTED_EXIT", "The virtual machine or container exited unexpectedly.")]
    [InlineData(0x80004003, "E_POINTER", "Invalid pointer")]
    public void Codes_have_names_and_messages(uint code, string name, string message)
    {
        Assert.Equal(name, HcsCodes.GetName(code));
        Assert.Equal(message, HcsCodes.GetMessage(code));
    }

    [Theory]
    [InlineData(0x8007FFFE, "winapi error #65534")]
    [InlineData(0x80370FFF, "winapi error #2151092223")]
    public void Unknown_codes_keep_their_number(uint code, string message)
    {
        Assert.Null(HcsCodes.GetName(code));
        Assert.Equal(message, HcsCodes.GetMessage(code));
    }

    /// <summary>The table is searched by halves: every code of the sources must be found in it.</summary>
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(5)]
    [InlineData(0x20)]
    [InlineData(0x1f)]
    [InlineData(0x50)]
    [InlineData(0x57)]
    [InlineData(0x7b)]
    [InlineData(0xe1)]
    [InlineData(0x3f1)]
    [InlineData(0x476)]
    [InlineData(0x514)]
    [InlineData(0x522)]
    [InlineData(0x5b4)]
    [InlineData(1167)]
    public void Codes_that_users_report_have_a_name(uint code) =>
        Assert.StartsWith("ERROR_", HcsCodes.GetName(code), StringComparison.Ordinal);
}
