namespace AotLayers.Interop;

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
