using System.Globalization;
using System.Runtime.InteropServices;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers;

/// <summary>
/// Looks at a machine, at the account and at a layer, and says what would work: the first thing to ask when something does not. It
/// changes nothing, and what it cannot find out it says so instead of failing.
/// </summary>
public static class Doctor
{
    /// <summary>Examines.</summary>
    /// <param name="machine">The machine; null where the operating system has no Host Compute Service.</param>
    /// <param name="host">This Windows; null for a simulated or replayed machine, and elsewhere.</param>
    /// <param name="layer">A layer to look at, by path; with its parents, these are looked for too. Null for none.</param>
    /// <param name="native">Whether the machine is this one: then its system and volumes are told as well.</param>
    public static DoctorReport Examine(HcsMachine? machine, WindowsHost? host, LayerLocation? layer = null, bool native = true)
    {
        layer?.Validate();
        DoctorAccount? account = host is null ? null : AccountExamination.Run(host);
        string? wine = host is null ? null : WineVersion(host);
        return new DoctorReport
        {
            System = native ? SystemName(host, wine) : "",
            Libraries = machine is null ? [] : [Library(machine.Vmcompute), Library(machine.Computestorage)],
            Account = account,
            Volumes = native ? HostExamination.Volumes(host, layer) : [],
            Filters = host is null ? null : HostExamination.Filters(host),
            Layer = layer is null ? null : LayerExamination.Run(machine, layer),
            Abilities = new AbilityExamination(machine, account, wine).Run(),
        };
    }

    private static DoctorLibrary Library(INativeApi api)
    {
        var present = new List<string>();
        var absent = new List<string>();
        bool loads = true;
        foreach (string export in api.Info.Exports)
        {
            ExportStatus status = api.Probe(export);
            (status == ExportStatus.Present ? present : absent).Add(export);
            loads &= status != ExportStatus.LibraryMissing;
        }

        return new DoctorLibrary { Name = api.Info.Library, Loads = loads, Present = present, Absent = absent };
    }

    private static string SystemName(WindowsHost? host, string? wine)
    {
        string architecture = RuntimeInformation.OSArchitecture.ToString().ToLowerInvariant();
        if (host is null)
        {
            return $"{RuntimeInformation.OSDescription}, {architecture}";
        }

        Version version = Environment.OSVersion.Version;
        string revision = HostExamination.Revision(host) is { } ubr ? string.Create(CultureInfo.InvariantCulture, $".{ubr}") : "";
        string under = wine is null ? "" : $", under Wine {wine}";
        return string.Create(
            CultureInfo.InvariantCulture,
            $"Windows {version.Major}.{version.Minor}.{version.Build}{revision}, {architecture}{under}");
    }

    private static string? WineVersion(WindowsHost host) =>
        host.Ntdll.Probe("wine_get_version") == ExportStatus.Present ? host.Ntdll.WineGetVersion() ?? "" : null;
}
