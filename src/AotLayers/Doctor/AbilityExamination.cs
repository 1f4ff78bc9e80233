using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers;

/// <summary>What would work on a machine for an account: by the exports and rights that each command needs.</summary>
/// <param name="machine">The machine; null where there is none.</param>
/// <param name="account">The account; null where none matters.</param>
/// <param name="wine">Version of Wine; null where it is not that.</param>
internal sealed class AbilityExamination(HcsMachine? machine, DoctorAccount? account, string? wine)
{
    private const string ManageVolume = "SeManageVolumePrivilege";

    private readonly List<DoctorAbility> _abilities = [];

    public List<DoctorAbility> Run()
    {
        Add("files (tars, folders, recordings)", "on any system, without a Host Compute Service", [], []);
        if (machine is null)
        {
            _abilities.Add(new DoctorAbility
            {
                Command = "layers of this system",
                Works = false,
                Detail = "this operating system has no Host Compute Service: pass --hcs sim:DIR, replay:FILE or lib:PATH",
            });
            return _abilities;
        }

        AddExports(machine);
        AddImport(machine, "import of a layer with parents", new LayerLocation { Id = "layer", Parents = ["parent"] });
        AddImport(machine, "import of a base layer", new LayerLocation { Id = "layer" });
        Add("create", "CreateSandboxLayer", ["NameToGuid", "CreateSandboxLayer"], []);
        Add(
            "mount",
            "ActivateLayer, PrepareLayer",
            ["NameToGuid", "ActivateLayer", "PrepareLayer", "GetLayerMountPath"],
            [ManageVolume],
            administrator: true);
        Add("unmount", "UnprepareLayer, DeactivateLayer", ["UnprepareLayer", "DeactivateLayer"], []);
        bool computestorage = StorageRoute.IsComputestorage(
            machine, new LayerLocation { Id = "layer" }, "DestroyLayer", "HcsDestroyLayer");
        Add(
            "remove",
            computestorage ? "HcsDestroyLayer" : "DestroyLayer",
            computestorage ? ["LayerExists"] : ["LayerExists", "DestroyLayer"],
            [PrivilegeScope.Backup, PrivilegeScope.Restore]);
        Add("expand", "ExpandSandboxSize", ["ExpandSandboxSize"], [], administrator: true);
        Add("make-base", "ProcessBaseImage", ["ProcessBaseImage"], [ManageVolume], administrator: true);
        Add("exists", "LayerExists", ["LayerExists"], []);
        Add("list", "GetBaseImages", ["GetBaseImages"], []);
        Add("grant-vm", "GrantVmAccess", ["GrantVmAccess"], []);
        return _abilities;
    }

    /// <summary>The readers are those that a real export would choose.</summary>
    private void AddExports(HcsMachine on)
    {
        AddExport(on, "export of a layer with parents", new LayerLocation { Id = "layer", Parents = ["parent"] });
        AddExport(on, "export of a base layer", new LayerLocation { Id = "layer" });
    }

    private void AddExport(HcsMachine on, string command, LayerLocation layer)
    {
        switch (LayerReaderSelection.Choose(on, layer, LayerReaderKind.Auto))
        {
            case LayerReaderKind.Stream:
                Add(
                    command,
                    "stream reader (ExportLayerBegin)",
                    ["NameToGuid", "ExportLayerBegin", "ExportLayerNext", "ExportLayerRead", "ExportLayerEnd"],
                    [PrivilegeScope.Backup]);
                break;
            case LayerReaderKind.Base:
                Add(command, "base reader (BackupRead)", [], [PrivilegeScope.Backup], withoutWine: "Wine's BackupRead reads nothing");
                break;
            case LayerReaderKind.Folder when StorageRoute.IsComputestorage(on, layer, "ExportLayer", "HcsExportLayer"):
                Add(command, "folder reader (HcsExportLayer)", ["NameToGuid"], [PrivilegeScope.Backup]);
                break;
            default:
                Add(command, "folder reader (ExportLayer)", ["NameToGuid", "ExportLayer"], [PrivilegeScope.Backup]);
                break;
        }
    }

    /// <summary>The writers are those that a real import would choose.</summary>
    private void AddImport(HcsMachine on, string command, LayerLocation layer)
    {
        const string NoBackupWrite = "Wine's BackupWrite writes nothing";
        switch (LayerWriter.Choose(on, layer, LayerWriterKind.Auto))
        {
            case LayerWriterKind.Stream:
                Add(
                    command,
                    "stream writer (ImportLayerBegin)",
                    ["NameToGuid", "LayerExists", "ImportLayerBegin", "ImportLayerNext", "ImportLayerWrite", "ImportLayerEnd"],
                    [PrivilegeScope.Backup, PrivilegeScope.Restore]);
                break;
            case LayerWriterKind.Base:
                Add(
                    command,
                    "base writer (BackupWrite, ProcessBaseImage)",
                    ["ProcessBaseImage"],
                    [PrivilegeScope.Backup, PrivilegeScope.Restore, ManageVolume],
                    administrator: true,
                    withoutWine: NoBackupWrite);
                break;
            default:
                Add(
                    command,
                    "folder writer (ImportLayer)",
                    ["NameToGuid", "ImportLayer"],
                    [PrivilegeScope.Backup, PrivilegeScope.Restore],
                    withoutWine: NoBackupWrite);
                break;
        }
    }

    private void Add(
        string command,
        string how,
        ReadOnlySpan<string> exports,
        ReadOnlySpan<string> privileges,
        bool administrator = false,
        string? withoutWine = null)
    {
        string? problem = MissingExport(exports) ?? MissingRight(privileges, administrator) ?? (wine is null ? null : withoutWine);
        _abilities.Add(new DoctorAbility { Command = command, Works = problem is null, Detail = problem ?? how });
    }

    private string? MissingExport(ReadOnlySpan<string> exports)
    {
        var missing = new List<string>();
        foreach (string export in exports)
        {
            switch (machine!.Vmcompute.Probe(export))
            {
                case ExportStatus.LibraryMissing:
                    return machine.Vmcompute.Info.Library + " does not load: "
                        + (wine is null ? "the Containers feature may not be installed" : "Wine has no Host Compute Service");
                case ExportStatus.ExportMissing:
                    missing.Add(export);
                    break;
            }
        }

        return missing.Count == 0 ? null : $"{machine!.Vmcompute.Info.Library} does not have {string.Join(", ", missing)}";
    }

    private string? MissingRight(ReadOnlySpan<string> privileges, bool administrator)
    {
        // What is not known does not speak against it.
        if (account is null or { Problem: not null })
        {
            return null;
        }

        string elevate = account.Filtered ? ": run it from an elevated prompt" : "";
        if (administrator && !account.Administrator)
        {
            return "the Administrators group is not enabled in the token" + elevate;
        }

        foreach (string name in privileges)
        {
            foreach (DoctorPrivilege privilege in account.Privileges)
            {
                if (privilege.Name == name && !privilege.Held)
                {
                    return name + " is not held" + elevate;
                }
            }
        }

        return null;
    }
}
