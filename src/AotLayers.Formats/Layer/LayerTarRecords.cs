namespace AotLayers.Formats;

/// <summary>Checks what the PAX records of a layer tar's entry say, one entry at a time (docs/formats/pax-keys.md).</summary>
public static class LayerTarRecords
{
    /// <summary>Times and attributes of an entry.</summary>
    /// <param name="header">Its header.</param>
    /// <param name="entry">Its name, for errors.</param>
    /// <exception cref="LayerFormatException">A record is malformed.</exception>
    public static LayerFileInfo ReadInfo(TarHeader header, string entry)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(entry);
        return LayerTarHeader.ReadInfo(header, entry);
    }

    /// <summary>Whether an entry keeps a reparse buffer, or a whole backup stream, in records of this program.</summary>
    /// <param name="header">Its header.</param>
    public static bool HasOwn(TarHeader header)
    {
        ArgumentNullException.ThrowIfNull(header);
        return header.Records.TryGet(LosslessKeys.Stream, out _)
            || header.Records.TryGet(LosslessKeys.Reparse, out _)
            || header.Records.TryGet(LosslessKeys.Times, out _);
    }

    /// <summary>Checks the records of this program (docs/formats/pax-keys.md#keys-of-this-program).</summary>
    /// <param name="header">The entry's header.</param>
    /// <param name="entry">Its name, for errors.</param>
    /// <exception cref="LayerFormatException">One is malformed, or does not fit the other records.</exception>
    public static void CheckOwn(TarHeader header, string entry)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(entry);
        if (header.Records.TryGet(LosslessKeys.Reparse, out ReadOnlySpan<byte> reparse))
        {
            ReparsePoint.ReadTag(LayerTarBackupPrefix.Decode(reparse, "AOTLAYERS.reparse", entry));
        }

        if (header.Records.TryGet(LosslessKeys.Stream, out ReadOnlySpan<byte> stream))
        {
            LosslessStream.Parse(LayerTarBackupPrefix.Decode(stream, "AOTLAYERS.stream", entry), header, entry);
        }

        if (header.Records.TryGet(LosslessKeys.Times, out _))
        {
            LayerTarHeader.ReadInfo(header, entry);
        }
    }
}
