using System.Globalization;
using System.Text.Json;
using AotLayers.Formats;

namespace AotLayers.App;

/// <summary>What is told about differences between layers.</summary>
public static class DiffResult
{
    /// <summary>Writes the members of the JSON form of a difference.</summary>
    /// <param name="json">Where to: inside an object.</param>
    /// <param name="difference">The difference.</param>
    public static void WriteMembers(Utf8JsonWriter json, LayerDifference difference)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(difference);
        json.WriteString("name", difference.Name);
        json.WriteString("change", Word(difference.Change));
        json.WriteStrings("what", Words(difference.Aspects));
        Write(json, "before", difference.Before);
        Write(json, "after", difference.After);
    }

    /// <summary>How many differences there are of each kind.</summary>
    /// <param name="differences">The differences.</param>
    /// <param name="change">The kind.</param>
    public static int Count(IReadOnlyList<LayerDifference> differences, EntryChange change)
    {
        ArgumentNullException.ThrowIfNull(differences);
        int count = 0;
        foreach (LayerDifference difference in differences)
        {
            count += difference.Change == change ? 1 : 0;
        }

        return count;
    }

    /// <summary>The difference in one line: <c>~ Files\a.txt: size 5 -> 6, content</c>.</summary>
    /// <param name="difference">The difference.</param>
    public static string Describe(LayerDifference difference)
    {
        ArgumentNullException.ThrowIfNull(difference);
        if (difference.Change != EntryChange.Changed)
        {
            EntryPrint entry = (difference.After ?? difference.Before)!;
            string kind = entry.Kind == "file" ? "" : $" ({entry.Kind})";
            return (difference.Change == EntryChange.Added ? "+ " : "- ") + entry.Name + kind;
        }

        var parts = new List<string>();
        foreach (string word in Words(difference.Aspects))
        {
            OptionWords.Aspect.TryRead(word, out EntryAspects aspect);
            parts.Add(word + Detail(aspect, difference.Before!, difference.After!));
        }

        return $"~ {difference.Name}: {string.Join(", ", parts)}";
    }

    private static string Detail(EntryAspects aspect, EntryPrint before, EntryPrint after) => aspect switch
    {
        EntryAspects.Kind => $" {before.Kind} -> {after.Kind}",
        EntryAspects.Case => $" {before.Name} -> {after.Name}",
        EntryAspects.Size => string.Create(CultureInfo.InvariantCulture, $" {before.Size} -> {after.Size}"),
        EntryAspects.Attributes => string.Create(
            CultureInfo.InvariantCulture, $" 0x{before.Info.FileAttributes:x} -> 0x{after.Info.FileAttributes:x}"),
        EntryAspects.Security => $" {Sddl(before)} -> {Sddl(after)}",
        EntryAspects.Links => $" {before.LinkTarget} -> {after.LinkTarget}",
        EntryAspects.Reparse when before.LinkTarget != after.LinkTarget => $" {before.LinkTarget} -> {after.LinkTarget}",
        EntryAspects.Times when before.Info.LastWriteTime != after.Info.LastWriteTime =>
            $" written {FileTime.ToText(before.Info.LastWriteTime)} -> {FileTime.ToText(after.Info.LastWriteTime)}",
        _ => "",
    };

    private static string Sddl(EntryPrint entry) =>
        entry.Security is null ? "none" : SecurityDescriptorJson.Sddl(entry.Security) ?? "without SDDL";

    private static List<string> Words(EntryAspects aspects)
    {
        var words = new List<string>();
        foreach (string word in OptionWords.Aspect.Words)
        {
            if (OptionWords.Aspect.TryRead(word, out EntryAspects aspect) && (aspects & aspect) != 0)
            {
                words.Add(word);
            }
        }

        return words;
    }

    private static string Word(EntryChange change) => change switch
    {
        EntryChange.Added => "added",
        EntryChange.Removed => "removed",
        _ => "changed",
    };

    private static void Write(Utf8JsonWriter json, string name, EntryPrint? entry)
    {
        if (entry is null)
        {
            json.WriteNull(name);
            return;
        }

        LayerFileInfo info = entry.Info;
        json.WriteStartObject(name);
        json.WriteString("name", entry.Name);
        json.WriteString("type", entry.Kind);
        json.WriteNumber("size", entry.Size);
        json.WriteString("attributes", string.Create(CultureInfo.InvariantCulture, $"0x{info.FileAttributes:x}"));
        json.WriteString("creationTime", FileTime.ToText(info.CreationTime));
        json.WriteString("lastAccessTime", FileTime.ToText(info.LastAccessTime));
        json.WriteString("lastWriteTime", FileTime.ToText(info.LastWriteTime));
        json.WriteString("changeTime", FileTime.ToText(info.ChangeTime));
        json.WriteString("linkTarget", entry.LinkTarget);
        json.WriteString("sddl", entry.Security is null ? null : SecurityDescriptorJson.Sddl(entry.Security));
        json.WriteStrings("streams", entry.StreamNames);
        json.WriteEndObject();
    }
}
