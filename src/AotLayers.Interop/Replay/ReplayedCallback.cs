using System.ComponentModel;

namespace AotLayers.Interop;

/// <summary>
/// Base of the generated objects by which a replay makes recorded callbacks again: a function of the program and the context that it was
/// passed with.
/// </summary>
[EditorBrowsable(EditorBrowsableState.Never)]
public abstract class ReplayedCallback
{
    /// <summary>
    /// Reads what the library passed from <see cref="ReplayCall.CallbackIn"/>, calls the program, and hands its answer to
    /// <see cref="ReplayCall.Answer"/>.
    /// </summary>
    protected abstract void Make(ReplayCall call);

    internal void Run(ReplayCall call) => Make(call);
}
