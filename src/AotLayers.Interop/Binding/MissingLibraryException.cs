namespace AotLayers.Interop;

/// <summary>A native library could not be loaded. The text is that of Go's loader (docs/decisions/optional-exports.md).</summary>
public sealed class MissingLibraryException : Exception
{
    /// <summary>Makes the exception for a library that was searched by name.</summary>
    public MissingLibraryException(string library)
        : base($"Failed to load {library}: The specified module could not be found.") => Library = library;

    /// <summary>Makes the exception for a library file and what the loader said about it.</summary>
    public MissingLibraryException(string library, string loaderMessage, Exception inner)
        : base($"Failed to load {library}: {loaderMessage}", inner) => Library = library;

    /// <summary>The library that did not load.</summary>
    public string Library { get; }
}
