using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// JSON form of a <see cref="FaultPlan"/>:
/// <code>
/// {"fail":[{"fn":"ExportLayerNext","call":3,"code":"0x80070005"}],"shortReads":[{"size":7}],
/// "cut":[{"fn":"ExportLayerRead","after":100}],"absent":["ExportLayerBegin"],"missing":["vmcompute"]}
/// </code>
/// </summary>
internal static class FaultPlanModel
{
    /// <summary>Reads a plan.</summary>
    /// <exception cref="FormatException">The text is not a fault plan.</exception>
    public static FaultPlan Parse(string json)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new FormatException($"Not a fault plan: {e.Message}", e);
        }
    }

    private static FaultPlan Read(JsonElement json)
    {
        FaultPlan plan = new();
        foreach (JsonElement fail in json.Items("fail"))
        {
            // Without "fn" the call is counted among all calls.
            long code = ParseCode(fail.TextOrNull("code"));
            int call = Int32OrNull(fail, "call") ?? 0;
            _ = fail.TextOrNull("fn") is { } function ? plan.Fail(function, call, code) : plan.FailCall(call, code);
        }

        foreach (JsonElement read in json.Items("shortReads"))
        {
            plan.ShortReads(
                Int32OrNull(read, "size") ?? throw new FormatException("A shortReads entry needs size."),
                read.TextOrNull("fn"),
                Int32OrNull(read, "call") ?? 0);
        }

        foreach (JsonElement read in json.Items("cut"))
        {
            plan.CutStream(read.NumberOrNull("after") ?? throw new FormatException("A cut entry needs after."), read.TextOrNull("fn"));
        }

        foreach (string export in json.TextsOrNull("absent") ?? [])
        {
            plan.Absent(export);
        }

        foreach (string api in json.TextsOrNull("missing") ?? [])
        {
            plan.LibraryMissing(api);
        }

        return plan;
    }

    private static int? Int32OrNull(JsonElement json, string name) => json.NumberOrNull(name) switch
    {
        null => null,
        long value when value is >= int.MinValue and <= int.MaxValue => (int)value,
        _ => throw new JsonException($"{name} is not a whole number of 32 bits"),
    };

    private static long ParseCode(string? code)
    {
        return FaultSpec.TryReadCode(code, out long value)
            ? value
            : throw new FormatException($"A fail entry needs code, as 0x80070005 or in decimal; it is {code ?? "absent"}.");
    }
}
