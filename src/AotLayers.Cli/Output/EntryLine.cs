using System.Globalization;
using AotLayers.Formats;

namespace AotLayers.Cli.Output;

/// <summary>An entry in one line: <c>-rhsa--- 20000 2016-02-15 08:53:21 Files\Windows\notepad.exe</c>.</summary>
internal static class EntryLine
{
    private const int SizeWidth = 13;

    private static readonly (uint Bit, char Letter)[] s_letters =
    [
        (WindowsFileAttributes.ReadOnly, 'r'), (WindowsFileAttributes.Hidden, 'h'), (WindowsFileAttributes.System, 's'),
        (WindowsFileAttributes.Archive, 'a'), (WindowsFileAttributes.Compressed, 'c'), (WindowsFileAttributes.Encrypted, 'e'),
        (WindowsFileAttributes.SparseFile, 'p'),
    ];

    /// <summary>The long form.</summary>
    public static string Long(LayerEntry entry, LayerEntryMetadata? metadata)
    {
        string kind = EntryTraitsOf.Kind(EntryTraitsOf.Find(entry, metadata));
        Span<char> mode = stackalloc char[1 + s_letters.Length];
        mode[0] = kind switch
        {
            "directory" => 'd',
            "symlink" => 'l',
            "junction" => 'j',
            "reparse" => 'p',
            "link" => 'h',
            "tombstone" => 't',
            _ => '-',
        };
        for (int i = 0; i < s_letters.Length; i++)
        {
            mode[i + 1] = (entry.Info.FileAttributes & s_letters[i].Bit) != 0 ? s_letters[i].Letter : '-';
        }

        string time = entry.IsTombstone ? "" : FileTime.ToText(entry.Info.LastWriteTime)[..^9].Replace('T', ' ');
        return string.Create(
            CultureInfo.InvariantCulture, $"{mode} {entry.Size,SizeWidth} {time,19} {entry.Name}{Target(entry, metadata)}");
    }

    /// <summary>An alternate stream in the long form.</summary>
    public static string Long(LayerEntry entry, LayerStreamMetadata stream) => string.Create(
        CultureInfo.InvariantCulture,
        $"s------- {stream.Size,SizeWidth} {FileTime.ToText(entry.Info.LastWriteTime)[..^9].Replace('T', ' '),19} {Name(entry, stream)}");

    /// <summary>How a stream is named, as <c>cat</c> takes it.</summary>
    public static string Name(LayerEntry entry, LayerStreamMetadata stream) => entry.Name + ":" + stream.BareName;

    private static string Target(LayerEntry entry, LayerEntryMetadata? metadata) =>
        entry.HardLinkTarget is { } link ? " => " + link
        : metadata?.ReparsePoint is { } point ? " -> " + point.Target
        : metadata is { ReparseTag: not 0 } ? " -> " + ReparseTag.Describe(metadata.ReparseTag)
        : "";
}
