namespace AotLayers.Interop;

/// <summary>A replay cannot go on, or did not end as it was recorded.</summary>
public class ReplayException : Exception
{
    /// <summary>The HRESULT that stands for it where a code is all that can be told (FACILITY_ITF, the toolkit's own).</summary>
    public const int Code = unchecked((int)0x80040201);

    /// <summary>Makes the exception.</summary>
    public ReplayException(string message, Exception? inner = null)
        : base(message, inner) => HResult = Code;
}
