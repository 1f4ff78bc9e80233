using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Where failed calls and damaged formats become errors of a layer: with the layer, its parents, the entry, the stream and the offset.
/// </summary>
internal static class LayerErrors
{
    private const string ReparseHint =
        "layer tars hold symbolic links and mount points only: delete or replace this file in the layer (Cygwin and MSYS2 make "
            + "LX_SYMLINK links, "
        + "deduplication and cloud folders have tags of their own)";

    /// <summary>Throws when a layer call failed.</summary>
    public static void Check(string call, int hr, LayerErrorContext place)
    {
        if (!HResult.Succeeded(hr))
        {
            throw FromHResult(call, hr, place);
        }
    }

    /// <summary>A layer call failed.</summary>
    public static LayerException FromHResult(string call, int hr, LayerErrorContext place) =>
        LayerException.From(HcsException.FromHResult(call, hr), place);

    /// <summary>The descriptors of a layer's parents.</summary>
    public static LayerDescriptor[] DescribeParents(IVmcompute vmcompute, LayerLocation layer)
    {
        try
        {
            return LayerDescriptors.FromPaths(vmcompute, layer.Parents);
        }
        catch (HcsException e)
        {
            throw LayerException.From(e, layer.ErrorContext);
        }
    }

    /// <summary>
    /// Whether an error is one that <see cref="LayerException.From"/> tells: of a call, a format or the operating system.
    /// </summary>
    public static bool IsPlaceable(Exception error) => error is IOException or UnauthorizedAccessException or LayerFormatException;

    /// <summary>Bytes do not follow their format.</summary>
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

    private static string? StreamOf(LayerFormatException error) =>
        error.StreamId is { } id ? NameOf(id, error.StreamName) : null;

    /// <summary>How errors name a stream: <c>DATA</c>, <c>ALTERNATE_DATA :ads.txt:$DATA</c>.</summary>
    public static string NameOf(BackupStreamId id, string? name) =>
        string.IsNullOrEmpty(name) ? BackupStreamIds.NameOf(id) : $"{BackupStreamIds.NameOf(id)} {name}";
}
