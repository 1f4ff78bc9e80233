using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace AotLayers.Native;

/// <summary>Values of <see cref="AotlFinding.Severity"/>.</summary>
[CConstants("Severity of a finding")]
public static class FindingSeverities
{
    /// <summary>Worth knowing; nothing has to be changed.</summary>
    [CName("AOTL_SEVERITY_NOTE")]
    public const uint Note = 0;

    /// <summary>Some programs fail on it, or the layer is not what its author means.</summary>
    [CName("AOTL_SEVERITY_WARNING")]
    public const uint Warning = 1;

    /// <summary>Windows or the programs that import layers refuse it, or do harm with it.</summary>
    [CName("AOTL_SEVERITY_ERROR")]
    public const uint Error = 2;
}

/// <summary>Something that a rule found in a layer.</summary>
[CName("aotl_finding")]
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AotlFinding
{
    /// <summary>sizeof(aotl_finding) of the library: fields beyond it are not there.</summary>
    public uint StructSize;

    /// <summary>One of AOTL_SEVERITY_.</summary>
    public uint Severity;

    /// <summary>Where the entry's header lies in the uncompressed tar, in bytes; -1 where there is none.</summary>
    public long Offset;

    /// <summary>Id of the rule: "AOTV023". It never means another one.</summary>
    [CType("const char *")]
    public byte* Rule;

    /// <summary>Name of the rule: "parent-order".</summary>
    [CType("const char *")]
    public byte* Name;

    /// <summary>The entry, as in aotl_entry; NULL where the whole layer is meant.</summary>
    [CType("const char *")]
    public byte* Entry;

    /// <summary>What is wrong: a sentence without the entry's name.</summary>
    [CType("const char *")]
    public byte* Message;
}

/// <summary>
/// Called on the thread that called aotl_verify, for each finding when it is made. It may call other functions of the library. It must
/// return: no longjmp and no C++ exception may leave it.
/// </summary>
/// <param name="user">What the function was given.</param>
/// <param name="finding">The finding; valid during the call.</param>
/// <returns>0 to go on; anything else stops the function, which then returns AOTL_E_CANCELLED.</returns>
[CName("aotl_finding_callback")]
[SuppressMessage("Naming", "CA1711", Justification = "The name in the header.")]
public unsafe delegate int FindingCallback(void* user, [CType("const aotl_finding *")] AotlFinding* finding);

/// <summary>What verifying a layer came to. Set struct_size to sizeof(aotl_verify_summary).</summary>
[CName("aotl_verify_summary")]
[StructLayout(LayoutKind.Sequential)]
public struct AotlVerifySummary
{
    /// <summary>In: sizeof(aotl_verify_summary) of the caller; 0 means that of version 2. Out: how much of it was written.</summary>
    public uint StructSize;

    /// <summary>0; reserved.</summary>
    public uint Reserved;

    /// <summary>Number of errors, those that were not told included.</summary>
    public ulong Errors;

    /// <summary>Number of warnings.</summary>
    public ulong Warnings;

    /// <summary>Number of notes.</summary>
    public ulong Notes;

    /// <summary>Findings that were counted and not told, by the option "limit".</summary>
    public ulong NotTold;

    /// <summary>Files, directories and links, without whiteouts and alternate streams.</summary>
    public ulong Entries;

    /// <summary>Whiteouts.</summary>
    public ulong Tombstones;

    /// <summary>Entries that are hard links.</summary>
    public ulong HardLinks;

    /// <summary>Size of the file that was read; 0 for what is no file.</summary>
    public ulong Bytes;

    /// <summary>Size of the tar before compression; 0 for what is no tar.</summary>
    public ulong TarBytes;

    /// <summary>Sizes of all files of the layer together.</summary>
    public ulong FileBytes;

    /// <summary>Digest of the tar before compression: "sha256:" and 64 digits; empty where it was not read to its end.</summary>
    public DigestText DiffId;

    /// <summary>Digest of the file, in the same form.</summary>
    public DigestText Digest;
}
