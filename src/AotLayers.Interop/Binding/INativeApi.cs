namespace AotLayers.Interop;

/// <summary>What every generated interface has: what the API is, and which of its exports are there.</summary>
public interface INativeApi
{
    /// <summary>Name, library, functions and handles of the API.</summary>
    NativeApiInfo Info { get; }

    /// <summary>Tells whether an export can be called, without calling it.</summary>
    /// <param name="export">Name of an export of <see cref="NativeApiInfo.Exports"/>.</param>
    ExportStatus Probe(string export);
}
