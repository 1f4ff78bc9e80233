namespace AotLayers.Interop;

/// <summary>What a call does with a handle.</summary>
public enum HandleUse
{
    /// <summary>The call uses a live handle.</summary>
    Used,

    /// <summary>The call makes the handle, when it succeeds.</summary>
    Produced,

    /// <summary>The call ends the handle's life, whether it succeeds or not.</summary>
    Consumed,

    /// <summary>An in-out parameter: zero goes in and a new handle comes out, or a live handle goes in and stays (see <see cref="HandleAttribute.ConsumedWhen"/>).</summary>
    InOut,
}
