namespace AotLayers.Interop;

/// <summary>A replayed program used a handle after its end, or ended it twice.</summary>
public sealed class ReplayHandleException : ReplayException
{
    internal ReplayHandleException(string handle, string message)
        : base(message) => Handle = handle;

    /// <summary>Symbol of the handle.</summary>
    public string Handle { get; }
}
