using AotLayers.Formats;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>FILE_BASIC_INFO of the native calls to and from the form that formats use.</summary>
internal static class FileInfoConversion
{
    public static LayerFileInfo ToLayerFileInfo(this in FileBasicInfo info) =>
        new(info.CreationTime, info.LastAccessTime, info.LastWriteTime, info.ChangeTime, info.FileAttributes);

    public static FileBasicInfo ToFileBasicInfo(this in LayerFileInfo info) => new()
    {
        CreationTime = info.CreationTime,
        LastAccessTime = info.LastAccessTime,
        LastWriteTime = info.LastWriteTime,
        ChangeTime = info.ChangeTime,
        FileAttributes = info.FileAttributes,
    };
}
