using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>Tells errors of formats as errors of a layer: with the layer, its parents and the entry.</summary>
internal static class LayerErrors
{
    public static LayerException FromFormat(LayerFormatException error, LayerErrorContext context) => new(
        error.Reason,
        context with
        {
            Entry = error.Entry ?? context.Entry,
            Stream = StreamOf(error) ?? context.Stream,
            Offset = error.Offset >= 0 ? error.Offset : context.Offset,
        },
        error,
        error.StreamId == BackupStreamId.ReparseData ? ReparseHint : null);

    private const string ReparseHint =
        "layer tars hold symbolic links and mount points only: delete or replace this file in the layer (Cygwin and MSYS2 make LX_SYMLINK links, "
        + "deduplication and cloud folders have tags of their own)";

    private static string? StreamOf(LayerFormatException error) => error.StreamId is not { } id
        ? null
        : string.IsNullOrEmpty(error.StreamName) ? BackupStreamIds.NameOf(id) : $"{BackupStreamIds.NameOf(id)} {error.StreamName}";
}
