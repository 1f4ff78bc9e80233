namespace AotLayers.Formats;

/// <summary>
/// Fields of the 512-byte tar header block, and how they are spelled when written: exactly as Go's archive/tar does
/// (docs/formats/tar-blocks.md#headers).
/// </summary>
internal static class TarBlock
{
    public const int Size = 512;
    public const int NameSize = 100;
    public const int PrefixSize = 155;

    /// <summary>Largest number of an octal field of 12 bytes.</summary>
    public const long MaxOctal12 = 0x1_FFFF_FFFF;

    public static Span<byte> Name(Span<byte> block) => block[..100];

    public static Span<byte> Mode(Span<byte> block) => block.Slice(100, 8);

    public static Span<byte> UserId(Span<byte> block) => block.Slice(108, 8);

    public static Span<byte> GroupId(Span<byte> block) => block.Slice(116, 8);

    public static Span<byte> DataSize(Span<byte> block) => block.Slice(124, 12);

    public static Span<byte> ModificationTime(Span<byte> block) => block.Slice(136, 12);

    public static Span<byte> Checksum(Span<byte> block) => block.Slice(148, 8);

    public static ref byte TypeFlag(Span<byte> block) => ref block[156];

    public static Span<byte> LinkName(Span<byte> block) => block.Slice(157, 100);

    public static Span<byte> Magic(Span<byte> block) => block.Slice(257, 8);

    public static Span<byte> UserName(Span<byte> block) => block.Slice(265, 32);

    public static Span<byte> GroupName(Span<byte> block) => block.Slice(297, 32);

    public static Span<byte> DeviceMajor(Span<byte> block) => block.Slice(329, 8);

    public static Span<byte> DeviceMinor(Span<byte> block) => block.Slice(337, 8);

    public static Span<byte> Prefix(Span<byte> block) => block.Slice(345, 155);

    /// <summary>Whether a number fits an octal field of <paramref name="fieldSize"/> bytes, one of which is the final NUL.</summary>
    public static bool FitsOctal(int fieldSize, long value) => value >= 0 && (fieldSize >= 22 || value < 1L << ((fieldSize - 1) * 3));

    /// <summary>Zero padded octal and a NUL; a number that does not fit is written as zero, its PAX record holds it.</summary>
    public static void WriteOctal(Span<byte> field, long value)
    {
        if (!FitsOctal(field.Length, value))
        {
            value = 0;
        }

        field[^1] = 0;
        for (int i = field.Length - 2; i >= 0; i--)
        {
            field[i] = (byte)('0' + (value & 7));
            value >>= 3;
        }
    }

    /// <summary>Text, cut at the field's size. A cut that ends in a slash loses it: readers would take the file for a directory.</summary>
    public static void WriteText(Span<byte> field, ReadOnlySpan<byte> text)
    {
        if (text.Length <= field.Length)
        {
            text.CopyTo(field);
            return;
        }

        text[..field.Length].CopyTo(field);
        if (field[^1] == '/')
        {
            // Only one byte, even after several slashes: so does Go.
            field[field.TrimEnd((byte)'/').Length] = 0;
        }
    }

    /// <summary>The ASCII letters of a text, which is all that a header block may hold.</summary>
    public static int ToAscii(ReadOnlySpan<byte> text, Span<byte> destination)
    {
        int at = 0;
        foreach (byte c in text)
        {
            if (c is > 0 and < 0x80)
            {
                destination[at++] = c;
            }
        }

        return at;
    }

    /// <summary>Whether a text has only ASCII letters and no NUL.</summary>
    public static bool IsAscii(ReadOnlySpan<byte> text) => System.Text.Ascii.IsValid(text) && !text.Contains((byte)0);

    /// <summary>Magic, version and checksum: last step of every header.</summary>
    public static void Seal(Span<byte> block)
    {
        "ustar\0"u8.CopyTo(Magic(block));
        "00"u8.CopyTo(Magic(block)[6..]);
        (long sum, _) = ComputeChecksum(block);
        WriteOctal(Checksum(block)[..7], sum);
        Checksum(block)[7] = (byte)' ';
    }

    /// <summary>Sum of all bytes with the checksum field as spaces; old programs summed signed bytes.</summary>
    public static (long Unsigned, long Signed) ComputeChecksum(ReadOnlySpan<byte> block)
    {
        long unsigned = 0;
        long signed = 0;
        for (int i = 0; i < Size; i++)
        {
            byte c = i is >= 148 and < 156 ? (byte)' ' : block[i];
            unsigned += c;
            signed += (sbyte)c;
        }

        return (unsigned, signed);
    }

    /// <summary>Splits a long ASCII name at a slash into the USTAR prefix and name fields.</summary>
    public static bool TrySplitName(ReadOnlySpan<byte> name, out int prefixLength)
    {
        prefixLength = 0;
        int length = name.Length;
        if (length <= NameSize || !IsAscii(name))
        {
            return false;
        }

        if (length > PrefixSize + 1)
        {
            length = PrefixSize + 1;
        }
        else if (name[length - 1] == '/')
        {
            length--;
        }

        int slash = name[..length].LastIndexOf((byte)'/');
        int rest = name.Length - slash - 1;
        if (slash <= 0 || rest > NameSize || rest == 0 || slash > PrefixSize)
        {
            return false;
        }

        prefixLength = slash;
        return true;
    }
}
