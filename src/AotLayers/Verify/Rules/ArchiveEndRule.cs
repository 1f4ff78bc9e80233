namespace AotLayers;

/// <summary>The archive ends with its end marker, and nothing but zeros follows. (docs/verify/AOTV002.md)</summary>
/// <remarks>Told by the source.</remarks>
internal sealed class ArchiveEndRule() : VerifyRule(
    "AOTV002", "archive-end", VerifySeverity.Error, "The archive ends with its end marker, and nothing but zeros follows.");
