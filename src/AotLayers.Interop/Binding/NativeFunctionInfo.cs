namespace AotLayers.Interop;

/// <summary>What is known of one function at compile time.</summary>
/// <param name="Name">Its name in recordings, which is that of the method.</param>
/// <param name="Export">Name of the export that it binds to.</param>
/// <param name="Signature">Hash over its canonical signature, 16 lower-case hex digits. A changed declaration changes it.</param>
public sealed record NativeFunctionInfo(string Name, string Export, string Signature)
{
    /// <summary>The export may be absent.</summary>
    public bool IsOptional { get; init; }

    /// <summary>The function can say that it failed: by its return value or by the last error.</summary>
    public bool CanFail { get; init; } = true;
}
