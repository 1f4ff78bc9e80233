namespace AotLayers.Interop;

/// <summary>One thing that is wrong with a recording.</summary>
/// <param name="Kind">What it is.</param>
/// <param name="Message">The whole story in one sentence.</param>
/// <param name="Seq">Number of the call it is about; null when it is about none.</param>
/// <param name="Line">Line of that call in the file; null when it is about none.</param>
public sealed record RecordingFinding(RecordingFindingKind Kind, string Message, long? Seq = null, long? Line = null);
