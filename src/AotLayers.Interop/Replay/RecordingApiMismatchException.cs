namespace AotLayers.Interop;

/// <summary>The declaration of a function that a recording calls has changed since the recording was made.</summary>
public sealed class RecordingApiMismatchException : ReplayException
{
    internal RecordingApiMismatchException(string api, string function, string? recorded, string? current, string source)
        : base(current is null ? $"{source} calls {api}!{function}, which is no longer declared: record again."
            : recorded is null ? $"{source} calls {api}!{function}, but its header has no signature of it: record again."
            : $"{source} was recorded with another declaration of {api}!{function} (signature {recorded}, now {current}): record again.")
    {
        Api = api;
        Function = function;
        RecordedSignature = recorded;
        CurrentSignature = current;
    }

    /// <summary>Name of the API.</summary>
    public string Api { get; }

    /// <summary>The first function that changed.</summary>
    public string Function { get; }

    /// <summary>Its signature hash in the recording; null when there is none.</summary>
    public string? RecordedSignature { get; }

    /// <summary>Its signature hash in this build; null when it is no longer declared.</summary>
    public string? CurrentSignature { get; }
}
