namespace AotLayers.Interop;

/// <summary>What a message of a <see cref="SharedRing"/> is.</summary>
internal static class RemoteMessage
{
    /// <summary>The facts of an API.</summary>
    public const uint Api = 1;

    /// <summary>A call begins: its number in that process, thread, what it is, and the arguments that go in.</summary>
    public const uint Open = 2;

    /// <summary>It came back: number, duration, return value, and the arguments that come out.</summary>
    public const uint Finish = 3;

    /// <summary>It did not happen.</summary>
    public const uint Abandon = 4;

    /// <summary>A call was passed on that cannot be written down.</summary>
    public const uint Unrecorded = 5;

    /// <summary>The library is a simulator.</summary>
    public const uint Simulated = 6;

    /// <summary>A piece of a message that is too large: its key, and bytes.</summary>
    public const uint Part = 7;

    /// <summary>Added to the kind: the message is its pieces, which came before under the key that is all of this one.</summary>
    public const uint OfParts = 0x100;
}
