using System.Globalization;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// JSON form of a <see cref="FaultPlan"/>:
/// <c>{"fail":[{"fn":"ExportLayerNext","call":3,"code":"0x80070005"}],"shortReads":[{"size":7}],"cut":[{"fn":"ExportLayerRead","after":100}],"absent":["ExportLayerBegin"],"missing":["vmcompute"]}</c>.
/// </summary>
internal sealed record FaultPlanModel(FailModel[]? Fail, ReadModel[]? ShortReads, ReadModel[]? Cut, string[]? Absent, string[]? Missing)
{
    /// <summary>Reads a plan.</summary>
    /// <exception cref="FormatException">The text is not a fault plan.</exception>
    public static FaultPlan Parse(string json)
    {
        FaultPlanModel model;
        try
        {
            model = JsonSerializer.Deserialize(json, RecordingJsonContext.Default.FaultPlanModel) ?? throw new FormatException("A fault plan is a JSON object, not null.");
        }
        catch (JsonException e)
        {
            throw new FormatException($"Not a fault plan: {e.Message}", e);
        }

        FaultPlan plan = new();
        try
        {
            foreach (FailModel fail in model.Fail ?? [])
            {
                long code = ParseCode(fail.Code);
                _ = fail.Fn is null ? plan.FailCall(fail.Call, code) : plan.Fail(fail.Fn, fail.Call, code);
            }

            foreach (ReadModel read in model.ShortReads ?? [])
            {
                plan.ShortReads(read.Size ?? throw new FormatException("A shortReads entry needs size."), read.Fn);
            }

            foreach (ReadModel read in model.Cut ?? [])
            {
                plan.CutStream(read.After ?? throw new FormatException("A cut entry needs after."), read.Fn);
            }

            foreach (string export in model.Absent ?? [])
            {
                plan.Absent(export);
            }

            foreach (string api in model.Missing ?? [])
            {
                plan.LibraryMissing(api);
            }
        }
        catch (ArgumentException e)
        {
            throw new FormatException($"Not a fault plan: {e.Message}", e);
        }

        return plan;
    }

    private static long ParseCode(string? code)
    {
        if (code is not null && code.StartsWith("0x", StringComparison.OrdinalIgnoreCase)
            && uint.TryParse(code.AsSpan(2), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out uint hex))
        {
            return hex;
        }

        return long.TryParse(code, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long value)
            ? value
            : throw new FormatException($"A fail entry needs code, as 0x80070005 or in decimal; it is {code ?? "absent"}.");
    }
}

/// <summary>One call to fail; without <c>fn</c> the call is counted among all calls.</summary>
internal sealed record FailModel(string? Fn, int Call, string? Code);

/// <summary>A limit on stream reads; without <c>fn</c> it is for all of them.</summary>
internal sealed record ReadModel(string? Fn, int? Size, long? After);
