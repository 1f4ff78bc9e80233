namespace AotLayers.Simulator;

/// <summary>What a simulated machine lacks or does differently. The default is a machine with every export of <c>vmcompute.dll</c>.</summary>
public sealed class SimulatorOptions
{
    /// <summary>
    /// Exports that the machine does not have, by name (<c>ExportLayerBegin</c>). <c>Probe</c> reports them missing and calling one throws
    /// <see cref="AotLayers.Interop.MissingExportException"/>, as with a real library.
    /// </summary>
    public IReadOnlyCollection<string> AbsentExports { get; init; } = [];

    /// <summary>The machine has no <c>vmcompute.dll</c> at all.</summary>
    public bool VmcomputeMissing { get; init; }

    /// <summary>Folder that the machine shows its layers in. Layers are found by base name wherever a path claims they are.</summary>
    public string Home { get; init; } = @"C:\layers";

    /// <summary>The user's temporary folder, without a trailing backslash.</summary>
    public string TempFolder { get; init; } = @"C:\Windows\SystemTemp";

    /// <summary>Most bytes that one read call returns; 0 means as many as the caller has room for. A small value exercises short reads.</summary>
    public int MaxReadBytes { get; init; }
}
