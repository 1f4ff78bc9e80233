using System.Globalization;
using System.Text.Json;

namespace AotLayers.Cli.Output;

/// <summary>What <c>export</c> tells about a finished export: the JSON form; the text form holds a part of it.</summary>
internal sealed record ExportResult
{
    /// <summary>The layer, as it was named.</summary>
    public required string Layer { get; init; }

    /// <summary>The file, or <c>-</c>.</summary>
    public required string Output { get; init; }

    /// <summary>Files, directories and links.</summary>
    public required long Entries { get; init; }

    /// <summary>Tombstones.</summary>
    public required long Tombstones { get; init; }

    /// <summary>Entries that are hard links.</summary>
    public required long HardLinks { get; init; }

    /// <summary>Bytes of the output.</summary>
    public required long Bytes { get; init; }

    /// <summary>Bytes of the tar before compression.</summary>
    public required long TarBytes { get; init; }

    /// <summary>Sizes of all files together.</summary>
    public required long FileBytes { get; init; }

    /// <summary>Digest of the tar before compression.</summary>
    public required string? DiffId { get; init; }

    /// <summary>Digest of the output.</summary>
    public required string? Digest { get; init; }

    /// <summary>Compression of the output.</summary>
    public required string Compression { get; init; }

    /// <summary>Which reader was used.</summary>
    public required string Reader { get; init; }

    /// <summary>What the tar does not carry.</summary>
    public required IReadOnlyList<LayerLossRecord> Losses { get; init; }

    /// <summary>What went wrong without touching the result.</summary>
    public required IReadOnlyList<string> Warnings { get; init; }

    /// <summary>Prints the result: to standard output, or to standard error when the tar itself goes to standard output.</summary>
    public static void Print(ExportSummary summary, LayerReaderOptions layer, string output, bool json)
    {
        var result = new ExportResult
        {
            Layer = layer.Layer,
            Output = output,
            Entries = summary.Entries,
            Tombstones = summary.Tombstones,
            HardLinks = summary.HardLinks,
            Bytes = summary.Bytes,
            TarBytes = summary.TarBytes,
            FileBytes = summary.FileBytes,
            DiffId = summary.DiffId,
            Digest = summary.Digest,
            Compression = summary.Compression.ToString().ToLowerInvariant(),
            Reader = summary.Reader,
            Losses = summary.Losses,
            Warnings = summary.Warnings,
        };
        if (json)
        {
            using Stream stream = output == "-" ? Console.OpenStandardError() : Console.OpenStandardOutput();
            JsonOutput.Write(stream, result.WriteMembers);
            return;
        }

        result.Print(output == "-" ? Console.Error : Console.Out);
    }

    private void WriteMembers(Utf8JsonWriter json)
    {
        json.WriteString("layer", Layer);
        json.WriteString("output", Output);
        json.WriteNumber("entries", Entries);
        json.WriteNumber("tombstones", Tombstones);
        json.WriteNumber("hardLinks", HardLinks);
        json.WriteNumber("bytes", Bytes);
        json.WriteNumber("tarBytes", TarBytes);
        json.WriteNumber("fileBytes", FileBytes);
        json.WriteString("diffId", DiffId);
        json.WriteString("digest", Digest);
        json.WriteString("compression", Compression);
        json.WriteString("reader", Reader);
        json.WriteStartArray("losses");
        foreach (LayerLossRecord loss in Losses)
        {
            json.WriteStartObject();
            json.WriteString("entry", loss.Entry);
            json.WriteString("reason", loss.Reason);
            json.WriteString("description", loss.Description);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteStrings("warnings", Warnings);
    }

    private void Print(TextWriter writer)
    {
        writer.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{(Output == "-" ? "standard output" : Output)}: {Entries} entries, {Tombstones} tombstones, {Bytes} bytes ({Reader} reader)"));
        if (DiffId is not null)
        {
            writer.WriteLine("diffId " + DiffId);
            writer.WriteLine("digest " + Digest);
        }

        foreach (LayerLossRecord loss in Losses)
        {
            writer.WriteLine("loss: " + loss.Description);
        }

        foreach (string warning in Warnings)
        {
            Console.Error.WriteLine("warning: " + warning);
        }
    }
}
