namespace AotLayers.Interop;

/// <summary>Whether an export can be called.</summary>
public enum ExportStatus
{
    /// <summary>The library loads and has the export.</summary>
    Present,

    /// <summary>The library could not be loaded.</summary>
    LibraryMissing,

    /// <summary>The library loads but does not have the export.</summary>
    ExportMissing,
}
