namespace AotLayers.Hcs;

/// <summary>
/// What users found behind a code, per call where it matters (docs/troubleshooting.md, docs/windows/return-codes.md#codes-per-call).
/// </summary>
internal static class HcsHints
{
    private const string Elevate = "run from an elevated prompt";

    /// <summary>A hint for an unwrapped code at a call, or null.</summary>
    public static string? Find(uint code, string? call) => AtCall(code, call) ?? Anywhere(code);

    private static string? AtCall(uint code, string? call) => call switch
    {
        "ActivateLayer" => AtActivateLayer(code),
        "PrepareLayer" => AtPrepareLayer(code),
        "GetLayerMountPath" when code == 55 => "the layer is not active: ActivateLayer failed, or was not called",
        "ProcessBaseImage" or "ProcessUtilityImage" => AtProcessing(code),
        "ExportLayer" or "HcsExportLayer" => AtExport(code),
        "ImportLayer" or "HcsImportLayer" => AtImport(code),
        "CreateSandboxLayer" => AtCreate(code),
        "DestroyLayer" or "HcsDestroyLayer" => AtDestroy(code),
        "ExpandSandboxSize" => AtExpand(code),
        "BackupRead" or "BackupWrite" when code == 50 =>
            "the file system does not support backup calls (Wine and network volumes do not)",
        "AdjustTokenPrivileges" when code == 1300 =>
            $"the token does not hold the privilege; User Account Control may have taken it out: {Elevate}, as an account with the "
                + "'Back up files and directories' and 'Restore files and directories' rights",
        _ => AtStorage(code, call),
    };

    private static string? AtActivateLayer(uint code) => code switch
    {
        32 => "builds of host and image differ, or another filter or process has the layer's disk open",
        1314 => "ActivateLayer needs SeManageVolumePrivilege: " + Elevate,
        _ => null,
    };

    private static string? AtPrepareLayer(uint code) => code switch
    {
        1 => "a third-party file system filter (Box, Dropbox, cbfs) or BitLocker on the volume is the usual cause: list the filters with "
            + "'fltmc'",
        5 => "PrepareLayer needs the Administrators group enabled in the token, which no privilege stands for: " + Elevate,
        55 => "the layer is not active: ActivateLayer failed, or was not called",
        87 => "the parents may not be those that the layer was made on, nearest first",
        1460 => "PrepareLayer times out under load: prepare one layer at a time and retry",
        _ => null,
    };

    private static string? AtProcessing(uint code) => code switch
    {
        2 or 3 => "the folder is no whole base layer: Files with Windows\\System32\\config and its five hives, and with a utility VM its "
            + "boot configuration, have to be there; a Linux layer has none of them",
        5 => "known causes: the Administrators group is not enabled in the token (" + Elevate + "), or an antivirus holds a file",
        32 => "something has a disk of the layer open: a running or template virtual machine, an antivirus; retrying often helps",
        80 => "left over from an earlier attempt that failed: remove the generated files (Hives, layout, blank*.vhdx) or start from a "
            + "fresh import",
        1314 => "finishing a base layer needs SeManageVolumePrivilege: " + Elevate,
        _ => null,
    };

    private static string? AtExport(uint code) => code switch
    {
        2 or 3 => "known causes: a wrong or missing parent layer, or a container's layer that was cut off before its hives were flushed",
        87 => "ExportLayer refuses base layers: read a layer without parents with the base reader",
        112 => "the volume of the temporary folder is full: ExportLayer writes the whole layer there",
        _ => null,
    };

    private static string? AtImport(uint code) => code switch
    {
        2 or 3 => "known causes: a full disk or sandbox (20 GB by default), a wrong or missing parent, files of a kind that layers do not "
            + "have (Cygwin links, sparse files, short names of installers), a squashed or a Linux layer, an image newer than the host; "
            + "HcsImportLayer wants Files, Hives and tombstones.txt",
        5 => "known causes: an antivirus that holds a file, SeBackupPrivilege or SeRestorePrivilege not enabled (" + Elevate
            + "), TrustedInstaller ACLs, a file named like a device (NUL)",
        183 => "two entries of the layer have one name, perhaps but for case: a Linux layer?",
        225 => "an antivirus calls a file of the layer a virus: exclude the layer folder from scanning",
        1009 => "the base layer has empty registry hive files; newer Windows refuses them",
        1142 => "NTFS allows 1024 hard links per file; many layers share this one",
        _ => null,
    };

    private static string? AtCreate(uint code) => code switch
    {
        2 or 3 => "a parent is missing, is not the nearest first, or was unpacked but not finished: 'aotlayers make-base' finishes one",
        183 => "there is a layer of that path: remove it, or take another path",
        _ => null,
    };

    private static string? AtDestroy(uint code) => code switch
    {
        5 => "known causes: an antivirus or a virtual machine that is about to end holds a file; SeBackupPrivilege or SeRestorePrivilege "
            + "not enabled (" + Elevate + ")",
        32 => "the layer is mounted, or a running or template virtual machine or an antivirus has it open: unmount it, and try again",
        87 or 123 => "a trailing backslash in the layer path causes this",
        0xC0000420 => "a layer on it is mounted: unmount that one first",
        _ => null,
    };

    private static string? AtExpand(uint code) => code switch
    {
        5 => "ExpandSandboxSize needs an elevated token, whatever privileges it holds: " + Elevate,
        87 => "a disk cannot shrink, and only a scratch layer has one",
        _ => null,
    };

    private static string? AtStorage(uint code, string? call) => call switch
    {
        "HcsInitializeWritableLayer" when code == 3 => "the document with the parents is wrong, or a parent is not there",
        "HcsSetupBaseOSLayer" or "HcsSetupBaseOSVolume" when code == 80 =>
            "the folder has Hives or layout already: remove them, both are made anew",
        "HcsSetupBaseOSLayer" when code == 31 => @"of a utility VM the path is that of UtilityVM, not of UtilityVM\Files",
        "HcsAttachOverlayFilter" when code is 2 or 3 => "the volume has no WcSandboxState: it was not initialised as a writable layer",
        "HcsFormatWritableLayerVhd" when code == 5 => "formatting needs an elevated token, whatever privileges it holds: " + Elevate,
        _ => null,
    };

    private static string? Anywhere(uint code) => code switch
    {
        2 or 3 => "known causes: a wrong or missing parent layer, a layer that was not finished, a Linux layer, an unusual reparse "
            + "point or sparse file, a full sandbox, an image newer than the host",
        5 => "known causes: an antivirus that holds the file, SeBackupPrivilege or SeRestorePrivilege not enabled (" + Elevate
            + "), TrustedInstaller ACLs, a file named like a device (NUL)",
        18 => "the enumeration ended where an entry was expected",
        21 or 1167 => "the layer's device was not ready yet: retrying after 100 ms usually works",
        31 => "the callee lost the real code: the Hyper-V-Compute/Analytic event log may have it ('aotlayers doctor' says how to switch it "
            + "on)",
        32 => "something has the layer open: an attached vhdx, a running or template virtual machine, an antivirus; retrying often helps",
        39 or 112 => "the volume of the temporary folder or of the layer is full",
        80 => "left over from an earlier attempt that failed: remove the generated files (Hives, layout, blank*.vhdx) or start from a "
            + "fresh import",
        126 => "the library is not on this machine: the Containers feature may not be installed",
        127 => "this Windows build does not have the export: 'aotlayers doctor' lists those it has",
        145 => "files appeared in the folder while it was being removed",
        225 => "an antivirus calls a file of the layer a virus: exclude the layer folder from scanning",
        1009 => "the base layer has empty registry hive files; newer Windows refuses them",
        1142 => "NTFS allows 1024 hard links per file; many layers share this one",
        1300 or 1314 => Elevate + ", as an account with the 'Back up files and directories' and 'Restore files and directories' rights",
        1460 => "the service is under load: do one thing at a time and retry",
        _ => OfService(code),
    };

    private static string? OfService(uint code) => (code & 0x3FFFFFFF) switch
    {
        _ when code >> 28 is not (8 or 0xC) => null,
        0x00370101 => "builds of host and image differ: run it with Hyper-V isolation, or take an image of the host's build",
        0x00370103 => "the call was accepted and goes on in the background: its end is a notification",
        0x00370106 => "the utility VM exited: its image may not be finished",
        0x0037010D => "the JSON document of the call is malformed or from another schema version",
        0x0037010E => "there is no such virtual machine or container: it ended, or the id is another one",
        0x00370112 => "after a Windows update old layers may no longer be recognised: re-create them",
        _ => null,
    };
}
