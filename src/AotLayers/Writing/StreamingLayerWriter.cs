using System.Buffers;
using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// Writes a layer with the streaming calls of vmcompute (docs/windows/vmcompute.md#streaming-import). Their end is their commit, and
/// there is no call that gives up: a writer that is given up ends the import, since its context would stay open, and destroys the layer
/// if one came of it.
/// </summary>
public sealed class StreamingLayerWriter : LayerWriter
{
    private const int BufferSize = 128 * 1024;

    private readonly IVmcompute _vmcompute;
    private readonly LayerLocation _layer;
    private byte[]? _buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
    private nint _context;

    private StreamingLayerWriter(IVmcompute vmcompute, LayerLocation layer, nint context, CancellationToken cancellationToken)
        : base(layer.ErrorContext, cancellationToken)
    {
        _vmcompute = vmcompute;
        _layer = layer;
        _context = context;
    }

    /// <inheritdoc/>
    public override string Kind => "stream";

    /// <summary>Starts a streaming import.</summary>
    /// <param name="vmcompute">The calls. They must have the streaming exports.</param>
    /// <param name="layer">The layer to make, which must not be there, and its parents.</param>
    /// <param name="cancellationToken">Stops between entries and between pieces of data.</param>
    /// <exception cref="LayerException">The layer is there already, or a call failed.</exception>
    public static StreamingLayerWriter Begin(IVmcompute vmcompute, LayerLocation layer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vmcompute);
        ArgumentNullException.ThrowIfNull(layer);
        LayerErrorContext place = layer.ErrorContext;
        DriverInfo driver = layer.Driver;

        // Giving up destroys the layer: it must not be one that was there before.
        LayerErrors.Check("LayerExists", vmcompute.LayerExists(in driver, layer.Id, out uint exists), place);
        if (exists != 0)
        {
            throw new LayerException("the layer is there already", place, hint: "remove it first, or give the new one another name");
        }

        LayerDescriptor[] parents = LayerErrors.DescribeParents(vmcompute, layer);
        int hr = vmcompute.ImportLayerBegin(in driver, layer.Id, parents, (uint)parents.Length, out nint context);
        LayerErrors.Check("ImportLayerBegin", hr, place);
        return new StreamingLayerWriter(vmcompute, layer, context, cancellationToken);
    }

    private protected override unsafe void WriteEntryCore(string name, in LayerFileInfo info, Stream backupStream)
    {
        var basic = info.ToFileBasicInfo();
        Check("ImportLayerNext", _vmcompute.ImportLayerNext(_context, @"\" + name, &basic), name, null);
        byte[] buffer = _buffer!;
        long offset = 0;
        int read;
        while ((read = ReadPiece(backupStream, buffer)) > 0)
        {
            Check("ImportLayerWrite", _vmcompute.ImportLayerWrite(_context, buffer.AsSpan(0, read), (uint)read), name, offset);
            offset += read;
        }
    }

    private protected override void WriteHardLinkCore(string name, string target) => throw new LayerException(
        $"the streaming calls cannot make a hard link (to '{target}')",
        Place with { Entry = name },
        hint: "another writer can: choose folder for a layer with parents, base for one without");

    private protected override unsafe void WriteTombstoneCore(string name)
    {
        if (_layer.Parents.Count == 0)
        {
            throw new LayerException(
                "a layer without parents has nothing to hide: a tombstone",
                Place with { Entry = name },
                hint: "name its parents, nearest first");
        }

        Check("ImportLayerNext", _vmcompute.ImportLayerNext(_context, @"\" + name, null), name, null);
    }

    private protected override void CommitCore() => LayerErrors.Check("ImportLayerEnd", End(), Place);

    private protected override void AbortCore()
    {
        End();
        DriverInfo driver = _layer.Driver;
        int hr = _vmcompute.LayerExists(in driver, _layer.Id, out uint exists);
        if (!HResult.Succeeded(hr) || exists == 0)
        {
            return;
        }

        // Success of DestroyLayer does not prove that the layer is gone (docs/windows/return-codes.md#codes-per-call).
        hr = _vmcompute.DestroyLayer(in driver, _layer.Id);
        if (!HResult.Succeeded(hr) || !HResult.Succeeded(_vmcompute.LayerExists(in driver, _layer.Id, out exists)) || exists != 0)
        {
            string reason = HResult.Succeeded(hr)
                ? "DestroyLayer succeeded, and it is still there"
                : HcsException.FromHResult("DestroyLayer", hr).Message;
            AddWarning($"the unfinished layer {_layer.Path} could not be removed: {reason}");
        }
    }

    /// <summary>Ends the import, once.</summary>
    private int End()
    {
        if (_buffer is { } buffer)
        {
            _buffer = null;
            ArrayPool<byte>.Shared.Return(buffer);
        }

        nint context = _context;
        _context = 0;
        return context == 0 ? 0 : _vmcompute.ImportLayerEnd(context);
    }

    private void Check(string call, int hr, string entry, long? offset) =>
        LayerErrors.Check(call, hr, Place with { Entry = entry, Offset = offset });
}
