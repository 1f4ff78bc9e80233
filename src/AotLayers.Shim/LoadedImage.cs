using System.Runtime.InteropServices;

namespace AotLayers.Shim;

/// <summary>
/// A library in the memory of this process, in the format of Windows (the PE format, "Export Directory Table" and "Import Directory
/// Table"). The loader has checked it.
/// </summary>
internal readonly unsafe struct LoadedImage
{
    private const int ExportsIndex = 0;
    private const int ImportsIndex = 1;
    private const ushort Pe32Plus = 0x20B;

    private readonly byte* _base;
    private readonly byte* _optional;

    public LoadedImage(nint module)
    {
        _base = (byte*)module;
        byte* headers = _base + *(int*)(_base + 0x3C);
        _optional = headers + 24;
    }

    /// <summary>Where it lies.</summary>
    public nint Module => (nint)_base;

    /// <summary>It is a 64-bit image.</summary>
    public bool IsSupported => *(ushort*)_optional == Pe32Plus;

    /// <summary>Bytes in memory.</summary>
    public uint Size => *(uint*)(_optional + 56);

    /// <summary>The exports that have names: name, and place of the 32-bit address.</summary>
    public List<NamedExport> Exports()
    {
        List<NamedExport> exports = [];
        if (Directory(ExportsIndex, out uint size) is var directory and not 0)
        {
            byte* table = _base + directory;
            uint names = *(uint*)(table + 24);
            uint* functionAddresses = (uint*)(_base + *(uint*)(table + 28));
            uint* nameAddresses = (uint*)(_base + *(uint*)(table + 32));
            ushort* ordinals = (ushort*)(_base + *(uint*)(table + 36));
            for (uint i = 0; i < names; i++)
            {
                uint* address = functionAddresses + ordinals[i];
                exports.Add(new NamedExport(
                    Marshal.PtrToStringAnsi((nint)(_base + nameAddresses[i]))!,
                    address,
                    isForwarded: *address >= directory && *address < directory + size));
            }
        }

        return exports;
    }

    /// <summary>The imports by name: library, function, and place of the address.</summary>
    public List<NamedImport> Imports(Func<string, bool> ofLibrary)
    {
        List<NamedImport> imports = [];
        uint directory = Directory(ImportsIndex, out _);
        for (byte* entry = _base + directory; directory != 0 && *(uint*)(entry + 12) != 0; entry += 20)
        {
            string library = Marshal.PtrToStringAnsi((nint)(_base + *(uint*)(entry + 12)))!;
            uint lookups = *(uint*)entry;
            if (lookups == 0 || !ofLibrary(library))
            {
                continue;
            }

            long* names = (long*)(_base + lookups);
            nint* addresses = (nint*)(_base + *(uint*)(entry + 16));
            for (int i = 0; names[i] != 0; i++)
            {
                // By ordinal when the highest bit is set; otherwise a hint of two bytes and the name.
                if (names[i] > 0)
                {
                    imports.Add(new NamedImport(library, Marshal.PtrToStringAnsi((nint)(_base + names[i] + 2))!, addresses + i));
                }
            }
        }

        return imports;
    }

    private uint Directory(int index, out uint size)
    {
        byte* entry = _optional + 112 + (8 * index);
        size = *(uint*)(entry + 4);
        return *(uint*)entry;
    }
}

/// <summary>An export.</summary>
internal readonly unsafe struct NamedExport(string name, uint* address, bool isForwarded)
{
    public string Name { get; } = name;

    /// <summary>Its address, from where the library lies.</summary>
    public uint* Address { get; } = address;

    /// <summary>It is another library's.</summary>
    public bool IsForwarded { get; } = isForwarded;
}

/// <summary>An import.</summary>
internal readonly unsafe struct NamedImport(string library, string name, nint* address)
{
    public string Library { get; } = library;

    public string Name { get; } = name;

    /// <summary>What the program calls.</summary>
    public nint* Address { get; } = address;
}
