using AotLayers.Hcs;
using Xunit;

namespace AotLayers.Replay.Tests.Hcs;

/// <summary>
/// What is told about a code at a call: a row for each that users reported (docs/windows/return-codes.md#codes-per-call,
/// docs/troubleshooting.md).
/// </summary>
public sealed class HcsHintTests
{
    [Theory]
    [InlineData("ActivateLayer", 0x80070522, "SeManageVolumePrivilege")]
    [InlineData("ActivateLayer", 0x80070020, "builds of host and image differ")]
    [InlineData("PrepareLayer", 0x80070005, "Administrators group")]
    [InlineData("PrepareLayer", 0x80070037, "not active")]
    [InlineData("GetLayerMountPath", 0x80070037, "not active")]
    [InlineData("PrepareLayer", 0x80070001, "fltmc")]
    [InlineData("PrepareLayer", 0x80070057, "nearest first")]
    [InlineData("PrepareLayer", 0x800705b4, "one layer at a time")]
    [InlineData("ProcessBaseImage", 0x80070522, "SeManageVolumePrivilege")]
    [InlineData("ProcessBaseImage", 0x80070005, "Administrators group")]
    [InlineData("ProcessBaseImage", 0x80070050, "earlier attempt")]
    [InlineData("ProcessBaseImage", 0x80070002, "no whole base layer")]
    [InlineData("ProcessBaseImage", 0x80070003, "Linux layer")]
    [InlineData("ProcessUtilityImage", 0x80070020, "virtual machine")]
    [InlineData("ExportLayer", 0x80070057, "base layers")]
    [InlineData("ExportLayer", 0x80070003, "hives were flushed")]
    [InlineData("ExportLayer", 0x80070070, "temporary folder is full")]
    [InlineData("CreateSandboxLayer", 0x80070003, "not finished")]
    [InlineData("CreateSandboxLayer", 0x80070002, "a parent is missing")]
    [InlineData("CreateSandboxLayer", 0x800700b7, "remove it")]
    [InlineData("HcsInitializeWritableLayer", 0x80070003, "document")]
    [InlineData("HcsSetupBaseOSLayer", 0x80070050, "Hives or layout")]
    [InlineData("HcsSetupBaseOSVolume", 0x80070050, "Hives or layout")]
    [InlineData("HcsSetupBaseOSLayer", 0x8007001f, @"not of UtilityVM\Files")]
    [InlineData("HcsAttachOverlayFilter", 0x80070003, "WcSandboxState")]
    [InlineData("HcsFormatWritableLayerVhd", 0x80070005, "elevated token")]
    [InlineData("AdjustTokenPrivileges", 0x80070514, "User Account Control")]
    [InlineData("ImportLayer", 0x80070002, "20 GB")]
    [InlineData("ImportLayer", 0x80070003, "squashed")]
    [InlineData("HcsImportLayer", 0x80070003, "tombstones.txt")]
    [InlineData("ImportLayer", 0x80070005, "NUL")]
    [InlineData("ImportLayer", 0x800700b7, "but for case")]
    [InlineData("ImportLayer", 0x800700e1, "virus")]
    [InlineData("ImportLayer", 0x800703f1, "hive")]
    [InlineData("ImportLayer", 0x80070476, "1024")]
    [InlineData("DestroyLayer", 0x80070005, "antivirus")]
    [InlineData("DestroyLayer", 0x80070020, "unmount")]
    [InlineData("DestroyLayer", 0x80070057, "backslash")]
    [InlineData("DestroyLayer", 0x8007007b, "backslash")]
    [InlineData("DestroyLayer", 0xc0000420, "unmount")]
    [InlineData("ExpandSandboxSize", 0x80070005, "elevated")]
    [InlineData("ExpandSandboxSize", 0x80070057, "shrink")]
    [InlineData("BackupRead", 50u, "Wine")]
    [InlineData("BackupWrite", 50u, "Wine")]
    [InlineData("CreateComputeSystem", 0xc0370101, "builds of host and image differ")]
    [InlineData("HcsCreateComputeSystem", 0x80370101, "builds of host and image differ")]
    [InlineData("HcsStartComputeSystem", 0xc0370103, "in the background")]
    [InlineData("HcsStartComputeSystem", 0xc0370106, "utility VM")]
    [InlineData("HcsCreateComputeSystem", 0x8037010d, "JSON")]
    [InlineData("HcsOpenComputeSystem", 0xc037010e, "no such")]
    [InlineData("PrepareLayer", 0xc0370112, "update")]
    [InlineData("ActivateLayer", 0x80070015, "retrying")]
    [InlineData("PrepareLayer", 0x8007048f, "retrying")]
    [InlineData(null, 0x8007001f, "Hyper-V-Compute/Analytic")]
    [InlineData(null, 0x80070070, "full")]
    [InlineData(null, 0x8007007e, "Containers feature")]
    [InlineData(null, 0x8007007f, "doctor")]
    public void Codes_that_users_reported_have_a_hint(string? call, uint code, string fragment) =>
        Assert.Contains(fragment, HcsCodes.GetHint(code, call), StringComparison.Ordinal);

    [Theory]
    [InlineData("ExpandSandboxSize", 0x80004005)]
    [InlineData(null, 0x80070057)]
    [InlineData(null, 0x00370106)]
    [InlineData("ExportLayerNext", 0x80370fff)]
    public void What_nothing_is_known_of_has_none(string? call, uint code) => Assert.Null(HcsCodes.GetHint(code, call));

    [Theory]
    [InlineData(0x80070037, "ERROR_DEV_NOT_EXIST")]
    [InlineData(0xc0000420, "STATUS_ASSERTION_FAILURE")]
    public void Codes_of_the_measured_calls_have_names(uint code, string name) => Assert.Equal(name, HcsCodes.GetName(code));
}
