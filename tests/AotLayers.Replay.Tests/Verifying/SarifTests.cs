using System.Text.Json;
using AotLayers.App;
using Xunit;

namespace AotLayers.Replay.Tests.Verifying;

/// <summary>The SARIF form has what the schema of 2.1.0 requires, and nothing that it does not know.</summary>
public sealed class SarifTests
{
    private static readonly JsonElement s_run = Write().GetProperty("runs")[0];

    /// <summary>Properties of the schema's definitions, as far as they are written; those that it requires in capitals.</summary>
    private static readonly Dictionary<string, string> s_schema = new()
    {
        [""] = "$schema VERSION RUNS",
        ["runs"] = "TOOL invocations results columnKind",
        ["tool"] = "DRIVER",
        ["driver"] = "NAME version semanticVersion rules",
        ["rules"] = "ID name shortDescription help defaultConfiguration",
        ["shortDescription"] = "TEXT",
        ["help"] = "TEXT",
        ["defaultConfiguration"] = "level",
        ["invocations"] = "EXECUTIONSUCCESSFUL ruleConfigurationOverrides",
        ["ruleConfigurationOverrides"] = "DESCRIPTOR CONFIGURATION properties",
        ["descriptor"] = "id",
        ["configuration"] = "enabled",
        ["results"] = "ruleId ruleIndex level MESSAGE locations",
        ["message"] = "TEXT",
        ["locations"] = "physicalLocation logicalLocations",
        ["physicalLocation"] = "ARTIFACTLOCATION region",
        ["artifactLocation"] = "uri",
        ["region"] = "byteOffset byteLength",
        ["logicalLocations"] = "fullyQualifiedName kind",
    };

    [Fact]
    public void Every_object_has_the_members_of_the_schema() => Check("", Write());

    [Fact]
    public void Versions_and_schema_are_those_of_the_standard()
    {
        JsonElement log = Write();
        Assert.Equal("2.1.0", log.GetProperty("version").GetString());
        Assert.EndsWith("sarif-schema-2.1.0.json", log.GetProperty("$schema").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public void Results_point_to_their_rules()
    {
        JsonElement rules = s_run.GetProperty("tool").GetProperty("driver").GetProperty("rules");
        Assert.Equal(VerifyRules.All.Count, rules.GetArrayLength());
        JsonElement result = s_run.GetProperty("results")[0];
        JsonElement rule = rules[result.GetProperty("ruleIndex").GetInt32()];
        Assert.Equal(result.GetProperty("ruleId").GetString(), rule.GetProperty("id").GetString());
        Assert.Equal("error", result.GetProperty("level").GetString());
        JsonElement location = result.GetProperty("locations")[0];
        JsonElement artifact = location.GetProperty("physicalLocation").GetProperty("artifactLocation");
        Assert.Equal("out%20of%20order/a%25b.tar", artifact.GetProperty("uri").GetString());
        Assert.Equal(@"Files\x", location.GetProperty("logicalLocations")[0].GetProperty("fullyQualifiedName").GetString());
    }

    private static void Check(string name, JsonElement element)
    {
        if (element.ValueKind == JsonValueKind.Array)
        {
            Assert.All(element.EnumerateArray(), item => Check(name, item));
            return;
        }

        if (element.ValueKind != JsonValueKind.Object || name == "properties")
        {
            return;
        }

        string[] members = s_schema[name].Split(' ');
        string[] written = [.. element.EnumerateObject().Select(member => member.Name)];
        Assert.All(written, member => Assert.Contains(member, members, StringComparer.OrdinalIgnoreCase));
        Assert.All(members.Where(member => char.IsUpper(member[0])), member =>
            Assert.Contains(member, written, StringComparer.OrdinalIgnoreCase));
        foreach (JsonProperty member in element.EnumerateObject())
        {
            Check(member.Name, member.Value);
        }
    }

    private static JsonElement Write()
    {
        var findings = new List<VerifyFinding>();
        byte[] tar = SampleTar.Sound().File("Files/x").File("Files/x").Finish()[..^512];
        VerifySummary summary = LayerVerifier.VerifyTar(new MemoryStream(tar), new VerifyOptions
        {
            OnFinding = findings.Add,
            Disabled = new Dictionary<string, string> { ["AOTV061"] = "not of interest" },
        });
        var result = new VerifyResult("out of order/a%b.tar", summary);
        ReadOnlySpan<byte> json = JsonText.OfObject(writer => SarifLog.WriteMembers(writer, "1.2.3", result, findings));
        return JsonDocument.Parse(json.ToArray()).RootElement.Clone();
    }
}
