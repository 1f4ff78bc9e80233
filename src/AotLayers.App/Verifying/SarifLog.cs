using System.Text.Json;

namespace AotLayers.App;

/// <summary>
/// Findings as SARIF 2.1.0 (OASIS, Static Analysis Results Interchange Format), which services of continuous integration show beside
/// the files. Places are byte offsets into the uncompressed tar, and names of entries as logical locations.
/// </summary>
public static class SarifLog
{
    /// <summary>Writes the members of the log.</summary>
    /// <param name="json">Where to: inside an object.</param>
    /// <param name="version">Version of the tool: <c>0.1.0</c>.</param>
    /// <param name="result">What was verified.</param>
    /// <param name="findings">What was found.</param>
    public static void WriteMembers(Utf8JsonWriter json, string version, VerifyResult result, IReadOnlyList<VerifyFinding> findings)
    {
        ArgumentNullException.ThrowIfNull(json);
        ArgumentNullException.ThrowIfNull(result);
        ArgumentNullException.ThrowIfNull(findings);
        json.WriteString("$schema", "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json");
        json.WriteString("version", "2.1.0");
        json.WriteStartArray("runs");
        json.WriteStartObject();
        WriteTool(json, version);
        WriteInvocation(json, result);
        json.WriteString("columnKind", "utf16CodeUnits");
        json.WriteStartArray("results");
        foreach (VerifyFinding finding in findings)
        {
            WriteResult(json, result, finding);
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteTool(Utf8JsonWriter json, string version)
    {
        json.WriteStartObject("tool");
        json.WriteStartObject("driver");
        json.WriteString("name", "aotlayers");
        json.WriteString("version", version);
        json.WriteString("semanticVersion", version);
        json.WriteStartArray("rules");
        foreach (VerifyRule rule in VerifyRules.All)
        {
            json.WriteStartObject();
            json.WriteString("id", rule.Id);
            json.WriteString("name", rule.Name);
            WriteText(json, "shortDescription", rule.Text);
            WriteText(json, "help", $"{rule.Text} See docs/verify/{rule.Id}.md.");
            json.WriteStartObject("defaultConfiguration");
            json.WriteString("level", VerifyResult.NameOf(rule.Severity));
            json.WriteEndObject();
            json.WriteEndObject();
        }

        json.WriteEndArray();
        json.WriteEndObject();
        json.WriteEndObject();
    }

    /// <summary>The layer was looked at; which rules were switched off, and why.</summary>
    private static void WriteInvocation(Utf8JsonWriter json, VerifyResult result)
    {
        json.WriteStartArray("invocations");
        json.WriteStartObject();
        json.WriteBoolean("executionSuccessful", true);
        if (result.Summary.Disabled.Count > 0)
        {
            json.WriteStartArray("ruleConfigurationOverrides");
            foreach ((VerifyRule rule, string reason) in result.Summary.Disabled)
            {
                json.WriteStartObject();
                json.WriteStartObject("descriptor");
                json.WriteString("id", rule.Id);
                json.WriteEndObject();
                json.WriteStartObject("configuration");
                json.WriteBoolean("enabled", false);
                json.WriteEndObject();
                json.WriteStartObject("properties");
                json.WriteString("reason", reason);
                json.WriteEndObject();
                json.WriteEndObject();
            }

            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
    }

    private static void WriteResult(Utf8JsonWriter json, VerifyResult result, VerifyFinding finding)
    {
        json.WriteStartObject();
        json.WriteString("ruleId", finding.Rule.Id);
        json.WriteNumber("ruleIndex", IndexOf(finding.Rule));
        json.WriteString("level", VerifyResult.NameOf(finding.Rule.Severity));
        WriteText(json, "message", finding.Entry is null ? finding.Message : $"{finding.Entry}: {finding.Message}");
        json.WriteStartArray("locations");
        json.WriteStartObject();
        json.WriteStartObject("physicalLocation");
        json.WriteStartObject("artifactLocation");
        json.WriteString("uri", ToUri(result.Source));
        json.WriteEndObject();
        if (finding.Offset >= 0)
        {
            json.WriteStartObject("region");
            json.WriteNumber("byteOffset", finding.Offset);
            json.WriteNumber("byteLength", 512);
            json.WriteEndObject();
        }

        json.WriteEndObject();
        if (finding.Entry is not null)
        {
            json.WriteStartArray("logicalLocations");
            json.WriteStartObject();
            json.WriteString("fullyQualifiedName", finding.Entry);
            json.WriteString("kind", "member");
            json.WriteEndObject();
            json.WriteEndArray();
        }

        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private static int IndexOf(VerifyRule rule)
    {
        for (int i = 0; i < VerifyRules.All.Count; i++)
        {
            if (VerifyRules.All[i].Id == rule.Id)
            {
                return i;
            }
        }

        return -1;
    }

    /// <summary>A relative reference for a relative path, so that a service finds the file in its checkout; else a file URI.</summary>
    private static string ToUri(string path)
    {
        if (Path.IsPathFullyQualified(path))
        {
            return new Uri(path).AbsoluteUri;
        }

        string[] parts = path.Replace('\\', '/').Split('/');
        return string.Join('/', Array.ConvertAll(parts, Uri.EscapeDataString));
    }

    private static void WriteText(Utf8JsonWriter json, string name, string text)
    {
        json.WriteStartObject(name);
        json.WriteString("text", text);
        json.WriteEndObject();
    }
}
