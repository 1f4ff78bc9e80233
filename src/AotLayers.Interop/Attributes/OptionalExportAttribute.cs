namespace AotLayers.Interop;

/// <summary>
/// The export may be absent from the library. The generated binding probes for it instead of catching an exception,
/// and recordings say whether it was there.
/// </summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class OptionalExportAttribute : Attribute;
