namespace AotLayers.Formats;

/// <summary>PAX keys of Windows layers (docs/formats/pax-keys.md).</summary>
internal static class LayerTarKeys
{
    public static ReadOnlySpan<byte> FileAttributes => "MSWINDOWS.fileattr"u8;

    public static ReadOnlySpan<byte> RawSecurityDescriptor => "MSWINDOWS.rawsd"u8;

    /// <summary>SDDL text, written in 2016 only.</summary>
    public static ReadOnlySpan<byte> SecurityDescriptorText => "MSWINDOWS.sd"u8;

    public static ReadOnlySpan<byte> MountPoint => "MSWINDOWS.mountpoint"u8;

    public static ReadOnlySpan<byte> ExtendedAttributePrefix => "MSWINDOWS.xattr."u8;

    public static ReadOnlySpan<byte> CreationTime => "LIBARCHIVE.creationtime"u8;

    /// <summary>FILETIME in decimal, written in February 2016 only; so are the next three.</summary>
    public static ReadOnlySpan<byte> OldCreationTime => "MSWINDOWS.createtime"u8;

    public static ReadOnlySpan<byte> OldAccessTime => "MSWINDOWS.accesstime"u8;

    public static ReadOnlySpan<byte> OldWriteTime => "MSWINDOWS.writetime"u8;

    public static ReadOnlySpan<byte> OldChangeTime => "MSWINDOWS.changetime"u8;

    /// <summary>
    /// Looks a key up, also under the name of its first weeks in 2016: then the keys were written as extended attributes of Unix, with
    /// <c>SCHILY.xattr.</c> before them.
    /// </summary>
    public static bool TryGet(PaxRecords records, scoped ReadOnlySpan<byte> key, out ReadOnlySpan<byte> value)
    {
        if (records.TryGet(key, out value))
        {
            return true;
        }

        ReadOnlySpan<byte> prefix = "SCHILY.xattr."u8;
        Span<byte> oldKey = stackalloc byte[64];
        prefix.CopyTo(oldKey);
        key.CopyTo(oldKey[prefix.Length..]);
        return records.TryGet(oldKey[..(prefix.Length + key.Length)], out value);
    }
}
