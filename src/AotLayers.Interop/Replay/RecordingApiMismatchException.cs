namespace AotLayers.Interop;

/// <summary>The declarations of an API have changed since the recording was made.</summary>
public sealed class RecordingApiMismatchException : ReplayException
{
    internal RecordingApiMismatchException(string api, string recorded, string current, string source)
        : base($"{source} was recorded with other declarations of {api} (signature hash {recorded}, now {current}): record again.")
    {
        Api = api;
        RecordedHash = recorded;
        CurrentHash = current;
    }

    /// <summary>Name of the API.</summary>
    public string Api { get; }

    /// <summary>Signature hash in the recording.</summary>
    public string RecordedHash { get; }

    /// <summary>Signature hash of this build.</summary>
    public string CurrentHash { get; }
}
