namespace AotLayers;

/// <summary>The archive is a tar, whole and undamaged. (docs/verify/AOTV001.md)</summary>
/// <remarks>Told by the source: it cannot be read any further.</remarks>
internal sealed class ArchiveRule() : VerifyRule(
    "AOTV001", "archive", VerifySeverity.Error, "The archive is a tar, whole and undamaged.");
