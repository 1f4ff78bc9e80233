using System.Runtime.InteropServices;

namespace AotLayers.Native;

/// <summary>
/// What an entry is besides its content, byte for byte as Windows has it. Memory belongs to the reader: valid until the next aotl_next or
/// aotl_close of it. What is not there is NULL and 0. Set struct_size to sizeof(aotl_metadata).
/// </summary>
[CName("aotl_metadata")]
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AotlMetadata
{
    /// <summary>In: sizeof(aotl_metadata) of the caller; 0 means that of version 2. Out: how much of it was written.</summary>
    public uint StructSize;

    /// <summary>The reparse tag; 0 without a reparse point.</summary>
    public uint ReparseTag;

    /// <summary>The self-relative security descriptor.</summary>
    [CType("const void *")]
    public byte* SecurityDescriptor;

    /// <summary>Its length in bytes.</summary>
    public ulong SecurityDescriptorLength;

    /// <summary>The whole REPARSE_DATA_BUFFER.</summary>
    [CType("const void *")]
    public byte* ReparseData;

    /// <summary>Its length in bytes.</summary>
    public ulong ReparseDataLength;

    /// <summary>Target of a symbolic link or mount point as text, as in aotl_entry.</summary>
    [CType("const char *")]
    public byte* ReparseTarget;

    /// <summary>The list of FILE_FULL_EA_INFORMATION.</summary>
    [CType("const void *")]
    public byte* ExtendedAttributes;

    /// <summary>Its length in bytes.</summary>
    public ulong ExtendedAttributesLength;

    /// <summary>FILE_OBJECTID_BUFFER.</summary>
    [CType("const void *")]
    public byte* ObjectId;

    /// <summary>Its length in bytes.</summary>
    public ulong ObjectIdLength;

    /// <summary>Number of alternate streams.</summary>
    public ulong AlternateStreams;

    /// <summary>Names of the alternate streams without colons, each with a NUL behind it.</summary>
    [CType("const char *")]
    public byte* AlternateStreamNames;

    /// <summary>Bytes of all alternate streams together.</summary>
    public ulong AlternateStreamBytes;

    /// <summary>Bytes of the main data stream that are not holes.</summary>
    public ulong AllocatedBytes;

    /// <summary>Bytes of the whole backup stream.</summary>
    public ulong StreamBytes;
}
