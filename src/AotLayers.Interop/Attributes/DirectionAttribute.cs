namespace AotLayers.Interop;

/// <summary>
/// Says which way the values behind a <c>T*</c>, a <c>Span</c> or an array go. The attributes <c>[In]</c> and <c>[Out]</c> of the
/// framework cannot say it: the SDK's generator refuses them on everything but arrays.
/// </summary>
/// <param name="direction">Which way the values go.</param>
[AttributeUsage(AttributeTargets.Parameter)]
public sealed class DirectionAttribute(Direction direction) : Attribute
{
    /// <summary>Which way the values go.</summary>
    public Direction Direction { get; } = direction;
}
