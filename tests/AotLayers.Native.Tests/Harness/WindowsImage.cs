using System.Buffers.Binary;
using System.Reflection.PortableExecutable;
using System.Text;

namespace AotLayers.Native.Tests.Harness;

/// <summary>The names in the import and export tables of a Windows program or library.</summary>
internal sealed class WindowsImage
{
    private WindowsImage(PEReader reader)
    {
        PEHeader header = reader.PEHeaders.PEHeader ?? throw new BadImageFormatException("the file has no optional header");
        Machine = reader.PEHeaders.CoffHeader.Machine;
        ImportedLibraries =
        [
            .. Libraries(reader, header.ImportTableDirectory, entrySize: 20, nameOffset: 12)
                .Concat(Libraries(reader, header.DelayImportTableDirectory, entrySize: 32, nameOffset: 4))
                .Select(name => name.ToLowerInvariant())
                .Order(StringComparer.Ordinal),
        ];
        ExportedNames = Exports(reader, header.ExportTableDirectory);
    }

    public Machine Machine { get; }

    /// <summary>
    /// The libraries that Windows loads with the image, or (delayed imports) on its behalf: in lower case, in order of name.
    /// </summary>
    public IReadOnlyList<string> ImportedLibraries { get; }

    /// <summary>The exported names, in order.</summary>
    public IReadOnlyList<string> ExportedNames { get; }

    public static WindowsImage Read(string path)
    {
        using PEReader reader = new(File.OpenRead(path));
        return new WindowsImage(reader);
    }

    // Both tables end with an entry of zeros.
    private static List<string> Libraries(PEReader reader, DirectoryEntry table, int entrySize, int nameOffset)
    {
        List<string> names = [];
        for (int rva = table.RelativeVirtualAddress; table.Size != 0 && Int32(reader, rva + nameOffset) != 0; rva += entrySize)
        {
            names.Add(Text(reader, Int32(reader, rva + nameOffset)));
        }

        return names;
    }

    // IMAGE_EXPORT_DIRECTORY: the number of names at 24, the RVA of the array of their RVAs at 32.
    private static List<string> Exports(PEReader reader, DirectoryEntry table)
    {
        List<string> names = [];
        int count = table.Size == 0 ? 0 : Int32(reader, table.RelativeVirtualAddress + 24);
        for (int i = 0; i < count; i++)
        {
            names.Add(Text(reader, Int32(reader, Int32(reader, table.RelativeVirtualAddress + 32) + (i * 4))));
        }

        return names;
    }

    private static int Int32(PEReader reader, int rva) =>
        BinaryPrimitives.ReadInt32LittleEndian([.. reader.GetSectionData(rva).GetContent(0, 4)]);

    private static string Text(PEReader reader, int rva)
    {
        PEMemoryBlock block = reader.GetSectionData(rva);
        ReadOnlySpan<byte> bytes = [.. block.GetContent(0, Math.Min(block.Length, 512))];
        return Encoding.ASCII.GetString(bytes[..bytes.IndexOf((byte)0)]);
    }
}
