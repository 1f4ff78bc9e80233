namespace AotLayers.Formats;

/// <summary>Header of one record of a Win32 backup stream (docs/formats/backup-stream.md#records).</summary>
/// <param name="Id">Kind of the record.</param>
/// <param name="Size">Payload in bytes, without the 8 bytes that hold <paramref name="SparseOffset"/>.</param>
/// <param name="Attributes">Flags of the stream.</param>
/// <param name="Name">Name of the stream, empty except for <see cref="BackupStreamId.AlternateData"/>.</param>
/// <param name="SparseOffset">Offset in the file in bytes; only for <see cref="BackupStreamId.SparseBlock"/>.</param>
public readonly record struct BackupStreamHeader(
    BackupStreamId Id,
    long Size,
    BackupStreamAttributes Attributes = BackupStreamAttributes.None,
    string Name = "",
    long SparseOffset = 0)
{
    /// <summary>Bytes of a header on the wire, before the name. (sizeof(WIN32_STREAM_ID) in C is 24.)</summary>
    public const int EncodedSize = 20;

    /// <summary>Longest name in bytes that is accepted.</summary>
    public const int MaxNameBytes = 64 * 1024;

    /// <summary>Whether the sparse attribute is set.</summary>
    public bool IsSparse => (Attributes & BackupStreamAttributes.Sparse) != 0;
}
