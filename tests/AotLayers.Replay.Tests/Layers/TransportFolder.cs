using AotLayers.Formats;
using AotLayers.Replay.Tests.Recordings;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>A transport folder on disk (docs/formats/transport-folder.md#tree) that a test fills, gone with the test.</summary>
internal sealed class TransportFolder : IDisposable
{
    private readonly TempFolder _folder = new();

    public TransportFolder(params string[] tombstones)
    {
        Tombstones("\u00EF\u00BB\u00BFVersion 1.0\r\n" + string.Concat(tombstones.Select(t => t + "\r\n")));
        Plain("Hives/System_Delta", "regf");
        SetTime("Hives/System_Delta", 1455526401);
        Directory.CreateDirectory(_folder.File("Files"));
    }

    public string Path => _folder.Path;

    /// <summary>An ordinary file.</summary>
    public TransportFolder Plain(string name, string content)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        return this;
    }

    /// <summary>tombstones.txt, one byte per character.</summary>
    public TransportFolder Tombstones(string content)
    {
        File.WriteAllBytes(_folder.File("tombstones.txt"), [.. content.Select(c => (byte)c)]);
        return this;
    }

    /// <summary>A directory below Files with its metadata beside it.</summary>
    public TransportFolder Folder(string name, uint attributes = 0x10)
    {
        Directory.CreateDirectory(_folder.File(name));
        return Prefixed(name + ".$wcidirs$", attributes, [(BackupStreamId.SecurityData, [1, 0, 4, 0x80, .. new byte[16]])]);
    }

    /// <summary>A file below Files: attributes, then records.</summary>
    public TransportFolder Prefixed(string name, uint attributes, params (BackupStreamId Id, byte[] Payload)[] records)
    {
        string path = _folder.File(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        using (FileStream file = File.Create(path))
        {
            TransportEntry.WriteAttributes(file, attributes);
            foreach ((BackupStreamId id, byte[] payload) in records)
            {
                new BackupStreamWriter(file).WriteRecord(id, payload);
            }
        }

        SetTime(name, 1455526402);
        return this;
    }

    /// <summary>A file below Files: attributes, then a backup stream of any content.</summary>
    public TransportFolder Raw(string name, uint attributes, byte[] backupStream)
    {
        using (FileStream file = File.Create(_folder.File(name)))
        {
            TransportEntry.WriteAttributes(file, attributes);
            file.Write(backupStream);
        }

        SetTime(name, 1455526402);
        return this;
    }

    /// <summary>An ordinary file of bytes.</summary>
    public TransportFolder Bytes(string name, byte[] content)
    {
        File.WriteAllBytes(_folder.File(name), content);
        return this;
    }

    public void SetTime(string name, long unixSeconds) =>
        File.SetLastWriteTimeUtc(_folder.File(name), DateTimeOffset.FromUnixTimeSeconds(unixSeconds).UtcDateTime);

    public void Dispose() => _folder.Dispose();
}
