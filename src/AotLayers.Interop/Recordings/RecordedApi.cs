namespace AotLayers.Interop;

/// <summary>What a recording says about one API.</summary>
/// <param name="Library">The library file of the declarations.</param>
public sealed record RecordedApi(string Library)
{
    /// <summary>True when the library could not be loaded.</summary>
    public bool Missing { get; init; }

    /// <summary>The exports that the library did not have, in declaration order.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>Signature hashes of the functions by name, in declaration order.</summary>
    public IReadOnlyDictionary<string, string> Signatures { get; init; } = new Dictionary<string, string>();

    /// <summary>Where handles begin and end, in declaration order. Where one is only used, the call itself shows it.</summary>
    public IReadOnlyList<NativeHandleInfo> Handles { get; init; } = [];

    /// <summary>Asks an API for its facts.</summary>
    internal static RecordedApi Of(INativeApi api)
    {
        NativeApiInfo info = api.Info;
        List<string> absent = [];
        bool missing = false;
        foreach (string export in info.Exports)
        {
            switch (api.Probe(export))
            {
                case ExportStatus.LibraryMissing:
                    missing = true;
                    break;
                case ExportStatus.ExportMissing:
                    absent.Add(export);
                    break;
                default:
                    break;
            }
        }

        return new RecordedApi(info.Library)
        {
            Missing = missing,
            Absent = missing ? [] : absent,
            Signatures = info.Functions.ToDictionary(static f => f.Name, static f => f.Signature, StringComparer.Ordinal),
            Handles = [.. info.Handles.Where(static h => h.Use != HandleUse.Used || h.ConsumedWhen is not null)],
        };
    }

    /// <summary>
    /// The first of some functions whose signature is another one than that of a build, or null. Functions that are not called may
    /// change.
    /// </summary>
    internal (string Function, string? Recorded, string? Current)? FindChange(IEnumerable<string> functions, Func<string, string?> current)
    {
        foreach (string function in functions)
        {
            string? recorded = Signatures.GetValueOrDefault(function);
            string? now = current(function);
            if (recorded is null || recorded != now)
            {
                return (function, recorded, now);
            }
        }

        return null;
    }
}
