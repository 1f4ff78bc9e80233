namespace AotLayers.Interop;

/// <summary>
/// As <see cref="ResultsOnAttribute"/>, for functions that tell their error by the last error (ERROR_INSUFFICIENT_BUFFER of a BOOL
/// function).
/// </summary>
/// <param name="codes">The last errors.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResultsOnLastErrorAttribute(params long[] codes) : Attribute
{
    /// <summary>The last errors.</summary>
    public IReadOnlyList<long> Codes { get; } = codes;
}
