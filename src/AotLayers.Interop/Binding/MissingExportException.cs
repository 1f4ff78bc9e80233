namespace AotLayers.Interop;

/// <summary>
/// A native library has no export of the wanted name. The text is that of Go's loader, which users of such tools search for
/// (docs/decisions/optional-exports.md).
/// </summary>
public sealed class MissingExportException : Exception
{
    /// <summary>Makes the exception for an export of a library.</summary>
    public MissingExportException(string library, string export)
        : base($"Failed to find {export} procedure in {library}: The specified procedure could not be found.")
    {
        Library = library;
        Export = export;
    }

    /// <summary>The library that was searched.</summary>
    public string Library { get; }

    /// <summary>The export that is not there.</summary>
    public string Export { get; }

    /// <summary>Throws what fits the status; returns when the export is there.</summary>
    /// <exception cref="MissingLibraryException">The library could not be loaded.</exception>
    /// <exception cref="MissingExportException">The library does not have the export.</exception>
    public static void ThrowUnlessPresent(ExportStatus status, string library, string export)
    {
        switch (status)
        {
            case ExportStatus.LibraryMissing:
                throw new MissingLibraryException(library);
            case ExportStatus.ExportMissing:
                throw new MissingExportException(library, export);
            default:
                return;
        }
    }
}
