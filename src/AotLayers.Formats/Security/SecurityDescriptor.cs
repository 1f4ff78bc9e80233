using System.Buffers.Binary;

namespace AotLayers.Formats;

/// <summary>Control bits of a security descriptor (SE_*).</summary>
[Flags]
public enum SecurityDescriptorControl : ushort
{
    /// <summary>No bit.</summary>
    None = 0,

    /// <summary>The owner comes from a default.</summary>
    OwnerDefaulted = 0x1,

    /// <summary>The group comes from a default.</summary>
    GroupDefaulted = 0x2,

    /// <summary>There is a DACL; it may be null.</summary>
    DaclPresent = 0x4,

    /// <summary>The DACL comes from a default.</summary>
    DaclDefaulted = 0x8,

    /// <summary>There is a SACL; it may be null.</summary>
    SaclPresent = 0x10,

    /// <summary>The SACL comes from a default.</summary>
    SaclDefaulted = 0x20,

    /// <summary>The DACL is to be inherited by children (SDDL AR).</summary>
    DaclAutoInheritRequired = 0x100,

    /// <summary>The SACL is to be inherited by children (SDDL AR).</summary>
    SaclAutoInheritRequired = 0x200,

    /// <summary>The DACL was inherited automatically (SDDL AI).</summary>
    DaclAutoInherited = 0x400,

    /// <summary>The SACL was inherited automatically (SDDL AI).</summary>
    SaclAutoInherited = 0x800,

    /// <summary>The DACL inherits nothing (SDDL P).</summary>
    DaclProtected = 0x1000,

    /// <summary>The SACL inherits nothing (SDDL P).</summary>
    SaclProtected = 0x2000,

    /// <summary>The resource manager's byte is valid.</summary>
    ResourceManagerControlValid = 0x4000,

    /// <summary>All parts follow the header.</summary>
    SelfRelative = 0x8000,
}

/// <summary>
/// The two orders in which Windows itself puts the parts of a self-relative descriptor (docs/formats/extended-attributes.md#list).
/// </summary>
public enum SecurityDescriptorLayout
{
    /// <summary>Header, SACL, DACL, owner, group: what Windows compiles from SDDL.</summary>
    Compiled,

    /// <summary>Header, owner, group, SACL, DACL: what file systems give, BackupRead included.</summary>
    Stored,
}

/// <summary>
/// A Windows security descriptor, from and to its self-relative bytes (docs/formats/security-descriptors.md#bytes) and SDDL, without any
/// Windows call.
/// </summary>
public sealed record SecurityDescriptor
{
    /// <summary>Bytes of the header.</summary>
    public const int HeaderSize = 20;

    /// <summary>Longest descriptor that is accepted, in bytes: two lists of 64 KiB, two SIDs, and room.</summary>
    public const int MaxSize = 256 * 1024;

    private const byte DefaultAclRevision = 2;
    private const byte ObjectAclRevision = 4;
    private const int AclHeaderSize = 8;

    /// <summary>Control bits.</summary>
    public SecurityDescriptorControl Control { get; init; } = SecurityDescriptorControl.SelfRelative;

    /// <summary>
    /// Byte of the resource manager; counts only with <see cref="SecurityDescriptorControl.ResourceManagerControlValid"/>.
    /// </summary>
    public byte ResourceManagerControl { get; init; }

    /// <summary>Owner, if there is one.</summary>
    public Sid? Owner { get; init; }

    /// <summary>Primary group, if there is one.</summary>
    public Sid? Group { get; init; }

    /// <summary>Audit list and labels; null when absent or a null list.</summary>
    public IReadOnlyList<AccessControlEntry>? Sacl { get; init; }

    /// <summary>
    /// Access list; null when absent, or, with <see cref="SecurityDescriptorControl.DaclPresent"/>, a null list: everybody may do
    /// everything.
    /// </summary>
    public IReadOnlyList<AccessControlEntry>? Dacl { get; init; }

    /// <summary>Checks self-relative bytes: revision, offsets, list and entry sizes, SIDs.</summary>
    /// <exception cref="LayerFormatException">The bytes are no self-relative security descriptor.</exception>
    public static void Validate(ReadOnlySpan<byte> bytes) => Parse(bytes);

    /// <summary>Parses self-relative bytes.</summary>
    /// <exception cref="LayerFormatException">The bytes are no self-relative security descriptor.</exception>
    public static SecurityDescriptor Parse(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length is < HeaderSize or > MaxSize)
        {
            throw Invalid(bytes.Length < HeaderSize ? "shorter than its header" : "too long", 0);
        }

        if (bytes[0] != 1)
        {
            throw Invalid("revision is not 1", 0);
        }

        var control = (SecurityDescriptorControl)BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        if ((control & SecurityDescriptorControl.SelfRelative) == 0)
        {
            throw Invalid("not self-relative", 2);
        }

        return new SecurityDescriptor
        {
            Control = control,
            ResourceManagerControl = bytes[1],
            Owner = ReadSid(bytes, 4, "owner"),
            Group = ReadSid(bytes, 8, "group"),
            Sacl = (control & SecurityDescriptorControl.SaclPresent) != 0 ? ReadAcl(bytes, 12, "SACL") : null,
            Dacl = (control & SecurityDescriptorControl.DaclPresent) != 0 ? ReadAcl(bytes, 16, "DACL") : null,
        };
    }

    /// <summary>Parses SDDL text. What Windows refuses is refused.</summary>
    /// <param name="sddl">The text.</param>
    /// <param name="domain">SID of the machine or domain that abbreviations like LA or DA stand for; without it they are refused.</param>
    /// <exception cref="LayerFormatException">The text is no SDDL, or names a SID that depends on a machine or domain.</exception>
    public static SecurityDescriptor FromSddl(string sddl, Sid? domain = null) => SddlReader.Read(sddl, domain);

    /// <summary>The SDDL text, all four parts.</summary>
    /// <exception cref="LayerFormatException">An entry has no SDDL that Windows could read.</exception>
    public string ToSddl() => SddlWriter.Write(this);

    /// <summary>Encodes self-relative bytes. Lists get the lowest revision that their entries allow.</summary>
    /// <param name="layout">Order of the parts. The default gives what Windows compiles from the same SDDL, byte for byte.</param>
    /// <exception cref="LayerFormatException">A list does not fit into 64 KiB.</exception>
    public byte[] Encode(SecurityDescriptorLayout layout = SecurityDescriptorLayout.Compiled)
    {
        int saclSize = AclSize(Sacl);
        int daclSize = AclSize(Dacl);
        byte[] bytes = new byte[HeaderSize + (Owner?.Bytes.Length ?? 0) + (Group?.Bytes.Length ?? 0) + saclSize + daclSize];
        bytes[0] = 1;
        bytes[1] = ResourceManagerControl;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(2), (ushort)(Control | SecurityDescriptorControl.SelfRelative));
        int at = HeaderSize;
        if (layout == SecurityDescriptorLayout.Stored)
        {
            PlaceSid(bytes, 4, Owner, ref at);
            PlaceSid(bytes, 8, Group, ref at);
        }

        WriteAcl(Sacl, Place(bytes, 12, saclSize, ref at));
        WriteAcl(Dacl, Place(bytes, 16, daclSize, ref at));
        if (layout == SecurityDescriptorLayout.Compiled)
        {
            PlaceSid(bytes, 4, Owner, ref at);
            PlaceSid(bytes, 8, Group, ref at);
        }

        return bytes;
    }

    private static void PlaceSid(byte[] bytes, int field, Sid? sid, ref int at) =>
        sid?.Bytes.CopyTo(Place(bytes, field, sid.Bytes.Length, ref at));

    private static Span<byte> Place(byte[] bytes, int field, int size, ref int at)
    {
        if (size == 0)
        {
            return [];
        }

        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(field), at);
        at += size;
        return bytes.AsSpan(at - size, size);
    }

    private static int AclSize(IReadOnlyList<AccessControlEntry>? entries)
    {
        if (entries is null)
        {
            return 0;
        }

        int size = AclHeaderSize;
        foreach (AccessControlEntry entry in entries)
        {
            size += entry.EncodedLength;
            if (size > ushort.MaxValue)
            {
                throw Invalid("access control list is longer than 65535 bytes", -1);
            }
        }

        return size;
    }

    private static void WriteAcl(IReadOnlyList<AccessControlEntry>? entries, Span<byte> destination)
    {
        if (entries is null)
        {
            return;
        }

        bool objects = false;
        int at = AclHeaderSize;
        foreach (AccessControlEntry entry in entries)
        {
            objects |= AceType.HasObjectTypes(entry.Type);
            entry.Write(destination[at..]);
            at += entry.EncodedLength;
        }

        destination[0] = objects ? ObjectAclRevision : DefaultAclRevision;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], (ushort)at);
        BinaryPrimitives.WriteUInt16LittleEndian(destination[4..], (ushort)entries.Count);
    }

    private static Sid? ReadSid(ReadOnlySpan<byte> bytes, int field, string what)
    {
        int offset = ReadOffset(bytes, field, what);
        return offset == 0 ? null : Sid.TryRead(bytes[offset..], out Sid? sid) ? sid : throw Invalid($"{what} is no SID", offset);
    }

    private static List<AccessControlEntry>? ReadAcl(ReadOnlySpan<byte> bytes, int field, string what)
    {
        int offset = ReadOffset(bytes, field, what);
        if (offset == 0)
        {
            return null;
        }

        ReadOnlySpan<byte> acl = bytes[offset..];
        if (acl.Length < AclHeaderSize || acl[0] is < 2 or > 4)
        {
            throw Invalid($"{what} has no header of a known revision", offset);
        }

        int size = BinaryPrimitives.ReadUInt16LittleEndian(acl[2..]);
        int count = BinaryPrimitives.ReadUInt16LittleEndian(acl[4..]);
        if (size < AclHeaderSize || size > acl.Length)
        {
            throw Invalid($"{what} ends beyond the descriptor", offset);
        }

        acl = acl[..size];
        var entries = new List<AccessControlEntry>(Math.Min(count, (size - AclHeaderSize) / 4));
        int at = AclHeaderSize;
        for (int i = 0; i < count; i++)
        {
            int length = AccessControlEntry.Read(acl[at..], out AccessControlEntry entry);
            if (length == 0)
            {
                throw Invalid($"entry {i} of the {what} is malformed", offset + at);
            }

            entries.Add(entry);
            at += length;
        }

        return entries;
    }

    private static int ReadOffset(ReadOnlySpan<byte> bytes, int field, string what)
    {
        uint offset = BinaryPrimitives.ReadUInt32LittleEndian(bytes[field..]);
        return offset == 0 || (offset >= HeaderSize && offset < bytes.Length)
            ? (int)offset
            : throw Invalid($"{what} lies outside of the descriptor", field);
    }

    private static LayerFormatException Invalid(string problem, long offset) =>
        new("invalid security descriptor: " + problem, streamId: BackupStreamId.SecurityData, offset: offset);
}
