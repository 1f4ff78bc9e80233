namespace AotLayers.Hcs;

/// <summary>What users found behind a code, per call where it matters (docs/troubleshooting.md).</summary>
internal static class HcsHints
{
    /// <summary>A hint for an unwrapped code at a call, or null.</summary>
    public static string? Find(uint code, string? call) => code switch
    {
        1 when call is "PrepareLayer" => "a third-party file system filter (Box, Dropbox, cbfs) or BitLocker on the volume is the usual "
            + "cause: list the filters with 'fltmc'",
        2 or 3 => "known causes: a wrong or missing parent layer, a layer that was not finished, a Linux layer, an unusual reparse "
            + "point or sparse file, a full sandbox, an image newer than the host",
        5 => "known causes: an antivirus that holds the file, SeBackupPrivilege or SeRestorePrivilege not enabled (run elevated), "
            + "TrustedInstaller ACLs, a file named like a device (NUL)",
        18 => "the enumeration ended where an entry was expected",
        31 => "the callee lost the real code: the Hyper-V-Compute/Analytic event log may have it",
        32 => "something has the layer open: an attached vhdx, a running or template virtual machine, an antivirus; retrying often helps",
        50 when call is "BackupRead" => "the file system does not support backup reads (Wine and network volumes do not)",
        80 => "left over from an earlier attempt that failed: remove the generated files (Hives, layout, blank*.vhdx) or start from a "
            + "fresh import",
        87 when call is "ExportLayer" => "ExportLayer refuses base layers: read a layer without parents with the base reader",
        87 or 123 when call is "DestroyLayer" => "a trailing backslash in the layer path causes this",
        112 or 39 => "the volume of the temporary folder or of the layer is full",
        126 => "the library is not on this machine: the Containers feature may not be installed",
        127 => "this Windows build does not have the export: 'aotlayers doctor' lists those it has",
        145 => "files appeared in the folder while it was being removed",
        225 => "an antivirus calls a file of the layer a virus: exclude the layer folder from scanning",
        1009 => "the base layer has empty registry hive files; newer Windows refuses them",
        1142 => "NTFS allows 1024 hard links per file; many layers share this one",
        1300 or 1314 => "run from an elevated prompt, as an account with the 'Back up files and directories' and 'Restore files and "
            + "directories' rights",
        1460 => "PrepareLayer times out under load: prepare one layer at a time and retry",
        21 or 1167 => "the layer's device was not ready yet: retrying after 100 ms usually works",
        0x80370106 or 0xC0370106 => "the utility VM exited: its image may not be finished",
        0x80370112 or 0xC0370112 => "after a Windows update old layers may no longer be recognised: re-create them",
        0x8037010D or 0xC037010D => "the JSON document of the call is malformed or from another schema version",
        _ => null,
    };
}
