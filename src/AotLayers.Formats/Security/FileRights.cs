using System.Globalization;

namespace AotLayers.Formats;

/// <summary>Access masks of files and directories in words.</summary>
public static class FileRights
{
    private static readonly (string Name, uint Mask)[] s_whole =
    [
        ("full control", 0x1F01FF), ("modify", 0x1301BF), ("read and execute", 0x1200A9), ("read", 0x120089), ("write", 0x120116),
        ("execute", 0x1200A0), ("read and write", 0x12019F),
    ];

    private static readonly (string Name, uint Mask)[] s_bits =
    [
        ("read data", 0x1), ("write data", 0x2), ("append data", 0x4), ("read extended attributes", 0x8),
        ("write extended attributes", 0x10),
        ("execute or traverse", 0x20), ("delete children", 0x40), ("read attributes", 0x80), ("write attributes", 0x100),
        ("delete", 0x10000), ("read permissions", 0x20000), ("change permissions", 0x40000), ("take ownership", 0x80000),
        ("synchronize", 0x100000),
        ("access system security", 0x1000000), ("maximum allowed", 0x2000000),
        ("generic all", 0x10000000), ("generic execute", 0x20000000), ("generic write", 0x40000000), ("generic read", 0x80000000),
    ];

    /// <summary>The rights of a mask in words; bits without a name as a number.</summary>
    public static string Describe(uint mask)
    {
        foreach ((string name, uint whole) in s_whole)
        {
            if (whole == mask)
            {
                return name;
            }
        }

        var words = new List<string>();
        foreach ((string name, uint bit) in s_bits)
        {
            if ((mask & bit) != 0)
            {
                words.Add(name);
                mask &= ~bit;
            }
        }

        if (mask != 0)
        {
            words.Add(string.Create(CultureInfo.InvariantCulture, $"0x{mask:x}"));
        }

        return words.Count == 0 ? "nothing" : string.Join(", ", words);
    }
}
