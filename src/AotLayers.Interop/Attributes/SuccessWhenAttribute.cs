namespace AotLayers.Interop;

/// <summary>Overrides the API's <see cref="NativeApiAttribute.Success"/> for one method.</summary>
/// <param name="rule">The rule of this method.</param>
[AttributeUsage(AttributeTargets.Method)]
public sealed class SuccessWhenAttribute(SuccessRule rule) : Attribute
{
    /// <summary>The rule of this method.</summary>
    public SuccessRule Rule { get; } = rule;
}
