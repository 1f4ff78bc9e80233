using System.Text.Json;

namespace AotLayers.App;

/// <summary>What an examination is told as.</summary>
/// <param name="Hcs">Where the calls were asked for: <c>native</c>, <c>sim:DIR</c> and so on.</param>
/// <param name="Report">What was found.</param>
public sealed record DoctorResult(string Hcs, DoctorReport Report)
{
    /// <summary>Writes the members of the JSON form; null where something is not known or does not matter.</summary>
    /// <param name="json">Where to: inside an object.</param>
    public void WriteMembers(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("hcs", Hcs);
        json.WriteString("system", Report.System.Length == 0 ? null : Report.System);
        WriteArray(json, "libraries", Report.Libraries, WriteLibrary);
        WriteObject(json, "account", Report.Account, WriteAccount);
        WriteArray(json, "volumes", Report.Volumes, WriteVolume);
        WriteObject(json, "filters", Report.Filters, static (json, filters) =>
        {
            json.WriteStrings("names", filters.Names);
            json.WriteString("problem", filters.Problem);
        });
        WriteObject(json, "layer", Report.Layer, WriteLayer);
        WriteArray(json, "abilities", Report.Abilities, static (json, ability) =>
        {
            json.WriteString("command", ability.Command);
            json.WriteBoolean("works", ability.Works);
            json.WriteString("detail", ability.Detail);
        });
        json.WriteStrings("log", DoctorReport.LogCommands);
    }

    private static void WriteLibrary(Utf8JsonWriter json, DoctorLibrary library)
    {
        json.WriteString("name", library.Name);
        json.WriteBoolean("loads", library.Loads);
        json.WriteStrings("present", library.Present);
        json.WriteStrings("absent", library.Absent);
    }

    private static void WriteAccount(Utf8JsonWriter json, DoctorAccount account)
    {
        json.WriteBoolean("elevated", account.Elevated);
        json.WriteBoolean("filtered", account.Filtered);
        json.WriteBoolean("administrator", account.Administrator);
        WriteArray(json, "privileges", account.Privileges, static (json, privilege) =>
        {
            json.WriteString("name", privilege.Name);
            json.WriteString("purpose", privilege.Purpose);
            json.WriteBoolean("held", privilege.Held);
            json.WriteBoolean("enabled", privilege.Enabled);
        });
        json.WriteString("problem", account.Problem);
    }

    private static void WriteVolume(Utf8JsonWriter json, DoctorVolume volume)
    {
        json.WriteString("purpose", volume.Purpose);
        json.WriteString("path", volume.Path);
        json.WriteString("root", volume.Root);
        json.WriteString("fileSystem", volume.FileSystem);
        json.WriteNumberOrNull("available", volume.Available);
        json.WriteNumberOrNull("total", volume.Total);
        json.WriteString("problem", volume.Problem);
    }

    private static void WriteLayer(Utf8JsonWriter json, DoctorLayer layer)
    {
        json.WriteString("path", layer.Path);
        if (layer.Exists is { } exists)
        {
            json.WriteBoolean("exists", exists);
        }
        else
        {
            json.WriteNull("exists");
        }

        json.WriteString("kind", layer.Kind);
        WriteArray(json, "artefacts", layer.Artefacts, static (json, artefact) =>
        {
            json.WriteString("name", artefact.Name);
            json.WriteString("state", artefact.State);
            json.WriteString("detail", artefact.Detail);
        });
        json.WriteStrings("problems", layer.Problems);
    }

    private static void WriteArray<T>(Utf8JsonWriter json, string name, IReadOnlyList<T> items, Action<Utf8JsonWriter, T> write)
    {
        json.WriteStartArray(name);
        foreach (T item in items)
        {
            json.WriteStartObject();
            write(json, item);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteObject<T>(Utf8JsonWriter json, string name, T? value, Action<Utf8JsonWriter, T> write)
        where T : class
    {
        if (value is null)
        {
            json.WriteNull(name);
            return;
        }

        json.WriteStartObject(name);
        write(json, value);
        json.WriteEndObject();
    }
}
