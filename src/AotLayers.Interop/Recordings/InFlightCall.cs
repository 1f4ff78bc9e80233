namespace AotLayers.Interop;

/// <summary>
/// A call that was open when the recording ended: the recorded program crashed or was killed in it, or another thread was.
/// </summary>
/// <param name="Seq">Number of the call.</param>
/// <param name="Thread">Ordinal of the calling thread.</param>
/// <param name="Api">Name of the API.</param>
/// <param name="Function">Name of the function.</param>
public sealed record InFlightCall(long Seq, int Thread, string Api, string Function);
