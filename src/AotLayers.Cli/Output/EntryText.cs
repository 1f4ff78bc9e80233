using System.Globalization;
using System.Text;
using AotLayers.Formats;

namespace AotLayers.Cli.Output;

/// <summary>All that is known of an entry, for people.</summary>
internal static class EntryText
{
    private const int RawWidth = 32;

    /// <summary>Writes an entry.</summary>
    /// <param name="output">Where to.</param>
    /// <param name="entry">The entry.</param>
    /// <param name="metadata">What its backup stream says; null for a tombstone or hard link.</param>
    /// <param name="raw">Whether the bytes of records are told.</param>
    public static void Write(TextOutput output, LayerEntry entry, LayerEntryMetadata? metadata, bool raw)
    {
        output.WriteLine(entry.Name);
        Fact(output, "type", EntryTraitsOf.Kind(EntryTraitsOf.Find(entry, metadata)));
        if (entry.IsTombstone)
        {
            return;
        }

        LayerFileInfo info = entry.Info;
        Fact(output, "size", Number(entry.Size));
        Fact(output, "attributes", string.Create(
            CultureInfo.InvariantCulture,
            $"0x{info.FileAttributes:x} {string.Join(' ', WindowsFileAttributes.NamesOf(info.FileAttributes))}"));
        Fact(output, "created", FileTime.ToText(info.CreationTime));
        Fact(output, "accessed", FileTime.ToText(info.LastAccessTime));
        Fact(output, "written", FileTime.ToText(info.LastWriteTime));
        Fact(output, "changed", FileTime.ToText(info.ChangeTime));
        if (entry.HardLinkTarget is { } target)
        {
            Fact(output, "same file as", target);
        }

        if (entry.Links is { } links)
        {
            string id = links.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $", file id {links.FileId:x32}") : "";
            Fact(output, "names", Number(links.Count) + id);
        }

        if (metadata is not null)
        {
            WriteSecurity(output, metadata, raw);
            WriteReparse(output, metadata, raw);
            WriteAttributes(output, metadata, raw);
            WriteStreams(output, metadata, raw);
        }
    }

    private static void WriteSecurity(TextOutput output, LayerEntryMetadata metadata, bool raw)
    {
        if (metadata.SecurityDescriptor is not { } bytes)
        {
            Fact(output, "security", "none");
            return;
        }

        try
        {
            var descriptor = SecurityDescriptor.Parse(bytes);
            Fact(output, "security", App.SecurityDescriptorJson.Sddl(bytes) ?? "has no SDDL");
            foreach (string line in SecurityDescriptorReport.Describe(descriptor))
            {
                output.WriteLine("    " + line);
            }
        }
        catch (LayerFormatException e)
        {
            Fact(output, "security", "malformed: " + e.Reason);
        }

        Raw(output, bytes, raw);
    }

    private static void WriteReparse(TextOutput output, LayerEntryMetadata metadata, bool raw)
    {
        if (metadata.ReparseData is not { } bytes)
        {
            return;
        }

        Fact(output, "reparse point", ReparseTag.Describe(metadata.ReparseTag));
        foreach (KeyValuePair<string, string> fact in ReparseBuffer.Parse(bytes).Describe())
        {
            output.WriteLine($"    {fact.Key}: {fact.Value}");
        }

        Raw(output, bytes, raw);
    }

    private static void WriteAttributes(TextOutput output, LayerEntryMetadata metadata, bool raw)
    {
        if (metadata.ExtendedAttributes.Count > 0)
        {
            Fact(output, "extended attributes", Number(metadata.ExtendedAttributes.Count));
        }

        foreach (ExtendedAttribute attribute in metadata.ExtendedAttributes)
        {
            string need = attribute.Flags == 0 ? "" : string.Create(CultureInfo.InvariantCulture, $", flags 0x{attribute.Flags:x}");
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"    {attribute.NameText}: {attribute.Value.Length} bytes{need}{Show(attribute.Value.Span)}"));
        }

        Raw(output, metadata.ExtendedAttributeList, raw);
    }

    private static void WriteStreams(TextOutput output, LayerEntryMetadata metadata, bool raw)
    {
        if (metadata.Data is { } data)
        {
            WriteSparse(output, data);
        }

        if (metadata.AlternateStreams.Count > 0)
        {
            Fact(output, "streams", Number(metadata.AlternateStreams.Count));
        }

        foreach (LayerStreamMetadata stream in metadata.AlternateStreams)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {stream.BareName}: {stream.Size} bytes"));
            WriteSparse(output, stream);
        }

        if (metadata.ObjectId is { } id)
        {
            Fact(output, "object id", Convert.ToHexStringLower(id));
        }

        foreach (LayerStreamMetadata stream in metadata.OtherStreams)
        {
            Fact(output, BackupStreamIds.NameOf(stream.Id), Number(stream.Size) + " bytes");
        }

        foreach (LayerLoss loss in metadata.TarLosses)
        {
            Fact(output, "not in a tar", loss.Describe());
        }

        if (raw && metadata.ObjectId is { } raws)
        {
            Raw(output, raws, raw);
        }
    }

    private static void WriteSparse(TextOutput output, LayerStreamMetadata stream)
    {
        if (!stream.IsSparse)
        {
            return;
        }

        long stored = stream.IsInBlocks ? 0 : stream.PayloadSize;
        foreach (LayerStreamRange range in stream.Ranges)
        {
            stored += range.Length;
        }

        Fact(output, "sparse", string.Create(CultureInfo.InvariantCulture, $"{stored} of {stream.Size} bytes are there"));
        foreach (LayerStreamRange range in stream.Ranges)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"    {range.Offset} to {range.Offset + range.Length}"));
        }
    }

    /// <summary>A value as text where it is plain text.</summary>
    private static string Show(ReadOnlySpan<byte> value) =>
        value.IsEmpty || value.Length > RawWidth || value.ContainsAnyExceptInRange((byte)' ', (byte)'~')
            ? ""
            : $" \"{Encoding.ASCII.GetString(value)}\"";

    private static void Raw(TextOutput output, byte[]? bytes, bool wanted)
    {
        for (int at = 0; wanted && bytes is not null && at < bytes.Length; at += RawWidth)
        {
            int count = Math.Min(RawWidth, bytes.Length - at);
            output.WriteLine(string.Create(
                CultureInfo.InvariantCulture, $"    {at:x4}  {Convert.ToHexStringLower(bytes, at, count)}"));
        }
    }

    private static void Fact(TextOutput output, string name, string value) => output.WriteLine($"  {name}: {value}");

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
