using System.Buffers;
using System.Globalization;

namespace AotLayers.Formats;

/// <summary>
/// What of a backup stream goes into the tar header: security, reparse points, extended attributes
/// (docs/formats/layer-tar.md#from-a-backup-stream).
/// </summary>
public sealed partial class LayerTarWriter
{
    private void TakeSecurity() => UsePayload(SecurityDescriptor.MaxSize, this, static (self, payload) =>
        self._header.Records.SetBase64(LayerTarKeys.RawSecurityDescriptor, payload.Span));

    private void TakeReparsePoint(string name, BackupStreamHeader record) =>
        UsePayload(ReparsePoint.MaxBufferSize, (self: this, name, record), static (state, payload) =>
    {
        (LayerTarWriter self, string name, BackupStreamHeader record) = state;
        uint tag = ReparsePoint.ReadTag(payload.Span);
        if (tag is not (ReparseTag.SymbolicLink or ReparseTag.MountPoint) && self.TakeUnknownReparsePoint(name, record, tag, payload.Span))
        {
            return;
        }

        var point = ReparsePoint.Decode(payload.Span);
        if (LayerTarLosses.OfReparsePoint(point, self._options.RepairEmptyPrintNames, out string target, out string detail) is { } reason)
        {
            self.Lose(name, record, reason, detail);
        }

        self._header.Mode |= SymbolicLinkMode;
        self._header.TypeFlag = TarTypeFlag.SymbolicLink;
        self._header.LinkName = target;
        if (point.IsMountPoint)
        {
            self._header.Records.Set(LayerTarKeys.MountPoint, "1"u8);
        }
    });

    private void TakeExtendedAttributes(string name, BackupStreamHeader record) =>
        UsePayload(ExtendedAttributes.MaxListSize, (self: this, name, record), static (state, payload) =>
    {
        (LayerTarWriter self, string name, BackupStreamHeader record) = state;
        Span<byte> key = stackalloc byte[LayerTarKeys.ExtendedAttributePrefix.Length + byte.MaxValue];
        LayerTarKeys.ExtendedAttributePrefix.CopyTo(key);
        foreach (ExtendedAttribute attribute in ExtendedAttributes.Decode(payload))
        {
            attribute.Name.Span.CopyTo(key[LayerTarKeys.ExtendedAttributePrefix.Length..]);
            ReadOnlySpan<byte> whole = key[..(LayerTarKeys.ExtendedAttributePrefix.Length + attribute.Name.Length)];
            if (self._options.Lossless && attribute.Name.Span.IndexOfAny((byte)'=', (byte)0) >= 0)
            {
                // No key of PAX can have such a name; the stream's own record keeps the attribute.
                continue;
            }

            if (self._header.Records.TryGet(whole, out _))
            {
                self.Lose(name, record, LayerLossReason.DuplicateExtendedAttribute, attribute.NameText);
            }

            if (attribute.Flags != 0)
            {
                self.Lose(name, record, LayerLossReason.ExtendedAttributeFlags, attribute.NameText);
            }

            self._header.Records.SetBase64(whole, attribute.Value.Span);
        }
    });

    /// <summary>Reads the payload of a small record into a pooled buffer.</summary>
    private void UsePayload<T>(int limit, T state, Action<T, ReadOnlyMemory<byte>> use)
    {
        if (_reader.Remaining > limit)
        {
            throw new LayerFormatException(
                string.Create(CultureInfo.InvariantCulture, $"stream of {_reader.Remaining} bytes, at most {limit} are possible"),
                _reader.EntryName,
                _reader.Current.Id,
                offset: _reader.Position);
        }

        int length = (int)_reader.Remaining;
        byte[] buffer = ArrayPool<byte>.Shared.Rent(Math.Max(length, 1));
        try
        {
            _reader.ReadToEnd(buffer);
            use(state, buffer.AsMemory(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>A reparse point that tar has no form for.</summary>
    /// <returns>Whether it is dealt with; otherwise decoding it fails, as hcsshim does.</returns>
    private bool TakeUnknownReparsePoint(string name, in BackupStreamHeader record, uint tag, ReadOnlySpan<byte> buffer)
    {
        if (!_options.Lossless && _options.UnknownReparsePoints == UnknownReparsePoints.Keep)
        {
            _header.Records.SetBase64(LosslessKeys.Reparse, buffer);
            return true;
        }

        if (!_options.Lossless && _options.UnknownReparsePoints == UnknownReparsePoints.Fail)
        {
            return false;
        }

        Lose(name, record, LayerLossReason.ReparseTagHasNoTarForm, ReparseTag.Describe(tag));
        return true;
    }
}
