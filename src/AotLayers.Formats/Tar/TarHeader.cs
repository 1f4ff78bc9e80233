namespace AotLayers.Formats;

/// <summary>Type flag of a tar entry.</summary>
public enum TarTypeFlag : byte
{
    /// <summary>
    /// Regular file in old archives: NUL. Read as <see cref="RegularFile"/>, or as <see cref="Directory"/> when the name ends with a slash.
    /// </summary>
    OldRegularFile = 0,

    /// <summary>Regular file.</summary>
    RegularFile = (byte)'0',

    /// <summary>Hard link.</summary>
    HardLink = (byte)'1',

    /// <summary>Symbolic link; in layers also mount points (docs/formats/pax-keys.md).</summary>
    SymbolicLink = (byte)'2',

    /// <summary>Character device.</summary>
    CharacterDevice = (byte)'3',

    /// <summary>Block device.</summary>
    BlockDevice = (byte)'4',

    /// <summary>Directory.</summary>
    Directory = (byte)'5',

    /// <summary>FIFO.</summary>
    Fifo = (byte)'6',

    /// <summary>Contiguous file: as regular.</summary>
    ContiguousFile = (byte)'7',

    /// <summary>PAX records for the next entry.</summary>
    ExtendedHeader = (byte)'x',

    /// <summary>PAX records for all following entries.</summary>
    GlobalExtendedHeader = (byte)'g',

    /// <summary>GNU: name of the next entry.</summary>
    GnuLongName = (byte)'L',

    /// <summary>GNU: link target of the next entry.</summary>
    GnuLongLink = (byte)'K',

    /// <summary>GNU: sparse file. Read as <see cref="RegularFile"/>.</summary>
    GnuSparse = (byte)'S',
}

/// <summary>Which physical format <see cref="TarWriter"/> may use.</summary>
public enum TarFormatChoice
{
    /// <summary>
    /// Plain USTAR wherever it can hold the entry; the modification time is rounded to seconds, the other times are dropped.
    /// </summary>
    Unspecified,

    /// <summary>PAX wherever anything would be lost otherwise.</summary>
    Pax,
}

/// <summary>One tar entry's header. Can be reused from entry to entry.</summary>
public sealed class TarHeader
{
    /// <summary>Name with slashes; may hold lone surrogates, is WTF-8 in the archive.</summary>
    public string Name { get; set; } = "";

    /// <summary>Target of a link.</summary>
    public string LinkName { get; set; } = "";

    /// <summary>Type of the entry.</summary>
    public TarTypeFlag TypeFlag { get; set; } = TarTypeFlag.RegularFile;

    /// <summary>Permissions and, in layers, type bits.</summary>
    public long Mode { get; set; }

    /// <summary>Owner.</summary>
    public long UserId { get; set; }

    /// <summary>Group.</summary>
    public long GroupId { get; set; }

    /// <summary>Name of the owner.</summary>
    public string UserName { get; set; } = "";

    /// <summary>Name of the group.</summary>
    public string GroupName { get; set; } = "";

    /// <summary>
    /// Size of the data in bytes. Entries that are only a header (links, directories, devices) keep the number but have no data.
    /// </summary>
    public long Size { get; set; }

    /// <summary>
    /// Reading: where a GNU sparse file has data; null for all others. <see cref="Size"/> is the size with its holes, and the data has
    /// them as zeros.
    /// </summary>
    public IReadOnlyList<TarSparseRange>? SparseRanges { get; internal set; }

    /// <summary>Modification time in nanoseconds since 1970 UTC; null is written as 0.</summary>
    public long? ModificationTime { get; set; }

    /// <summary>Access time in nanoseconds since 1970 UTC, if there is one.</summary>
    public long? AccessTime { get; set; }

    /// <summary>Change time in nanoseconds since 1970 UTC, if there is one.</summary>
    public long? ChangeTime { get; set; }

    /// <summary>Which physical format may be used when writing.</summary>
    public TarFormatChoice Format { get; set; }

    /// <summary>
    /// PAX records. When writing: those beyond the standard ones, which come from the properties. When reading: all of the entry.
    /// </summary>
    public PaxRecords Records { get; } = new();

    /// <summary>
    /// Reading: name of the extended header that came before; empty where none did. Its text is of no consequence, but part of the bytes.
    /// </summary>
    public string ExtendedHeaderName { get; internal set; } = "";

    /// <summary>Whether the type has no data, whatever <see cref="Size"/> says.</summary>
    public bool IsHeaderOnly => TypeFlag is >= TarTypeFlag.HardLink and <= TarTypeFlag.Fifo;

    /// <summary>Back to an empty regular file.</summary>
    public void Reset()
    {
        Name = LinkName = UserName = GroupName = ExtendedHeaderName = "";
        TypeFlag = TarTypeFlag.RegularFile;
        Mode = UserId = GroupId = Size = 0;
        ModificationTime = AccessTime = ChangeTime = null;
        Format = TarFormatChoice.Unspecified;
        SparseRanges = null;
        Records.Clear();
    }
}
