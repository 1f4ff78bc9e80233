using System.Globalization;
using System.Text.Json;

namespace AotLayers.App;

/// <summary>What came of a verb.</summary>
public sealed class LifecycleOutcome
{
    /// <summary>For people, in one line.</summary>
    public required string Text { get; init; }

    /// <summary>For programs: members beside the layer and the calls; null for none.</summary>
    public Action<Utf8JsonWriter>? WriteMembers { get; init; }

    /// <summary>What was asked, where the verb is a question; null otherwise.</summary>
    public bool? Answer { get; init; }
}

/// <summary>What is told about a verb that was done.</summary>
/// <param name="Layer">The layer's path.</param>
/// <param name="Outcome">What came of it.</param>
/// <param name="Steps">The calls, in their order.</param>
public sealed record LifecycleResult(string Layer, LifecycleOutcome Outcome, IReadOnlyList<LayerStep> Steps)
{
    /// <summary>Writes the members of the JSON form.</summary>
    /// <param name="json">Where to: inside an object.</param>
    public void WriteMembers(Utf8JsonWriter json)
    {
        ArgumentNullException.ThrowIfNull(json);
        json.WriteString("layer", Layer);
        Outcome.WriteMembers?.Invoke(json);
        json.WriteStartArray("calls");
        foreach (LayerStep step in Steps)
        {
            json.WriteStartObject();
            json.WriteString("call", step.Call);
            json.WriteNumber("attempt", step.Attempt);
            json.WriteString("code", string.Create(CultureInfo.InvariantCulture, $"0x{step.Code:x8}"));
            json.WriteString("remark", step.Remark);
            json.WriteEndObject();
        }

        json.WriteEndArray();
    }
}
