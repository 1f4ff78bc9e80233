using System.Globalization;

namespace AotLayers.Formats;

/// <summary>The FILE_ATTRIBUTE_* bits of winnt.h that matter in layers.</summary>
public static class WindowsFileAttributes
{
    /// <summary>FILE_ATTRIBUTE_READONLY.</summary>
    public const uint ReadOnly = 0x1;

    /// <summary>FILE_ATTRIBUTE_HIDDEN.</summary>
    public const uint Hidden = 0x2;

    /// <summary>FILE_ATTRIBUTE_SYSTEM.</summary>
    public const uint System = 0x4;

    /// <summary>FILE_ATTRIBUTE_DIRECTORY.</summary>
    public const uint Directory = 0x10;

    /// <summary>FILE_ATTRIBUTE_ARCHIVE.</summary>
    public const uint Archive = 0x20;

    /// <summary>FILE_ATTRIBUTE_DEVICE.</summary>
    public const uint Device = 0x40;

    /// <summary>FILE_ATTRIBUTE_NORMAL: no other attribute.</summary>
    public const uint Normal = 0x80;

    /// <summary>FILE_ATTRIBUTE_TEMPORARY.</summary>
    public const uint Temporary = 0x100;

    /// <summary>FILE_ATTRIBUTE_SPARSE_FILE.</summary>
    public const uint SparseFile = 0x200;

    /// <summary>FILE_ATTRIBUTE_REPARSE_POINT.</summary>
    public const uint ReparsePoint = 0x400;

    /// <summary>FILE_ATTRIBUTE_COMPRESSED.</summary>
    public const uint Compressed = 0x800;

    /// <summary>FILE_ATTRIBUTE_OFFLINE.</summary>
    public const uint Offline = 0x1000;

    /// <summary>FILE_ATTRIBUTE_NOT_CONTENT_INDEXED.</summary>
    public const uint NotContentIndexed = 0x2000;

    /// <summary>FILE_ATTRIBUTE_ENCRYPTED.</summary>
    public const uint Encrypted = 0x4000;

    /// <summary>FILE_ATTRIBUTE_INTEGRITY_STREAM.</summary>
    public const uint IntegrityStream = 0x8000;

    /// <summary>FILE_ATTRIBUTE_NO_SCRUB_DATA.</summary>
    public const uint NoScrubData = 0x20000;

    // Bits that say something of the machine that the file lay on; they are named and have no meaning in a layer.
    private static readonly (uint Bit, string Name)[] s_names =
    [
        (ReadOnly, "READONLY"), (Hidden, "HIDDEN"), (System, "SYSTEM"), (Directory, "DIRECTORY"), (Archive, "ARCHIVE"),
        (Device, "DEVICE"), (Normal, "NORMAL"), (Temporary, "TEMPORARY"), (SparseFile, "SPARSE_FILE"),
        (ReparsePoint, "REPARSE_POINT"), (Compressed, "COMPRESSED"), (Offline, "OFFLINE"),
        (NotContentIndexed, "NOT_CONTENT_INDEXED"), (Encrypted, "ENCRYPTED"), (IntegrityStream, "INTEGRITY_STREAM"),
        (0x10000, "VIRTUAL"), (NoScrubData, "NO_SCRUB_DATA"), (0x40000, "RECALL_ON_OPEN"), (0x80000, "PINNED"),
        (0x100000, "UNPINNED"), (0x400000, "RECALL_ON_DATA_ACCESS"), (0x20000000, "STRICTLY_SEQUENTIAL"),
    ];

    /// <summary>
    /// The names that winnt.h gives to the bits, without <c>FILE_ATTRIBUTE_</c>; bits without a name as one number.
    /// </summary>
    /// <param name="attributes">The bits.</param>
    public static IReadOnlyList<string> NamesOf(uint attributes)
    {
        var names = new List<string>();
        foreach ((uint bit, string name) in s_names)
        {
            if ((attributes & bit) != 0)
            {
                names.Add(name);
                attributes &= ~bit;
            }
        }

        if (attributes != 0)
        {
            names.Add(string.Create(CultureInfo.InvariantCulture, $"0x{attributes:x}"));
        }

        return names;
    }
}
