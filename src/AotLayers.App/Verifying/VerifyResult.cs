using System.Text.Json;

namespace AotLayers.App;

/// <summary>What is told about a verified layer.</summary>
/// <param name="source">The source, as it was named.</param>
/// <param name="summary">What it came to.</param>
public sealed class VerifyResult(string source, VerifySummary summary)
{
    /// <summary>The source, as it was named.</summary>
    public string Source { get; } = source;

    /// <summary>What it came to.</summary>
    public VerifySummary Summary { get; } = summary;

    /// <summary>A severity as users see it.</summary>
    /// <param name="severity">The severity.</param>
    public static string NameOf(VerifySeverity severity) => OptionWords.Severity.NameOf(severity);

    /// <summary>Writes the members of the JSON form.</summary>
    /// <param name="json">Where to: inside an object.</param>
    /// <param name="findings">All findings that were told; null where each was told on its own.</param>
    public void WriteMembers(Utf8JsonWriter json, IReadOnlyList<VerifyFinding>? findings)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("source", Source);
        json.WriteString("kind", Summary.Kind);
        json.WriteNumber("entries", Summary.Entries);
        json.WriteNumber("tombstones", Summary.Tombstones);
        json.WriteNumber("hardLinks", Summary.HardLinks);
        json.WriteNumber("fileBytes", Summary.FileBytes);
        json.WriteNumber("tarBytes", Summary.TarBytes);
        json.WriteNumber("bytes", Summary.Bytes);
        json.WriteString("diffId", Summary.DiffId);
        json.WriteString("digest", Summary.Digest);
        json.WriteNumber("errors", Summary.Errors);
        json.WriteNumber("warnings", Summary.Warnings);
        json.WriteNumber("notes", Summary.Notes);
        json.WriteNumber("notTold", Summary.NotTold);
        if (findings is not null)
        {
            json.WriteStartArray("findings");
            foreach (VerifyFinding finding in findings)
            {
                json.WriteStartObject();
                WriteFinding(json, finding);
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteStartArray("disabled");
        foreach ((VerifyRule rule, string reason) in Summary.Disabled)
        {
            json.WriteStartObject();
            json.WriteString("rule", rule.Id);
            json.WriteString("name", rule.Name);
            json.WriteString("reason", reason);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }

    /// <summary>Writes the members of one finding.</summary>
    /// <param name="json">Where to: inside an object.</param>
    /// <param name="finding">The finding.</param>
    public static void WriteFinding(Utf8JsonWriter json, VerifyFinding finding)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(finding);
        json.WriteString("rule", finding.Rule.Id);
        json.WriteString("name", finding.Rule.Name);
        json.WriteString("severity", NameOf(finding.Rule.Severity));
        json.WriteString("entry", finding.Entry);
        json.WriteNumberOrNull("offset", finding.Offset < 0 ? null : finding.Offset);
        json.WriteString("message", finding.Message);
    }
}
