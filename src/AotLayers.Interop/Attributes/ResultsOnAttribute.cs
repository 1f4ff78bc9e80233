namespace AotLayers.Interop;

/// <summary>
/// Return values that say that the call failed while its out-values count all the same: the size that ERROR_MORE_DATA asks for,
/// the entry that comes with a warning, the handle of a failing <c>open</c> that has to be closed.
/// </summary>
/// <param name="codes">The return values.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class ResultsOnAttribute(params long[] codes) : Attribute
{
    /// <summary>The return values.</summary>
    public IReadOnlyList<long> Codes { get; } = codes;
}
