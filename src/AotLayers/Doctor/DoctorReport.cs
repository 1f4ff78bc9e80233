namespace AotLayers;

/// <summary>
/// What a machine has of what layers need, and what would work on it. Made by <see cref="Doctor"/>; reading it calls nothing.
/// </summary>
public sealed class DoctorReport
{
    /// <summary>
    /// The operating system with its build, and Wine where it is that; empty for a machine that is simulated or replayed.
    /// </summary>
    public required string System { get; init; }

    /// <summary>The libraries of the layer calls; none where the operating system has no Host Compute Service.</summary>
    public required IReadOnlyList<DoctorLibrary> Libraries { get; init; }

    /// <summary>The account that the program runs as; null where none matters: on a simulated machine, and on other systems.</summary>
    public required DoctorAccount? Account { get; init; }

    /// <summary>The volumes that a layer would be written to.</summary>
    public required IReadOnlyList<DoctorVolume> Volumes { get; init; }

    /// <summary>The file system filters; null where there is no Windows to ask.</summary>
    public required DoctorFilters? Filters { get; init; }

    /// <summary>The layer that was asked about; null when none was.</summary>
    public required DoctorLayer? Layer { get; init; }

    /// <summary>What would work here, command by command.</summary>
    public required IReadOnlyList<DoctorAbility> Abilities { get; init; }

    /// <summary>How to switch on and to read the log that has the detail which codes lack; each one line for a prompt on Windows.</summary>
    public static IReadOnlyList<string> LogCommands { get; } =
    [
        "wevtutil set-log Microsoft-Windows-Hyper-V-Compute-Analytic /enabled:true /quiet:true",
        "wevtutil set-log Microsoft-Windows-Hyper-V-Compute-Analytic /enabled:false",
        "wevtutil query-events Microsoft-Windows-Hyper-V-Compute-Analytic /format:text",
        "wevtutil query-events Microsoft-Windows-Hyper-V-Compute-Operational /format:text /count:50 /reversedirection:true",
    ];
}

/// <summary>A library of layer calls.</summary>
public sealed class DoctorLibrary
{
    /// <summary>The file.</summary>
    public required string Name { get; init; }

    /// <summary>Whether it loads.</summary>
    public required bool Loads { get; init; }

    /// <summary>Exports that are there, in the order of their declaration.</summary>
    public required IReadOnlyList<string> Present { get; init; }

    /// <summary>Exports that are not; all of them where the library does not load.</summary>
    public required IReadOnlyList<string> Absent { get; init; }
}

/// <summary>What the process's token may do.</summary>
public sealed class DoctorAccount
{
    /// <summary>Whether the token is elevated.</summary>
    public bool Elevated { get; init; }

    /// <summary>
    /// Whether the token is an administrator's with the administrator taken out of it by User Account Control: an elevated prompt of the
    /// same user has more.
    /// </summary>
    public bool Filtered { get; init; }

    /// <summary>Whether the group of administrators is enabled in it.</summary>
    public bool Administrator { get; init; }

    /// <summary>The privileges that layers need.</summary>
    public IReadOnlyList<DoctorPrivilege> Privileges { get; init; } = [];

    /// <summary>Why nothing of this is known; null when it is.</summary>
    public string? Problem { get; init; }
}

/// <summary>A privilege.</summary>
public sealed class DoctorPrivilege
{
    /// <summary>Its name, such as <c>SeBackupPrivilege</c>.</summary>
    public required string Name { get; init; }

    /// <summary>What needs it.</summary>
    public required string Purpose { get; init; }

    /// <summary>Whether the token has it. The program enables what it needs.</summary>
    public required bool Held { get; init; }

    /// <summary>Whether it is enabled already.</summary>
    public required bool Enabled { get; init; }
}

/// <summary>A volume.</summary>
public sealed class DoctorVolume
{
    /// <summary>What lies on it.</summary>
    public required string Purpose { get; init; }

    /// <summary>The path that was asked about.</summary>
    public required string Path { get; init; }

    /// <summary>Where the volume is mounted; null when not known.</summary>
    public string? Root { get; init; }

    /// <summary>Its file system; null when not known.</summary>
    public string? FileSystem { get; init; }

    /// <summary>Bytes that this account may still write; null when not known.</summary>
    public long? Available { get; init; }

    /// <summary>Its size in bytes; null when not known.</summary>
    public long? Total { get; init; }

    /// <summary>What is wrong with it for layers, or why it is not known; null when nothing is.</summary>
    public string? Problem { get; init; }
}

/// <summary>The file system filters of the machine.</summary>
public sealed class DoctorFilters
{
    /// <summary>Their names, from the top of the stack to its bottom.</summary>
    public IReadOnlyList<string> Names { get; init; } = [];

    /// <summary>Why they cannot be listed; null when they could.</summary>
    public string? Problem { get; init; }
}

/// <summary>A layer's folder.</summary>
public sealed class DoctorLayer
{
    /// <summary>Its path.</summary>
    public required string Path { get; init; }

    /// <summary>What LayerExists says; null where it was not asked or does not answer.</summary>
    public required bool? Exists { get; init; }

    /// <summary>What the folder is, in words.</summary>
    public required string Kind { get; init; }

    /// <summary>What belongs to layers, and what of it is there.</summary>
    public required IReadOnlyList<DoctorArtefact> Artefacts { get; init; }

    /// <summary>What is wrong with it.</summary>
    public required IReadOnlyList<string> Problems { get; init; }
}

/// <summary>A file or folder of a layer.</summary>
public sealed class DoctorArtefact
{
    /// <summary>Its name in the layer.</summary>
    public required string Name { get; init; }

    /// <summary>
    /// <c>present</c>, <c>absent</c>, <c>valid</c> (a registry hive that is one), <c>empty</c>, <c>damaged</c>, <c>unreadable</c>.
    /// </summary>
    public required string State { get; init; }

    /// <summary>Why it is damaged or unreadable; null otherwise.</summary>
    public string? Detail { get; init; }
}

/// <summary>Whether something would work.</summary>
public sealed class DoctorAbility
{
    /// <summary>The command, and what of.</summary>
    public required string Command { get; init; }

    /// <summary>Whether nothing speaks against it.</summary>
    public required bool Works { get; init; }

    /// <summary>How it would be done, or what is missing.</summary>
    public required string Detail { get; init; }
}
