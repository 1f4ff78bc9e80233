namespace AotLayers.Interop;

/// <summary>What a recording says about one API.</summary>
/// <param name="Library">The library file of the declarations.</param>
/// <param name="Hash">Signature hash of the declarations.</param>
public sealed record RecordedApi(string Library, string Hash)
{
    /// <summary>True when the library could not be loaded.</summary>
    public bool Missing { get; init; }

    /// <summary>The exports that the library did not have, in declaration order.</summary>
    public IReadOnlyList<string> Absent { get; init; } = [];

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

        return new RecordedApi(info.Library, info.SignatureHash) { Missing = missing, Absent = missing ? [] : absent };
    }
}
