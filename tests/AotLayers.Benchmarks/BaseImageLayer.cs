using AotLayers.Formats;

namespace AotLayers.Benchmarks;

/// <summary>
/// A layer tar with the mix of entries that was counted in nanoserver ltsc2025 (docs/formats/layer-tar.md#what-real-images-hold): 1,350
/// directories, 5,164 files and 3,774 hard links; 6,513 security descriptors of a few kinds; 981 files with two extended attributes.
/// </summary>
internal static class BaseImageLayer
{
    private const int Directories = 1350;
    private const int Files = 5164;
    private const int HardLinks = 3774;
    private const int WithAttributes = 981;
    private const int LargestFile = 96 * 1024;

    private static readonly string[] s_descriptors =
    [
        "O:S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464D:PAI(A;;FA;;;SY)(A;;0x1200a9;;;BA)(A;;0x1200a9;;;BU)",
        "O:SYG:SYD:AI(A;ID;FA;;;SY)(A;ID;FA;;;BA)(A;ID;0x1200a9;;;BU)(A;ID;0x1200a9;;;AC)",
        "O:BAG:SYD:(A;OICI;FA;;;BA)(A;OICI;FA;;;SY)(A;OICI;0x1200a9;;;BU)",
    ];

    /// <summary>Writes the tar.</summary>
    public static void Write(Stream output)
    {
        using var tar = new LayerTarWriter(output);
        byte[][] descriptors = Array.ConvertAll(s_descriptors, text => SecurityDescriptor.FromSddl(text).Encode());
        byte[] attributes = ExtendedAttributes.Encode(
        [
            new ExtendedAttribute("$CI.CATALOGHINT"u8.ToArray(), new byte[0x5D]),
            new ExtendedAttribute("$KERNEL.PURGE.ESBCACHE"u8.ToArray(), new byte[0x60]),
        ]);
        tar.WriteEntry("Files", 0, Info(0, directory: true), Stream.Null);
        for (int i = 1; i < Directories; i++)
        {
            // Files comes before UtilityVM; the order within is not the one that a walk of names has.
            string directory = i < 900 ? $@"Files\Windows\WinSxS\{"amd64 Amd64 x86"[..(i % 15)]}_{i}" : $@"UtilityVM\Files\{i}";
            tar.WriteEntry(directory, 0, Info(i, directory: true), Backup(descriptors[i % 3], null, -1));
            for (int file = i - 1; file < Files; file += Directories - 1)
            {
                string name = $@"{directory}\module{file}.dll";
                int size = file * 37 % LargestFile;
                tar.WriteEntry(name, size, Info(file, directory: false), Backup(
                    descriptors[file % 3], file < WithAttributes ? attributes : null, size));
                if (file < HardLinks)
                {
                    tar.WriteHardLink($@"UtilityVM\Files\link{file}.dll", name, Info(file, directory: false));
                }
            }
        }

        tar.Finish();
    }

    private static LayerFileInfo Info(int number, bool directory)
    {
        long time = 131000000012345678 + number;
        return new LayerFileInfo(time, time, time, time, directory ? WindowsFileAttributes.Directory : WindowsFileAttributes.Archive);
    }

    private static MemoryStream Backup(byte[] security, byte[]? attributes, int size)
    {
        var stream = new MemoryStream();
        var writer = new BackupStreamWriter(stream);
        writer.WriteHeader(new BackupStreamHeader(BackupStreamId.SecurityData, security.Length));
        writer.Write(security);
        if (attributes is not null)
        {
            writer.WriteHeader(new BackupStreamHeader(BackupStreamId.EaData, attributes.Length));
            writer.Write(attributes);
        }

        if (size >= 0)
        {
            byte[] content = new byte[size];
            for (int i = 0; i < size; i++)
            {
                content[i] = (byte)((i * 7) ^ (i >> 5));
            }

            writer.WriteHeader(new BackupStreamHeader(BackupStreamId.Data, size));
            writer.Write(content);
        }

        stream.Position = 0;
        return stream;
    }
}
