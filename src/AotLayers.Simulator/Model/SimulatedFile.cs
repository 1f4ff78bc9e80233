using System.Buffers.Binary;
using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers.Simulator;

/// <summary>How BackupRead represents a sparse file; Windows versions differ (docs/formats/backup-stream.md#sparse-files).</summary>
internal enum SparseRepresentation
{
    /// <summary>As the newest Windows known to us does, by the number of ranges.</summary>
    Auto,

    /// <summary>No DATA stream at all (older Windows, size 0).</summary>
    NoData,

    /// <summary>A DATA stream of size 0 and nothing else.</summary>
    EmptyData,

    /// <summary>One DATA stream with the whole file, zeros in the holes.</summary>
    Whole,

    /// <summary>DATA of size 0, one SPARSE_BLOCK per range and an empty one at the file's end.</summary>
    Blocks,
}

/// <summary>Ranges of a sparse file and their representation in its backup stream.</summary>
internal sealed record SparseLayout(IReadOnlyList<SparseRange> Ranges, SparseRepresentation Representation);

/// <summary>An alternate data stream; <paramref name="Name"/> is without the colon and without <c>:$DATA</c>.</summary>
internal sealed record AlternateStream(string Name, uint Attributes, ContentSource Content);

/// <summary>A record of the backup stream that is given whole, for ids that nothing else here produces.</summary>
internal sealed record RawStream(uint Id, uint Attributes, string Name, ContentSource Content, bool AfterData);

/// <summary>What an NTFS file record holds. Hard links are several <see cref="SimulatedNode"/>s with one file.</summary>
internal sealed class SimulatedFile
{
    /// <summary>Times and attributes.</summary>
    public FileBasicInfo Info;

    /// <summary>Self-relative security descriptor; null for none.</summary>
    public byte[]? Security { get; set; }

    /// <summary>FILE_FULL_EA_INFORMATION list; null for none.</summary>
    public byte[]? ExtendedAttributes { get; set; }

    /// <summary>The EA record follows the DATA record instead of preceding it; Windows does both.</summary>
    public bool ExtendedAttributesAfterData { get; set; }

    /// <summary>Whole REPARSE_DATA_BUFFER; null for none.</summary>
    public byte[]? Reparse { get; set; }

    /// <summary>The unnamed data stream; null where there is none (directories).</summary>
    public ContentSource? Data { get; set; }

    /// <summary>Set for a sparse file; <see cref="Data"/> is then its logical content.</summary>
    public SparseLayout? Sparse { get; set; }

    /// <summary>Alternate data streams in the order that BackupRead reports them.</summary>
    public IReadOnlyList<AlternateStream> Streams { get; set; } = [];

    /// <summary>Records given whole.</summary>
    public IReadOnlyList<RawStream> RawStreams { get; set; } = [];

    /// <summary>64-byte FILE_OBJECTID_BUFFER; null for none.</summary>
    public byte[]? ObjectId { get; set; }

    /// <summary>The backup stream as it was given, record by record, where it was; the other members are what it says.</summary>
    public ContentSource? Original { get; set; }

    /// <summary>Where the security records of <see cref="Original"/> are.</summary>
    public IReadOnlyList<(long Start, long Length)> OriginalSecurity { get; set; } = [];

    /// <summary>Offset in the backup stream at which reading fails; null when it does not.</summary>
    public long? FailReadAt { get; set; }

    /// <summary>Win32 code of that failure.</summary>
    public uint FailCode { get; set; }

    /// <summary>Number of names.</summary>
    public uint Links { get; set; } = 1;

    /// <summary>Two layers have it: one that was made on another one links to its files. Id and number of names stay as they are.</summary>
    public bool IsShared { get; set; }

    /// <summary>128-bit file id; the same on every machine that loads the same layer.</summary>
    public Guid Id { get; set; }

    /// <summary>Open handles, which keep the file from being deleted.</summary>
    public int OpenHandles { get; set; }

    /// <summary>Size of the unnamed data stream in bytes.</summary>
    public long Size => Data?.Length ?? 0;

    /// <summary>The DIRECTORY attribute.</summary>
    public bool IsDirectory => (Info.FileAttributes & WindowsFileAttributes.Directory) != 0;

    /// <summary>
    /// What BackupWrite makes of a file: streams that come replace those that are there, the rest stays. A file that had nothing becomes
    /// just what came, with its records in their order.
    /// </summary>
    /// <param name="written">The file that the stream tells of.</param>
    /// <param name="security">Whether its security counts.</param>
    public void TakeStreams(SimulatedFile written, bool security)
    {
        bool fresh = Original is null && Data is null or { Length: 0 } && Streams.Count == 0 && RawStreams.Count == 0
            && ExtendedAttributes is null && Reparse is null && ObjectId is null;
        Security = security ? written.Security ?? Security : Security;
        if (written.ExtendedAttributes is { } attributes)
        {
            (ExtendedAttributes, ExtendedAttributesAfterData) = (attributes, written.ExtendedAttributesAfterData);
        }

        Reparse = written.Reparse ?? Reparse;
        ObjectId = written.ObjectId ?? ObjectId;
        if (written.Data is not null)
        {
            (Data, Sparse) = (written.Data, written.Sparse);
        }

        Streams = [.. Streams.Where(old => !written.Streams.Any(
            other => string.Equals(old.Name, other.Name, StringComparison.OrdinalIgnoreCase))), .. written.Streams];
        RawStreams = [.. RawStreams, .. written.RawStreams];
        bool whole = fresh && security && written.Security is not null;
        (Original, OriginalSecurity) = whole ? (written.Original, written.OriginalSecurity) : (null, []);
        Info.FileAttributes |= (Reparse is null ? 0 : WindowsFileAttributes.ReparsePoint)
            | (Sparse is null ? 0 : WindowsFileAttributes.SparseFile);
    }

    /// <summary>A file of its own with the same contents and metadata.</summary>
    public SimulatedFile Copy()
    {
        var copy = (SimulatedFile)MemberwiseClone();
        (copy.Links, copy.IsShared, copy.OpenHandles) = (1, false, 0);
        return copy;
    }

    /// <summary>Reparse tag; 0 without a reparse point.</summary>
    public uint ReparseTag => Reparse is null ? 0 : BinaryPrimitives.ReadUInt32LittleEndian(Reparse);

    /// <summary>Where a symbolic link or mount point with an absolute target leads; null for everything else.</summary>
    public string? LinkTarget
    {
        get
        {
            if (Reparse is null || ReparseTag is not (Formats.ReparseTag.SymbolicLink or Formats.ReparseTag.MountPoint))
            {
                return null;
            }

            try
            {
                string target = ReparsePoint.Decode(Reparse).Target;
                return target is [_, ':', '\\', ..] ? target : null;
            }
            catch (LayerFormatException)
            {
                return null;
            }
        }
    }
}
