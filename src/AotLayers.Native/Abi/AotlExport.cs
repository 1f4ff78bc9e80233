using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotLayers.Native;

/// <summary>How far an export or an import is.</summary>
[CName("aotl_progress")]
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AotlProgress
{
    /// <summary>sizeof(aotl_progress) of the library: fields beyond it are not there.</summary>
    public uint StructSize;

    /// <summary>0; reserved.</summary>
    public uint Reserved;

    /// <summary>Entries and tombstones done.</summary>
    public ulong Entries;

    /// <summary>Bytes of the tar written or read so far, before compression.</summary>
    public ulong Bytes;

    /// <summary>Name of the current entry, as in aotl_entry; valid during the call. Never NULL.</summary>
    [CType("const char *")]
    public byte* Name;
}

/// <summary>
/// Called on the thread that called aotl_export or aotl_import, at the start and after each entry. It may call other functions of the
/// library. It must return: no longjmp and no C++ exception may leave it.
/// </summary>
/// <param name="user">What the function was given.</param>
/// <param name="progress">How far the export or import is; valid during the call.</param>
/// <returns>0 to go on; anything else stops the function, which then removes what it wrote and returns AOTL_E_CANCELLED.</returns>
[CName("aotl_progress_callback")]
[SuppressMessage("Naming", "CA1711", Justification = "The name in the header.")]
public unsafe delegate int ProgressCallback(void* user, [CType("const aotl_progress *")] AotlProgress* progress);

/// <summary>Result of an export or an import. Set struct_size to sizeof(aotl_summary), or use AOTL_SUMMARY_INIT.</summary>
[CName("aotl_summary")]
[StructLayout(LayoutKind.Sequential)]
public struct AotlSummary
{
    /// <summary>In: sizeof(aotl_summary) of the caller; 0 means that of version 1. Out: how much of it was written.</summary>
    public uint StructSize;

    /// <summary>0; reserved.</summary>
    public uint Reserved;

    /// <summary>Files, directories and links, without tombstones and alternate streams.</summary>
    public ulong Entries;

    /// <summary>Tombstones.</summary>
    public ulong Tombstones;

    /// <summary>Entries that are hard links to an earlier one.</summary>
    public ulong HardLinks;

    /// <summary>Size of the file that was written or read.</summary>
    public ulong Bytes;

    /// <summary>Size of the tar before compression.</summary>
    public ulong TarBytes;

    /// <summary>Sizes of all files of the layer together.</summary>
    public ulong FileBytes;

    /// <summary>How many things of the layer have no place in a tar. aotl_last_result_json() lists them. 0 of an import.</summary>
    public ulong Losses;

    /// <summary>Digest of the tar before compression: "sha256:" and 64 digits; empty with the option "digest":"none".</summary>
    public DigestText DiffId;

    /// <summary>Digest of the file that was written or read, in the same form.</summary>
    public DigestText Digest;

    /// <summary>The reader that was used, or for an import the writer: "stream", "folder", "base" or "tar".</summary>
    public ReaderText Reader;
}

/// <summary>A digest as text.</summary>
[InlineArray(Capacity), CText(Capacity)]
public struct DigestText
{
    private const int Capacity = 80;

    private byte _first;
}

/// <summary>A reader's name.</summary>
[InlineArray(Capacity), CText(Capacity)]
public struct ReaderText
{
    private const int Capacity = 16;

    private byte _first;
}
