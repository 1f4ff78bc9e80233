using System.Globalization;
using AotLayers.App;

namespace AotLayers.Cli.Output;

/// <summary>Tells what an examination found.</summary>
internal static class DoctorText
{
    /// <summary>Prints a result.</summary>
    public static void Print(DoctorResult result, bool json)
    {
        if (json)
        {
            using Stream stream = Console.OpenStandardOutput();
            JsonText.WriteLine(stream, result.WriteMembers);
            return;
        }

        foreach (string line in Lines(result))
        {
            Terminal.Out.WriteLine(line);
        }
    }

    private static IEnumerable<string> Lines(DoctorResult result)
    {
        DoctorReport report = result.Report;
        yield return "machine: " + result.Hcs;
        if (report.System.Length > 0)
        {
            yield return "system: " + report.System;
        }

        foreach (DoctorLibrary library in report.Libraries)
        {
            yield return Describe(library);
        }

        foreach (string line in AccountLines(report.Account))
        {
            yield return line;
        }

        foreach (DoctorVolume volume in report.Volumes)
        {
            yield return Describe(volume);
        }

        if (report.Filters is { } filters)
        {
            yield return "file system filters: " + Describe(filters);
        }

        foreach (string line in LayerLines(report.Layer))
        {
            yield return line;
        }

        bool recorded = result.Hcs.StartsWith("replay:", StringComparison.Ordinal);
        yield return recorded ? "what the recorded machine could do:" : "what works here:";
        foreach (DoctorAbility ability in report.Abilities)
        {
            yield return $"  {(ability.Works ? "yes" : "no "),-3}  {ability.Command}: {ability.Detail}";
        }

        yield return "the log with what codes do not say (on, off, read; and the one that is always on), on Windows:";
        foreach (string command in DoctorReport.LogCommands)
        {
            yield return "  " + command;
        }
    }

    private static string Describe(DoctorLibrary library)
    {
        int all = library.Present.Count + library.Absent.Count;
        string absent = library.Absent.Count == 0 ? "" : "; absent: " + string.Join(", ", library.Absent);
        return library.Loads
            ? string.Create(CultureInfo.InvariantCulture, $"{library.Name}: {library.Present.Count} of {all} exports{absent}")
            : library.Name + ": does not load";
    }

    private static string Describe(DoctorFilters filters) => filters.Problem is { } problem ? "not known: " + problem
        : filters.Names.Count == 0 ? "none"
        : string.Join(", ", filters.Names);

    private static IEnumerable<string> AccountLines(DoctorAccount? account)
    {
        if (account is null)
        {
            yield break;
        }

        if (account.Problem is { } problem)
        {
            yield return "account: not known: " + problem;
            yield break;
        }

        string elevation = account.Filtered
            ? "not elevated: User Account Control took the administrator out of the token, an elevated prompt has it"
            : account.Elevated ? "elevated" : "not elevated";
        yield return $"account: {elevation}; Administrators {(account.Administrator ? "enabled" : "not enabled")}";
        foreach (DoctorPrivilege privilege in account.Privileges)
        {
            string state = privilege.Enabled ? "enabled" : privilege.Held ? "held (enabled when needed)" : "not held";
            yield return $"  {privilege.Name}: {state}; for {privilege.Purpose}";
        }
    }

    private static string Describe(DoctorVolume volume)
    {
        string space = volume is { Available: { } available, Total: { } total }
            ? string.Create(CultureInfo.InvariantCulture, $", {Gigabytes(available)} GB of {Gigabytes(total)} GB to be had")
            : "";
        string where = volume.Root is null ? "" : $": {volume.Root} {volume.FileSystem}{space}";
        string problem = volume.Problem is null ? "" : volume.Root is null ? ": not known: " + volume.Problem : "; " + volume.Problem;
        return $"volume of the {volume.Purpose} {volume.Path}{where}{problem}";
    }

    private static string Gigabytes(long bytes) => (bytes / (double)(1L << 30)).ToString("0.0", CultureInfo.InvariantCulture);

    private static IEnumerable<string> LayerLines(DoctorLayer? layer)
    {
        if (layer is null)
        {
            yield break;
        }

        string exists = layer.Exists switch { true => ", LayerExists says yes", false => ", LayerExists says no", null => "" };
        yield return $"layer {layer.Path}: {layer.Kind}{exists}";
        foreach (DoctorArtefact artefact in layer.Artefacts)
        {
            yield return $"  {artefact.Name}: {artefact.State}{(artefact.Detail is null ? "" : ": " + artefact.Detail)}";
        }

        foreach (string problem in layer.Problems)
        {
            yield return "  problem: " + problem;
        }
    }
}
