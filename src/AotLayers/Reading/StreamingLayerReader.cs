using AotLayers.Hcs;

namespace AotLayers;

/// <summary>Reads a layer with the streaming calls of vmcompute (docs/windows/vmcompute.md#streaming-export).</summary>
public sealed class StreamingLayerReader : LayerReader
{
    private readonly IVmcompute _vmcompute;
    private readonly ExportContextHandle _context;

    private StreamingLayerReader(IVmcompute vmcompute, nint context, LayerErrorContext errorContext, CancellationToken cancellationToken)
        : base(errorContext, cancellationToken)
    {
        _vmcompute = vmcompute;
        _context = new ExportContextHandle(vmcompute, context);
    }

    /// <inheritdoc/>
    public override string Kind => "stream";

    internal override bool IsOfCalls => true;

    /// <summary>Starts a streaming export.</summary>
    /// <param name="vmcompute">The calls. They must have the streaming exports.</param>
    /// <param name="layer">What to read.</param>
    /// <param name="cancellationToken">Stops reading between entries and between reads.</param>
    /// <exception cref="LayerException">A call failed.</exception>
    public static StreamingLayerReader Begin(IVmcompute vmcompute, LayerLocation layer, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(vmcompute);
        ArgumentNullException.ThrowIfNull(layer);
        LayerErrorContext place = layer.ErrorContext;
        LayerDescriptor[] parents = LayerErrors.DescribeParents(vmcompute, layer);
        DriverInfo driver = layer.Driver;
        int hr = vmcompute.ExportLayerBegin(in driver, layer.Id, parents, (uint)parents.Length, out nint context);
        LayerErrors.Check("ExportLayerBegin", hr, place);
        return new StreamingLayerReader(vmcompute, context, place, cancellationToken);
    }

    /// <summary>Reads from the current entry's backup stream.</summary>
    internal int Read(Span<byte> buffer, string entry, long offset)
    {
        bool added = false;
        try
        {
            _context.DangerousAddRef(ref added);
            int hr = _vmcompute.ExportLayerRead(_context.DangerousGetHandle(), buffer, (uint)buffer.Length, out uint read);
            LayerErrors.Check("ExportLayerRead", hr, ErrorContext with { Entry = entry, Offset = offset });
            return read <= (uint)buffer.Length
                ? (int)read
                : throw new LayerException(
                    $"ExportLayerRead claims {read} bytes in a buffer of {buffer.Length}",
                    ErrorContext with { Entry = entry, Offset = offset });
        }
        finally
        {
            if (added)
            {
                _context.DangerousRelease();
            }
        }
    }

    private protected override LayerEntry? ReadNextEntry()
    {
        string? fileName;
        FileBasicInfo info;
        long size;
        uint deleted;
        bool added = false;
        try
        {
            _context.DangerousAddRef(ref added);
            int hr = _vmcompute.ExportLayerNext(_context.DangerousGetHandle(), out fileName, out info, out size, out deleted);
            if (!HResult.Succeeded(hr))
            {
                return HResult.Unwrap(hr) == HResult.NoMoreFiles
                    ? null
                    : throw LayerErrors.FromHResult("ExportLayerNext", hr, ErrorContext);
            }
        }
        finally
        {
            if (added)
            {
                _context.DangerousRelease();
            }
        }

        // Exactly one leading backslash is the callee's; another one would be an absolute name.
        string name = fileName is ['\\', ..] ? fileName[1..] : fileName ?? "";
        if (name.Length == 0)
        {
            throw new LayerException("ExportLayerNext returned an empty name", ErrorContext);
        }

        if (deleted != 0)
        {
            return new LayerEntry(name);
        }

        if (size < 0)
        {
            throw new LayerException($"ExportLayerNext returned the negative size {size}", ErrorContext with { Entry = name });
        }

        return new LayerEntry(name, size, info.ToLayerFileInfo(), null, () => new ExportLayerStream(this, name));
    }

    private protected override void CloseCore(bool reportErrors)
    {
        int hr = _context.End();
        _context.Dispose();
        if (reportErrors)
        {
            LayerErrors.Check("ExportLayerEnd", hr, ErrorContext);
        }
    }
}
