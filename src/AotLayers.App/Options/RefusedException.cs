namespace AotLayers.App;

/// <summary>A front end refuses what it was asked: nothing was tried, or nothing was changed by it.</summary>
public class RefusedException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="code">HRESULT that says why, for callers that take codes.</param>
    /// <param name="message">What is wrong, in one line.</param>
    public RefusedException(int code, string message)
        : base(message) => HResult = code;
}

/// <summary>What the user asked for makes no sense.</summary>
/// <param name="message">What is wrong, in one line, with options as the user spells them.</param>
public sealed class UsageException(string message) : RefusedException(unchecked((int)ErrorCodes.InvalidParameter), message);
