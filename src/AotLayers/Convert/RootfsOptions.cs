using AotLayers.Formats;

namespace AotLayers;

/// <summary>How a layer of Windows is made of a root file system of Linux.</summary>
public sealed class RootfsOptions
{
    /// <summary>What files get, unless something else is wanted: administrators and the system may do all, users read and run.</summary>
    public const string DefaultFileSddl = "O:BAG:SYD:(A;;FA;;;BA)(A;;FA;;;SY)(A;;0x1200a9;;;BU)";

    /// <summary>What directories get: the same, handed down; users may make files and folders in them.</summary>
    public const string DefaultDirectorySddl =
        "O:BAG:SYD:(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;;FA;;;BA)(A;OICIIO;GA;;;CO)(A;OICI;0x1200a9;;;BU)(A;CI;LC;;;BU)(A;CI;DC;;;BU)";

    /// <summary>Security descriptor of files and links to files.</summary>
    public SecurityDescriptor FileSecurity { get; init; } = SecurityDescriptor.FromSddl(DefaultFileSddl);

    /// <summary>Security descriptor of directories and links to directories.</summary>
    public SecurityDescriptor DirectorySecurity { get; init; } = SecurityDescriptor.FromSddl(DefaultDirectorySddl);

    /// <summary>Whether entries that Windows has nothing for are left out and told as losses; otherwise they are errors.</summary>
    public bool SkipUnsupported { get; init; }
}
