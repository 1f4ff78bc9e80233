using System.Text;

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
            return Read(BoundedJson.Parse(Encoding.UTF8.GetBytes(json), "the plan").Root);
        }
        catch (Exception e) when (e is BoundedJsonException or ArgumentException)
        {
            throw new FormatException($"Not a fault plan: {e.Message}", e);
        }
    }

    private static FaultPlan Read(BoundedJsonValue json)
    {
        FaultPlan plan = new();
        foreach (BoundedJsonValue fail in Items(json.RequireObject(), "fail"))
        {
            // Without "fn" the call is counted among all calls.
            long code = ParseCode(fail.Member("code")?.Text());
            _ = Function(fail) is { } function ? plan.Fail(function, Call(fail), code) : plan.FailCall(Call(fail), code);
        }

        foreach (BoundedJsonValue read in Items(json, "shortReads"))
        {
            plan.ShortReads((int)read.Required("size").Int64(int.MinValue, int.MaxValue), Function(read), Call(read));
        }

        foreach (BoundedJsonValue read in Items(json, "cut"))
        {
            plan.CutStream(read.Required("after").Int64(), Function(read));
        }

        foreach (BoundedJsonValue export in Items(json, "absent"))
        {
            plan.Absent(export.Text());
        }

        foreach (BoundedJsonValue api in Items(json, "missing"))
        {
            plan.LibraryMissing(api.Text());
        }

        return plan;
    }

    private static IEnumerable<BoundedJsonValue> Items(BoundedJsonValue json, string name) => json.Member(name)?.Items() ?? [];

    private static string? Function(BoundedJsonValue entry) => entry.Member("fn")?.Text();

    private static int Call(BoundedJsonValue entry) => (int)(entry.Member("call")?.Int64(int.MinValue, int.MaxValue) ?? 0);

    private static long ParseCode(string? code)
    {
        return FaultSpec.TryReadCode(code, out long value)
            ? value
            : throw new FormatException($"A fail entry needs code, as 0x80070005 or in decimal; it is {code ?? "absent"}.");
    }
}
