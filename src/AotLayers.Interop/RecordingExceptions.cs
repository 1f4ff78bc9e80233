namespace AotLayers.Interop;

/// <summary>A recording is malformed, too big, or of a version that this tool does not know.</summary>
public sealed class RecordingFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="source">File name, or what else names the recording.</param>
    /// <param name="line">Line of the file, from 1; 0 when no line is to blame.</param>
    /// <param name="reason">What is wrong.</param>
    /// <param name="inner">The parser's exception.</param>
    public RecordingFormatException(string source, long line, string reason, Exception? inner = null)
        : base(line > 0 ? $"{source}, line {line}: {reason}" : $"{source}: {reason}", inner)
    {
        Line = line;
        Reason = reason;
    }

    /// <summary>Line of the file, from 1; 0 when no line is to blame.</summary>
    public long Line { get; }

    /// <summary>What is wrong.</summary>
    public string Reason { get; }
}

/// <summary>A replay cannot go on, or did not end as it was recorded.</summary>
public class ReplayException : Exception
{
    /// <summary>Makes the exception.</summary>
    public ReplayException(string message, Exception? inner = null)
        : base(message, inner)
    {
    }
}

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

/// <summary>How a replayed program left the recording.</summary>
public enum ReplayMismatchKind
{
    /// <summary>The function was recorded, but all its recorded calls (or bytes) were already served.</summary>
    Exhausted,

    /// <summary>The recording has no call of this function at all.</summary>
    Unexpected,

    /// <summary>The call is in the recording, but other calls come before it.</summary>
    OutOfOrder,

    /// <summary>The expected function was called with other arguments.</summary>
    ArgumentMismatch,
}

/// <summary>A replayed program made a call that the recording does not have at this place.</summary>
public sealed class ReplayMismatchException : ReplayException
{
    internal ReplayMismatchException(ReplayMismatch mismatch)
        : base(mismatch.ToString()) => Mismatch = mismatch;

    /// <summary>All facts of the mismatch.</summary>
    public ReplayMismatch Mismatch { get; }

    /// <summary>How the program left the recording.</summary>
    public ReplayMismatchKind Kind => Mismatch.Kind;
}

/// <summary>A replayed program used a handle after its end, or ended it twice.</summary>
public sealed class ReplayHandleException : ReplayException
{
    internal ReplayHandleException(string handle, string message)
        : base(message) => Handle = handle;

    /// <summary>Symbol of the handle.</summary>
    public string Handle { get; }
}
