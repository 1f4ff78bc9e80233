using System.Buffers.Binary;
using System.Globalization;

namespace AotLayers.Formats;

/// <summary>What the base block of a registry hive says.</summary>
/// <param name="MajorVersion">1 in all hives known.</param>
/// <param name="MinorVersion">3 to 6. Deltas of containers have 6.</param>
/// <param name="PrimarySequence">Counted up before a write.</param>
/// <param name="SecondarySequence">Counted up after it: where the two differ, the log has to be replayed.</param>
/// <param name="LastWritten">FILETIME of the last write.</param>
/// <param name="BinsSize">Bytes of hive bins behind the base block.</param>
/// <param name="Flags">2 marks the delta of a layered hive.</param>
/// <param name="FileName">End of the path of the hive's file.</param>
public sealed record RegistryHiveInfo(
    uint MajorVersion,
    uint MinorVersion,
    uint PrimarySequence,
    uint SecondarySequence,
    long LastWritten,
    uint BinsSize,
    uint Flags,
    string FileName)
{
    /// <summary>Whether the hive was not closed cleanly.</summary>
    public bool IsDirty => PrimarySequence != SecondarySequence;

    /// <summary>Whether this is the delta of a layered hive: it counts only on top of that of its parents.</summary>
    public bool IsDelta => (Flags & RegistryHive.DeltaFlag) != 0;
}

/// <summary>
/// Registry hives (regf), as far as it takes to say whether a file is one: base block, its checksum, and the chain of hive bins. Keys are
/// not read.
/// </summary>
public static class RegistryHive
{
    /// <summary>Bytes of the base block, and the unit of hive bins.</summary>
    public const int BaseBlockSize = 4096;

    /// <summary>Flag of a delta hive.</summary>
    public const uint DeltaFlag = 2;

    private const int ChecksumOffset = 508;
    private const int BinHeaderSize = 32;

    /// <summary>Whether bytes look like a hive: the signature.</summary>
    public static bool HasSignature(ReadOnlySpan<byte> bytes) => bytes.StartsWith("regf"u8);

    /// <summary>The checksum of a base block: its first 508 bytes, exclusive or by words; 0 and all ones are avoided.</summary>
    /// <param name="baseBlock">At least 508 bytes.</param>
    public static uint ComputeChecksum(ReadOnlySpan<byte> baseBlock)
    {
        uint sum = 0;
        for (int i = 0; i < ChecksumOffset; i += 4)
        {
            sum ^= BinaryPrimitives.ReadUInt32LittleEndian(baseBlock[i..]);
        }

        return sum switch { 0 => 1, uint.MaxValue => uint.MaxValue - 1, _ => sum };
    }

    /// <summary>Reads a base block.</summary>
    /// <param name="baseBlock">The first bytes of the file.</param>
    /// <exception cref="LayerFormatException">It is no base block of a primary hive: signature, version, type or checksum are
    /// wrong.</exception>
    public static RegistryHiveInfo ReadBaseBlock(ReadOnlySpan<byte> baseBlock)
    {
        if (baseBlock.Length < BaseBlockSize)
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"{baseBlock.Length} bytes are less than its base block"), 0);
        }

        if (!HasSignature(baseBlock))
        {
            throw Invalid("no 'regf' at its start", 0);
        }

        uint checksum = BinaryPrimitives.ReadUInt32LittleEndian(baseBlock[ChecksumOffset..]);
        uint expected = ComputeChecksum(baseBlock);
        if (checksum != expected)
        {
            throw Invalid(
                string.Create(CultureInfo.InvariantCulture, $"checksum is 0x{checksum:x8}, its base block has 0x{expected:x8}"),
                ChecksumOffset);
        }

        uint major = BinaryPrimitives.ReadUInt32LittleEndian(baseBlock[20..]);
        uint minor = BinaryPrimitives.ReadUInt32LittleEndian(baseBlock[24..]);
        if (major != 1 || minor > 6)
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"version {major}.{minor} is unknown"), 20);
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(baseBlock[28..]) != 0 || BinaryPrimitives.ReadUInt32LittleEndian(baseBlock[32..]) != 1)
        {
            throw Invalid("it is a log, not a primary file", 28);
        }

        uint binsSize = BinaryPrimitives.ReadUInt32LittleEndian(baseBlock[40..]);
        uint root = BinaryPrimitives.ReadUInt32LittleEndian(baseBlock[36..]);
        if (binsSize == 0 || binsSize % BaseBlockSize != 0 || root < BinHeaderSize || root > binsSize - 4)
        {
            throw Invalid(string.Create(CultureInfo.InvariantCulture, $"hive bins of {binsSize} bytes with the root at {root}"), 36);
        }

        ReadOnlySpan<byte> name = baseBlock.Slice(48, 64);
        return new RegistryHiveInfo(
            major,
            minor,
            BinaryPrimitives.ReadUInt32LittleEndian(baseBlock[4..]),
            BinaryPrimitives.ReadUInt32LittleEndian(baseBlock[8..]),
            BinaryPrimitives.ReadInt64LittleEndian(baseBlock[12..]),
            binsSize,
            BinaryPrimitives.ReadUInt32LittleEndian(baseBlock[144..]),
            Utf16Bytes.GetString(name).TrimEnd('\0').Split('\0')[0]);
    }

    /// <summary>Checks a whole hive in one pass: its base block and the chain of its bins.</summary>
    /// <param name="input">The file from its start; not owned. It is read up to the last bin.</param>
    /// <param name="cancellationToken">Checked for each bin.</param>
    /// <exception cref="LayerFormatException">It is no hive, or is cut.</exception>
    public static RegistryHiveInfo Check(Stream input, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(input);
        byte[] block = new byte[BaseBlockSize];
        int got = input.ReadAtLeast(block, block.Length, throwOnEndOfStream: false);
        RegistryHiveInfo info = ReadBaseBlock(block.AsSpan(0, got));
        for (uint at = 0; at < info.BinsSize;)
        {
            cancellationToken.ThrowIfCancellationRequested();
            uint size = BaseBlockSize;
            for (uint inBin = 0; inBin < size; inBin += BaseBlockSize)
            {
                if (input.ReadAtLeast(block, block.Length, throwOnEndOfStream: false) < block.Length)
                {
                    throw Invalid(
                        string.Create(
                            CultureInfo.InvariantCulture, $"it is cut: {at + inBin} of {info.BinsSize} bytes of hive bins are there"),
                        BaseBlockSize + at + inBin);
                }

                size = inBin == 0 ? ReadBinSize(block, at, info.BinsSize) : size;
            }

            at += size;
        }

        return info;
    }

    private static uint ReadBinSize(ReadOnlySpan<byte> bin, uint at, uint total)
    {
        uint size = BinaryPrimitives.ReadUInt32LittleEndian(bin[8..]);
        return bin.StartsWith("hbin"u8)
            && BinaryPrimitives.ReadUInt32LittleEndian(bin[4..]) == at
            && size != 0 && size % BaseBlockSize == 0 && size <= total - at
            ? size
            : throw Invalid("malformed hive bin", BaseBlockSize + (long)at);
    }

    private static LayerFormatException Invalid(string problem, long offset) => new("invalid registry hive: " + problem, offset: offset);
}
