using AotLayers.Formats;
using AotLayers.Hcs;
using AotLayers.Replay.Tests.Layers;
using AotLayers.Replay.Tests.Simulator;
using Xunit;

namespace AotLayers.Replay.Tests.Doctor;

/// <summary>What the doctor tells of machines, accounts and layers.</summary>
public sealed class DoctorTests
{
    private static readonly string[] s_all = ["SeBackupPrivilege", "SeRestorePrivilege", "SeManageVolumePrivilege", "SeSecurityPrivilege"];

    [Fact]
    public void Elevated_administrator_can_do_everything()
    {
        FakeHost host = Elevated();
        DoctorReport report = AotLayers.Doctor.Examine(Machines.Samples(), host.Host);
        Assert.All(report.Abilities, ability => Assert.True(ability.Works, ability.Command + ": " + ability.Detail));
        Assert.Equal((true, false, true), (report.Account!.Elevated, report.Account.Filtered, report.Account.Administrator));
        Assert.Equal(s_all, report.Account.Privileges.Select(privilege => privilege.Name));
        Assert.Equal([true, false, false, false], report.Account.Privileges.Select(privilege => privilege.Enabled));
        Assert.Equal(["WdFilter", "wcifs"], report.Filters!.Names);
        DoctorVolume volume = Assert.Single(report.Volumes);
        Assert.Equal(
            (@"C:\Temp\", @"C:\", "NTFS", 10L << 30, 100L << 30, null),
            (volume.Path, volume.Root, volume.FileSystem, volume.Available, volume.Total, volume.Problem));
        Assert.Contains(".4652, ", report.System, StringComparison.Ordinal);
        Assert.Equal(0, host.Open);
    }

    [Fact]
    public void Filtered_token_is_told_with_what_it_cannot_do()
    {
        var host = new FakeHost { Elevated = false, ElevationType = 3, Administrator = false, FiltersResult = unchecked((int)0x80070005) };
        DoctorReport report = AotLayers.Doctor.Examine(Machines.Samples(), host.Host);
        Assert.True(report.Account!.Filtered);
        Assert.All(report.Account.Privileges, privilege => Assert.False(privilege.Held));
        Assert.Equal(
            "the Administrators group is not enabled in the token: run it from an elevated prompt",
            Ability(report, "mount").Detail);
        Assert.Equal(
            "SeBackupPrivilege is not held: run it from an elevated prompt",
            Ability(report, "import of a layer with parents").Detail);
        Assert.Equal((true, "LayerExists"), (Ability(report, "exists").Works, Ability(report, "exists").Detail));
        Assert.Contains("Access is denied. (0x5)", report.Filters!.Problem, StringComparison.Ordinal);
        Assert.Equal(0, host.Open);
    }

    [Fact]
    public void Account_of_a_service_lacks_single_privileges()
    {
        FakeHost host = Elevated();
        host.ElevationType = 1;
        host.Privileges.Remove("SeManageVolumePrivilege");
        DoctorReport report = AotLayers.Doctor.Examine(Machines.Samples(), host.Host);
        Assert.Equal("SeManageVolumePrivilege is not held", Ability(report, "mount").Detail);
        Assert.True(Ability(report, "import of a layer with parents").Works);
    }

    [Fact]
    public void Readers_are_those_that_an_export_chooses()
    {
        DoctorReport released = AotLayers.Doctor.Examine(Machines.Samples([.. Machines.StreamingExports]), Elevated().Host);
        Assert.Equal("folder reader (ExportLayer)", Ability(released, "export of a layer with parents").Detail);
        Assert.Equal("base reader (BackupRead)", Ability(released, "export of a base layer").Detail);
        Assert.Equal("stream writer (ImportLayerBegin)", Ability(released, "import of a base layer").Detail);
        DoctorReport folders = AotLayers.Doctor.Examine(Machines.Samples("ImportLayerBegin"), Elevated().Host);
        Assert.Equal("base writer (BackupWrite, ProcessBaseImage)", Ability(folders, "import of a base layer").Detail);
        Assert.Equal("folder writer (ImportLayer)", Ability(folders, "import of a layer with parents").Detail);
        Assert.Equal(Machines.StreamingExports, released.Libraries[0].Absent);
        DoctorReport preview = AotLayers.Doctor.Examine(Machines.Samples(), null, native: false);
        Assert.Equal("stream reader (ExportLayerBegin)", Ability(preview, "export of a base layer").Detail);
        Assert.Equal(("", null, null), (preview.System, preview.Account, preview.Filters));
        DoctorReport second = AotLayers.Doctor.Examine(
            Machines.Samples("ExportLayer", "ExportLayerBegin", "DestroyLayer"), Elevated().Host);
        Assert.Equal("folder reader (HcsExportLayer)", Ability(second, "export of a layer with parents").Detail);
        Assert.Equal("HcsDestroyLayer", Ability(second, "remove").Detail);
        DoctorReport none = AotLayers.Doctor.Examine(
            Machines.Samples("ExportLayer", "ExportLayerBegin", "HcsExportLayer"), Elevated().Host);
        Assert.Equal("vmcompute.dll does not have ExportLayer", Ability(none, "export of a layer with parents").Detail);
    }

    [Fact]
    public void Missing_library_and_Wine_are_told()
    {
        HcsMachine machine = SampleLayers.Load(new() { VmcomputeMissing = true }).Hcs;
        FakeHost host = Elevated();
        DoctorReport report = AotLayers.Doctor.Examine(machine, host.Host);
        Assert.False(report.Libraries[0].Loads);
        Assert.Contains("the Containers feature may not be installed", Ability(report, "mount").Detail, StringComparison.Ordinal);
        Assert.True(Ability(report, "export of a base layer").Works);
        host.Wine = "8.0";
        report = AotLayers.Doctor.Examine(machine, host.Host);
        Assert.EndsWith("under Wine 8.0", report.System, StringComparison.Ordinal);
        Assert.Contains("Wine has no Host Compute Service", Ability(report, "mount").Detail, StringComparison.Ordinal);
        Assert.Equal("Wine's BackupRead reads nothing", Ability(report, "export of a base layer").Detail);
    }

    [Fact]
    public void Volume_that_is_no_NTFS_is_a_problem()
    {
        FakeHost host = Elevated();
        host.FileSystem = "ReFS";
        DoctorReport report = AotLayers.Doctor.Examine(Machines.Samples(), host.Host, Machines.App);
        Assert.Equal(["temporary folder", "layer"], report.Volumes.Select(volume => volume.Purpose));
        Assert.All(report.Volumes, volume => Assert.Equal("layers lie on NTFS; this is ReFS", volume.Problem));
    }

    [Fact]
    public void System_without_a_service_has_files_only()
    {
        DoctorReport report = AotLayers.Doctor.Examine(null, null);
        Assert.Equal([true, false], report.Abilities.Select(ability => ability.Works));
        Assert.Contains("--hcs sim:DIR", report.Abilities[1].Detail, StringComparison.Ordinal);
        Assert.Empty(report.Libraries);
        Assert.NotNull(Assert.Single(report.Volumes).FileSystem);
    }

    [Fact]
    public void Layer_is_told_by_its_artefacts()
    {
        using var layers = new LayerDirectory();
        layers.WithFile("new/Files/Windows/System32/config/SYSTEM", "")
            .WithFile("new/Files/Windows/System32/config/SAM", Hive())
            .WithFile("new/Files/Windows/System32/config/SOFTWARE", Hive()[..5000])
            .WithFile("new/Files/Windows/System32/config/DEFAULT", "text")
            .WithFile("new/Hives/SAM_BASE", Hive())
            .WithFile("new/layout", "x")
            .WithFile("new/UtilityVM/Files/a.txt", "a");
        DoctorLayer layer = AotLayers.Doctor.Examine(
            layers.Load().Hcs,
            null,
            new LayerLocation { Id = @"C:\layers\new", Parents = [@"C:\layers\nothere"] },
            native: false).Layer!;
        var states = layer.Artefacts.ToDictionary(artefact => artefact.Name, artefact => artefact.State);
        Assert.Equal((true, "base layer, not finished"), (layer.Exists, layer.Kind));
        Assert.Equal("empty", states[@"Files\Windows\System32\config\SYSTEM"]);
        Assert.Equal("valid", states[@"Files\Windows\System32\config\SAM"]);
        Assert.Equal("damaged", states[@"Files\Windows\System32\config\SOFTWARE"]);
        Assert.Equal("damaged", states[@"Files\Windows\System32\config\DEFAULT"]);
        Assert.Equal("absent", states[@"Files\Windows\System32\config\SECURITY"]);
        Assert.Equal("valid", states[@"Hives\SAM_BASE"]);
        Assert.Equal("absent", states[@"UtilityVM\Files\EFI\Microsoft\Boot\BCD"]);
        Assert.Equal(("present", "absent"), (states["layout"], states["blank-base.vhdx"]));
        Assert.Contains(layer.Problems, problem => problem.Contains("0x800703f1", StringComparison.Ordinal));
        Assert.Contains(layer.Problems, problem => problem.Contains("5000 bytes of 8192", StringComparison.Ordinal));
        Assert.Contains(layer.Problems, problem => problem.Contains("finished half-way", StringComparison.Ordinal));
        Assert.Contains(layer.Problems, problem => problem == @"the parent C:\layers\nothere is not there");
    }

    [Fact]
    public void Layer_that_is_not_there_is_no_failure()
    {
        DoctorReport report = AotLayers.Doctor.Examine(
            Machines.Samples(), null, new LayerLocation { Id = @"C:\layers\nothere" }, native: false);
        Assert.Equal((false, "no layer"), (report.Layer!.Exists, report.Layer.Kind));
        Assert.Equal("there is no layer of that path", Assert.Single(report.Layer.Problems));
        Assert.Equal("no layer", AotLayers.Doctor.Examine(null, null, new LayerLocation { Id = "/nowhere/layer" }).Layer!.Kind);
    }

    [Fact]
    public void Scratch_layer_is_known_by_its_disk()
    {
        DoctorReport report = AotLayers.Doctor.Examine(
            Machines.Samples(), null, new LayerLocation { Id = @"C:\layers\scratch" }, native: false);
        Assert.Equal("scratch layer", report.Layer!.Kind);
        Assert.Empty(report.Layer.Problems);
    }

    private static DoctorAbility Ability(DoctorReport report, string command) =>
        report.Abilities.Single(ability => ability.Command == command);

    private static FakeHost Elevated()
    {
        var host = new FakeHost();
        foreach (string name in s_all)
        {
            host.Privileges.Add(name, name == "SeBackupPrivilege" ? 3u : 0);
        }

        host.Filters.AddRange(["WdFilter", "wcifs"]);
        return host;
    }

    /// <summary>The smallest hive: its base block, and one bin with a root cell.</summary>
    private static byte[] Hive()
    {
        byte[] hive = new byte[8192];
        "regf"u8.CopyTo(hive);
        BitConverter.GetBytes(1).CopyTo(hive, 4);
        BitConverter.GetBytes(1).CopyTo(hive, 8);
        BitConverter.GetBytes(1).CopyTo(hive, 20);
        BitConverter.GetBytes(3).CopyTo(hive, 24);
        BitConverter.GetBytes(1).CopyTo(hive, 32);
        BitConverter.GetBytes(32).CopyTo(hive, 36);
        BitConverter.GetBytes(4096).CopyTo(hive, 40);
        BitConverter.GetBytes(RegistryHive.ComputeChecksum(hive)).CopyTo(hive, 508);
        return hive;
    }
}
