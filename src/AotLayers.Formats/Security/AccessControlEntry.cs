using System.Buffers.Binary;

namespace AotLayers.Formats;

/// <summary>One entry of an access control list.</summary>
/// <param name="Type">One of <see cref="AceType"/>, or an unknown one.</param>
/// <param name="Flags">Inheritance and audit flags.</param>
/// <param name="Mask">Access mask.</param>
/// <param name="Sid">Whom it is about; null for types of an unknown layout.</param>
/// <param name="ObjectType">Object type, only where the type has one.</param>
/// <param name="InheritedObjectType">Inherited object type, only where the type has one.</param>
/// <param name="Data">What follows the SID (a condition, a resource attribute); for types of an unknown layout all after the
/// header.</param>
public sealed record AccessControlEntry(
    byte Type, byte Flags, uint Mask, Sid? Sid, Guid? ObjectType =
        null, Guid? InheritedObjectType = null, ReadOnlyMemory<byte> Data = default)
{
    private const int HeaderSize = 4;

    /// <summary>Size on disk in bytes, a multiple of four.</summary>
    public int EncodedLength
    {
        get
        {
            int length = HeaderSize + Data.Length;
            if (Sid is not null)
            {
                length += 4 + Sid.Bytes.Length;
                if (AceType.HasObjectTypes(Type))
                {
                    length += 4 + (ObjectType is null ? 0 : 16) + (InheritedObjectType is null ? 0 : 16);
                }
            }

            return (length + 3) & ~3;
        }
    }

    /// <summary>Reads the entry at the front of some bytes.</summary>
    /// <param name="bytes">What is left of the list.</param>
    /// <param name="entry">The entry.</param>
    /// <returns>Its size in bytes, or 0 when the bytes are no entry.</returns>
    internal static int Read(ReadOnlySpan<byte> bytes, out AccessControlEntry entry)
    {
        entry = null!;
        if (bytes.Length < HeaderSize)
        {
            return 0;
        }

        byte type = bytes[0];
        int size = BinaryPrimitives.ReadUInt16LittleEndian(bytes[2..]);
        if (size < HeaderSize || size > bytes.Length)
        {
            return 0;
        }

        ReadOnlySpan<byte> body = bytes[HeaderSize..size];
        if (!AceType.IsKnown(type))
        {
            entry = new AccessControlEntry(type, bytes[1], 0, null, Data: body.ToArray());
            return size;
        }

        if (body.Length < 4)
        {
            return 0;
        }

        uint mask = BinaryPrimitives.ReadUInt32LittleEndian(body);
        body = body[4..];
        Guid? objectType = null;
        Guid? inheritedType = null;
        if (AceType.HasObjectTypes(type))
        {
            if (body.Length < 4)
            {
                return 0;
            }

            uint present = BinaryPrimitives.ReadUInt32LittleEndian(body);
            body = body[4..];
            if (((present & 1) != 0 && !TakeGuid(ref body, out objectType))
                || ((present & 2) != 0 && !TakeGuid(ref body, out inheritedType)))
            {
                return 0;
            }
        }

        if (!Sid.TryRead(body, out Sid? sid))
        {
            return 0;
        }

        entry = new AccessControlEntry(type, bytes[1], mask, sid, objectType, inheritedType, body[sid.Bytes.Length..].ToArray());
        return size;
    }

    /// <summary>Writes the entry.</summary>
    internal void Write(Span<byte> destination)
    {
        destination[0] = Type;
        destination[1] = Flags;
        BinaryPrimitives.WriteUInt16LittleEndian(destination[2..], checked((ushort)EncodedLength));
        Span<byte> body = destination[HeaderSize..EncodedLength];
        if (Sid is not null)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(body, Mask);
            body = body[4..];
            if (AceType.HasObjectTypes(Type))
            {
                BinaryPrimitives.WriteUInt32LittleEndian(body, (ObjectType is null ? 0u : 1u) | (InheritedObjectType is null ? 0u : 2u));
                body = body[4..];
                PutGuid(ref body, ObjectType);
                PutGuid(ref body, InheritedObjectType);
            }

            Sid.Bytes.CopyTo(body);
            body = body[Sid.Bytes.Length..];
        }

        Data.Span.CopyTo(body);
        body[Data.Length..].Clear();
    }

    private static bool TakeGuid(ref ReadOnlySpan<byte> body, out Guid? guid)
    {
        guid = null;
        if (body.Length < 16)
        {
            return false;
        }

        guid = new Guid(body[..16]);
        body = body[16..];
        return true;
    }

    private static void PutGuid(ref Span<byte> body, Guid? guid)
    {
        if (guid is { } value)
        {
            value.TryWriteBytes(body);
            body = body[16..];
        }
    }
}
