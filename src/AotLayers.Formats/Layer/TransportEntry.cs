using System.Buffers.Binary;

namespace AotLayers.Formats;

/// <summary>
/// Files of a transport folder (docs/formats/transport-folder.md#files-with-a-prefix): everything strictly below <c>Files\</c> starts
/// with four bytes of Win32 attributes, then comes a backup stream; the metadata of a directory lies beside it in <c>name.$wcidirs$</c>.
/// </summary>
public static class TransportEntry
{
    /// <summary>Bytes before the backup stream.</summary>
    public const int PrefixSize = 4;

    /// <summary>What follows a directory's name in the name of the file that holds its metadata.</summary>
    public const string DirectoryMetadataSuffix = ".$wcidirs$";

    /// <summary>Whether a file with this entry name has the prefix.</summary>
    /// <param name="name">Entry name, relative to the transport folder.</param>
    public static bool HasPrefix(string name) => WindowsPath.IsBelow(name, "Files");

    /// <summary>Whether this is a directory's metadata file.</summary>
    /// <param name="name">Entry name, relative to the transport folder.</param>
    public static bool IsDirectoryMetadata(string name)
    {
        ArgumentNullException.ThrowIfNull(name);
        return name.EndsWith(DirectoryMetadataSuffix, StringComparison.Ordinal);
    }

    /// <summary>Reads the attributes; the backup stream follows.</summary>
    /// <param name="input">The transport file at its start.</param>
    /// <param name="name">Entry name, for errors.</param>
    /// <exception cref="LayerFormatException">The file is shorter than the prefix.</exception>
    public static uint ReadAttributes(Stream input, string name)
    {
        ArgumentNullException.ThrowIfNull(input);
        Span<byte> prefix = stackalloc byte[PrefixSize];
        return input.ReadAtLeast(prefix, PrefixSize, throwOnEndOfStream: false) == PrefixSize
            ? BinaryPrimitives.ReadUInt32LittleEndian(prefix)
            : throw new LayerFormatException("transport file is cut before its attributes", name, offset: 0);
    }

    /// <summary>Writes the attributes; the backup stream follows.</summary>
    public static void WriteAttributes(Stream output, uint attributes)
    {
        ArgumentNullException.ThrowIfNull(output);
        Span<byte> prefix = stackalloc byte[PrefixSize];
        BinaryPrimitives.WriteUInt32LittleEndian(prefix, attributes);
        output.Write(prefix);
    }
}
