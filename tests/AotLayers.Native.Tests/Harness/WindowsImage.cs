using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using System.Text;

namespace AotLayers.Native.Tests.Harness;

/// <summary>The names in the import and export tables of a Windows program or library.</summary>
internal sealed class WindowsImage
{
    private readonly PEReader _reader;

    private WindowsImage(PEReader reader) => _reader = reader;

    /// <summary>The libraries that Windows loads before the first instruction runs, in lower case and in order of name.</summary>
    public required IReadOnlyList<string> ImportedLibraries { get; init; }

    /// <summary>The exported names, in order.</summary>
    public required IReadOnlyList<string> ExportedNames { get; init; }

    public static WindowsImage Read(string path)
    {
        using PEReader reader = new(File.OpenRead(path));
        PEHeader header = reader.PEHeaders.PEHeader ?? throw new BadImageFormatException("no optional header", path);
        WindowsImage image = new(reader) { ImportedLibraries = [], ExportedNames = [] };
        return new WindowsImage(reader)
        {
            ImportedLibraries =
            [
                .. image.Libraries(header.ImportTableDirectory, entrySize: 20, nameOffset: 12)
                    .Concat(image.Libraries(header.DelayImportTableDirectory, entrySize: 32, nameOffset: 4))
                    .Select(name => name.ToLowerInvariant())
                    .Order(StringComparer.Ordinal),
            ],
            ExportedNames = image.Exports(header.ExportTableDirectory),
        };
    }

    // Both tables end with an entry of zeros.
    private List<string> Libraries(DirectoryEntry table, int entrySize, int nameOffset)
    {
        List<string> names = [];
        for (int rva = table.RelativeVirtualAddress; table.Size != 0 && UInt32(rva + nameOffset) != 0; rva += entrySize)
        {
            names.Add(Text(UInt32(rva + nameOffset)));
        }

        return names;
    }

    // IMAGE_EXPORT_DIRECTORY: the number of names at 24, the RVA of the array of their RVAs at 32.
    private List<string> Exports(DirectoryEntry table)
    {
        List<string> names = [];
        int count = table.Size == 0 ? 0 : UInt32(table.RelativeVirtualAddress + 24);
        for (int i = 0; i < count; i++)
        {
            names.Add(Text(UInt32(UInt32(table.RelativeVirtualAddress + 32) + (i * 4))));
        }

        return names;
    }

    private int UInt32(int rva) => BinaryPrimitives.ReadInt32LittleEndian([.. _reader.GetSectionData(rva).GetContent(0, 4)]);

    private string Text(int rva)
    {
        PEMemoryBlock block = _reader.GetSectionData(rva);
        ReadOnlySpan<byte> bytes = [.. block.GetContent(0, Math.Min(block.Length, 512))];
        return Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)0)]);
    }
}
