using AotLayers.Formats;

namespace AotLayers.Replay.Tests.Writing;

/// <summary>Small layer tars that have of everything that a writer handles in a way of its own.</summary>
internal static class SampleTars
{
    private const long Time = 1_455_526_401_234_567_800;

    /// <summary>A layer on <c>base</c>: links to itself and to the parent, a tombstone, a hive, a changed utility VM.</summary>
    public static byte[] WithParent() => Imports.Tar(tar =>
    {
        Common(tar);
        tar.HardLink("Files/license.lnk", "Files/License.txt");
        tar.File("Files/.wh.Users");
        tar.Directory("Hives");
        File(tar, "Hives/System_Delta", "regf");
        Directory(tar, "UtilityVM");
        Directory(tar, "UtilityVM/Files");
        Directory(tar, "UtilityVM/Files/Windows");
        File(tar, "UtilityVM/Files/Windows/new.bin", "new");
    });

    /// <summary>A base layer: a link between its files and its utility VM's, and a boot configuration.</summary>
    public static byte[] WithoutParent() => Imports.Tar(tar =>
    {
        Common(tar);
        Directory(tar, "UtilityVM");
        Directory(tar, "UtilityVM/Files");
        tar.HardLink("UtilityVM/Files/own.txt", "Files/own.txt");
        foreach (string folder in (string[])["EFI", "EFI/Microsoft", "EFI/Microsoft/Boot"])
        {
            Directory(tar, "UtilityVM/Files/" + folder);
        }

        File(tar, "UtilityVM/Files/EFI/Microsoft/Boot/BCD", "boot");
    });

    /// <summary>A layer that the streaming calls can make.</summary>
    public static byte[] WithoutLinks() => Imports.Tar(tar =>
    {
        Directory(tar, "Files");
        File(tar, "Files/own.txt", "own");
        tar.File("Files/.wh.Users");
    });

    private static void Common(TarWriter tar)
    {
        Directory(tar, "Files");
        Directory(tar, "Files/Windows");
        File(tar, "Files/own.txt", "own");
        File(tar, "Files/own.txt:ads", "stream");
        tar.HardLink("Files/Windows/again.txt", "Files/own.txt");
        TarHeader sparse = Header("Files/sparse.bin", TarTypeFlag.RegularFile, 0x220);
        sparse.Size = 4;
        tar.WriteHeader(sparse);
        tar.Write("hole"u8);
        TarHeader link = Header("Files/link", TarTypeFlag.SymbolicLink, 0x410);
        link.LinkName = @"C:\Windows";
        tar.WriteHeader(link);
    }

    private static void Directory(TarWriter tar, string name) => tar.WriteHeader(Header(name, TarTypeFlag.Directory, 0x10));

    private static void File(TarWriter tar, string name, string text)
    {
        TarHeader header = Header(name, TarTypeFlag.RegularFile, 0x21);
        header.Size = text.Length;
        tar.WriteHeader(header);
        tar.Write(System.Text.Encoding.ASCII.GetBytes(text));
    }

    private static TarHeader Header(string name, TarTypeFlag type, uint attributes)
    {
        var header = new TarHeader
        {
            Name = name,
            TypeFlag = type,
            ModificationTime = Time,
            AccessTime = Time,
            ChangeTime = Time,
        };
        header.Records.Set("MSWINDOWS.fileattr"u8, attributes);
        header.Records.Set(
            "MSWINDOWS.rawsd"u8, System.Text.Encoding.ASCII.GetBytes(Convert.ToBase64String([1, 0, 4, 0x80, .. new byte[16]])));
        header.Records.Set("MSWINDOWS.xattr.A"u8, "eA=="u8);
        return header;
    }
}
