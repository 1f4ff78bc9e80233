using System.Globalization;
using System.Text.Json;
using AotLayers.Formats;

namespace AotLayers.App;

/// <summary>An entry of a layer as members of a JSON object: in short for lists, or all that is known.</summary>
public static class EntryJson
{
    /// <summary>
    /// Writes what lists tell: <c>name</c>, <c>type</c>, <c>size</c>, <c>attributes</c>, four times, <c>linkTarget</c>, <c>reparseTag</c>,
    /// <c>sddl</c>, <c>streams</c>, <c>extendedAttributes</c>, <c>links</c>. Null where the entry has none.
    /// </summary>
    /// <param name="json">Where to: inside an object.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="metadata">What its backup stream says; null for a tombstone or hard link.</param>
    public static void WriteShort(Utf8JsonWriter json, LayerEntry entry, LayerEntryMetadata? metadata)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(entry);
        WriteHead(json, entry, metadata);
        uint tag = metadata?.ReparseTag ?? 0;
        json.WriteString("reparseTag", tag == 0 ? null : ReparseTag.Describe(tag));
        json.WriteString("sddl", metadata?.SecurityDescriptor is { } security ? SecurityDescriptorJson.Sddl(security) : null);
        WriteStreams(json, metadata, withRanges: false);
        json.WriteStartArray("extendedAttributes");
        foreach (ExtendedAttribute attribute in metadata?.ExtendedAttributes ?? [])
        {
            json.WriteStringValue(attribute.NameText);
        }

        json.WriteEndArray();
        json.WriteNumberOrNull("links", entry.Links?.Count);
    }

    /// <summary>Writes all: also names of attributes, security in words, both names of a link, values, sparse maps.</summary>
    /// <param name="json">Where to: inside an object.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="metadata">What its backup stream says; null for a tombstone or hard link.</param>
    /// <param name="raw">Whether the bytes of all records are told, in base64.</param>
    public static void WriteAll(Utf8JsonWriter json, LayerEntry entry, LayerEntryMetadata? metadata, bool raw)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(entry);
        WriteHead(json, entry, metadata);
        json.WriteStrings("attributeNames", WindowsFileAttributes.NamesOf(entry.Info.FileAttributes));
        json.WriteStartObject("fileTimes");
        json.WriteNumber("creation", entry.Info.CreationTime);
        json.WriteNumber("lastAccess", entry.Info.LastAccessTime);
        json.WriteNumber("lastWrite", entry.Info.LastWriteTime);
        json.WriteNumber("change", entry.Info.ChangeTime);
        json.WriteEndObject();
        WriteLinks(json, entry);
        WriteSecurity(json, metadata?.SecurityDescriptor);
        WriteReparse(json, metadata?.ReparseData);
        WriteData(json, metadata?.Data);
        WriteStreams(json, metadata, withRanges: true);
        WriteAttributes(json, metadata);
        json.WriteString("objectId", metadata?.ObjectId is { } id ? Convert.ToHexStringLower(id) : null);
        WriteOthers(json, metadata);
        if (raw)
        {
            json.WriteStartObject("raw");
            WriteBytes(json, "security", metadata?.SecurityDescriptor);
            WriteBytes(json, "extendedAttributes", metadata?.ExtendedAttributeList);
            WriteBytes(json, "reparse", metadata?.ReparseData);
            WriteBytes(json, "objectId", metadata?.ObjectId);
            json.WriteEndObject();
        }
    }

    private static void WriteHead(Utf8JsonWriter json, LayerEntry entry, LayerEntryMetadata? metadata)
    {
        LayerFileInfo info = entry.Info;
        bool present = !entry.IsTombstone;
        json.WriteString("name", entry.Name);
        json.WriteString("type", EntryTraitsOf.Kind(EntryTraitsOf.Find(entry, metadata)));
        json.WriteNumber("size", entry.Size);
        json.WriteString("attributes", present ? string.Create(CultureInfo.InvariantCulture, $"0x{info.FileAttributes:x}") : null);
        json.WriteString("creationTime", present ? FileTime.ToText(info.CreationTime) : null);
        json.WriteString("lastAccessTime", present ? FileTime.ToText(info.LastAccessTime) : null);
        json.WriteString("lastWriteTime", present ? FileTime.ToText(info.LastWriteTime) : null);
        json.WriteString("changeTime", present ? FileTime.ToText(info.ChangeTime) : null);
        json.WriteString("linkTarget", entry.HardLinkTarget ?? metadata?.ReparsePoint?.Target);
    }

    private static void WriteStreams(Utf8JsonWriter json, LayerEntryMetadata? metadata, bool withRanges)
    {
        json.WriteStartArray("streams");
        foreach (LayerStreamMetadata stream in metadata?.AlternateStreams ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", stream.BareName);
            json.WriteNumber("size", stream.Size);
            if (withRanges)
            {
                WriteSparse(json, stream);
            }

            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteLinks(Utf8JsonWriter json, LayerEntry entry)
    {
        if (entry.Links is not { } links)
        {
            json.WriteNull("links");
            return;
        }

        json.WriteStartObject("links");
        json.WriteNumber("count", links.Count);
        json.WriteString("fileId", links.FileId.ToString("x32", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static void WriteSecurity(Utf8JsonWriter json, byte[]? security)
    {
        if (security is null)
        {
            json.WriteNull("security");
            return;
        }

        json.WriteStartObject("security");
        try
        {
            SecurityDescriptor.Parse(security);
        }
        catch (LayerFormatException e)
        {
            // What is malformed is what one wants to look at.
            json.WriteString("malformed", e.Reason);
            json.WriteBase64String("base64", security);
            json.WriteEndObject();
            return;
        }

        SecurityDescriptorJson.WriteMembers(json, security);
        json.WriteEndObject();
    }

    private static void WriteReparse(Utf8JsonWriter json, byte[]? reparse)
    {
        if (reparse is null)
        {
            json.WriteNull("reparse");
            return;
        }

        var buffer = ReparseBuffer.Parse(reparse);
        json.WriteStartObject("reparse");
        json.WriteString("tag", string.Create(CultureInfo.InvariantCulture, $"0x{buffer.Tag:x8}"));
        json.WriteString("tagName", ReparseTag.NameOf(buffer.Tag));
        json.WriteStartObject("facts");
        foreach (KeyValuePair<string, string> fact in buffer.Describe())
        {
            json.WriteString(fact.Key, fact.Value);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private static void WriteData(Utf8JsonWriter json, LayerStreamMetadata? data)
    {
        if (data is null)
        {
            json.WriteNull("data");
            return;
        }

        json.WriteStartObject("data");
        json.WriteNumber("size", data.Size);
        WriteSparse(json, data);
        json.WriteEndObject();
    }

    private static void WriteSparse(Utf8JsonWriter json, LayerStreamMetadata stream)
    {
        json.WriteBoolean("sparse", stream.IsSparse);
        if (!stream.IsInBlocks)
        {
            json.WriteNull("ranges");
            return;
        }

        json.WriteStartArray("ranges");
        foreach (LayerStreamRange range in stream.Ranges)
        {
            json.WriteStartObject();
            json.WriteNumber("offset", range.Offset);
            json.WriteNumber("length", range.Length);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteAttributes(Utf8JsonWriter json, LayerEntryMetadata? metadata)
    {
        json.WriteStartArray("extendedAttributes");
        foreach (ExtendedAttribute attribute in metadata?.ExtendedAttributes ?? [])
        {
            json.WriteStartObject();
            json.WriteString("name", attribute.NameText);
            json.WriteNumber("flags", attribute.Flags);
            json.WriteNumber("size", attribute.Value.Length);
            json.WriteBase64String("base64", attribute.Value.Span);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    private static void WriteOthers(Utf8JsonWriter json, LayerEntryMetadata? metadata)
    {
        json.WriteStartArray("otherStreams");
        foreach (LayerStreamMetadata stream in metadata?.OtherStreams ?? [])
        {
            json.WriteStartObject();
            json.WriteString("kind", BackupStreamIds.NameOf(stream.Id));
            json.WriteNumber("size", stream.Size);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStartArray("tarLosses");
        foreach (LayerLoss loss in metadata?.TarLosses ?? [])
        {
            json.WriteStringValue(loss.Describe());
        }

        json.WriteEndArray();
    }

    private static void WriteBytes(Utf8JsonWriter json, string name, byte[]? bytes)
    {
        if (bytes is null)
        {
            json.WriteNull(name);
        }
        else
        {
            json.WriteBase64String(name, bytes);
        }
    }
}
