namespace AotLayers.Interop.Generators;

/// <summary>Names of the pipeline steps, for tests that look at what was cached.</summary>
public static class TrackingNames
{
    /// <summary>The attribute search with gathering: symbols in, models or nothing out.</summary>
    public const string Gather = "NativeApi.Gather";

    /// <summary>The models that are written.</summary>
    public const string Api = "NativeApi.Api";

    /// <summary>The attribute search with gathering for exported entry points.</summary>
    public const string GatherExports = "NativeExports.Gather";

    /// <summary>The models of exported entry points that are written.</summary>
    public const string Exports = "NativeExports.Exports";

    /// <summary>Whether the build runs no analyzers.</summary>
    public const string Unreported = "Build.Unreported";
}
