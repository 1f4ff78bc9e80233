using AotLayers.Formats;
using AotLayers.Hcs;
using CsCheck;

namespace AotLayers.Replay.Tests.Simulator;

/// <summary>Random entries of layers, with every kind of stream.</summary>
internal static class RandomLayers
{
    private static readonly Gen<byte[]> s_bytes = Gen.Byte.Array[0, 300];

    private static readonly Gen<string> s_name = Gen.OneOf(
        Gen.Char["abcXYZ09 ._-$~"].Array[1, 8].Select(chars => new string(chars)),
        Gen.OneOf([.. new[]
        {
            "Grüße",
            "日本語",
            "\U0001f600",
            "\ue000",
            "lone\ud800",
            "\udc00x",
            "trailing.",
            " lead",
            "$Recycle.Bin",
            "x.$wcidirs",
            "CON"
        }.Select(Gen.Const)]))
        .Where(name => name.Trim('.').Length > 0);

    private static readonly Gen<Action<BackupStreamWriter>> s_data = Gen.OneOf(
        Gen.Const<Action<BackupStreamWriter>>(static _ => { }),
        s_bytes.Select<byte[], Action<BackupStreamWriter>>(bytes => stream => Add(stream, BackupStreamId.Data, bytes)),
        Gen.Select(s_bytes.Array[1, 3], Gen.Int[0, 5000]).Select<(byte[][] Ranges, int Hole), Action<BackupStreamWriter>>(
            sparse => stream => AddSparse(stream, sparse.Ranges, sparse.Hole)));

    private static readonly Gen<Action<BackupStreamWriter>> s_extra = Gen.OneOf(
        s_bytes.Select<byte[], Action<BackupStreamWriter>>(bytes => stream => Add(
            stream,
            BackupStreamId.SecurityData,
            bytes,
            BackupStreamAttributes.None)),
        s_bytes.Select<byte[], Action<BackupStreamWriter>>(bytes => stream => Add(
            stream,
            BackupStreamId.EaData,
            ExtendedAttributes.Encode([new("A"u8.ToArray(), bytes, 0x80)]))),
        s_bytes.Select<byte[], Action<BackupStreamWriter>>(bytes => stream => Add(
            stream,
            BackupStreamId.ReparseData,
            [0x18, 0, 0, 0x80, (byte)bytes.Length, (byte)(bytes.Length >> 8), 0, 0, .. bytes])),
        Gen.Byte.Array[64].Select<byte[], Action<BackupStreamWriter>>(bytes => stream => Add(stream, BackupStreamId.ObjectId, bytes)),
        s_bytes.Select<byte[], Action<BackupStreamWriter>>(bytes => stream => Add(stream, BackupStreamId.TxfsData, bytes)),
        Gen.Select(s_name, s_bytes).Select<(string Name, byte[] Bytes), Action<BackupStreamWriter>>(ads => stream =>
            Add(stream, BackupStreamId.AlternateData, ads.Bytes, BackupStreamAttributes.None, $":{ads.Name}:$DATA")));

    /// <summary>A backup stream with anything in it.</summary>
    public static Gen<byte[]> Stream { get; } = Gen.Select(s_extra.Array[0, 3], s_data, s_extra.Array[0, 3]).Select(parts =>
    {
        var bytes = new MemoryStream();
        var stream = new BackupStreamWriter(bytes);
        foreach (Action<BackupStreamWriter> part in (Action<BackupStreamWriter>[])[.. parts.Item1, parts.Item2, .. parts.Item3])
        {
            part(stream);
        }

        stream.Finish();
        return bytes.ToArray();
    });

    private static readonly Gen<FileBasicInfo> s_info = Gen.Select(Gen.Long, Gen.Long, Gen.Long, Gen.Long, Gen.UInt).Select(v =>
        new FileBasicInfo
        {
            CreationTime = v.Item1,
            LastAccessTime = v.Item2,
            LastWriteTime = v.Item3,
            ChangeTime = v.Item4,
            FileAttributes = v.Item5 & ~0x10u
        });

    /// <summary>A name, the directory that it goes into (by number), whether it is a directory, a deletion.</summary>
    public static Gen<(string Name, int Parent, bool Directory, bool Deleted, FileBasicInfo Info, byte[] Stream)> Entry { get; } =
        Gen.Select(s_name, Gen.Int[0, 100], Gen.Bool, Gen.Int[0, 9], s_info, Stream)
            .Select(v => (v.Item1, v.Item2, v.Item3, v.Item4 == 0, v.Item5, v.Item6));

    private static void Add(
        BackupStreamWriter stream,
        BackupStreamId id,
        byte[] bytes,
        BackupStreamAttributes attributes = BackupStreamAttributes.None,
        string name = "")
    {
        stream.WriteHeader(new BackupStreamHeader(id, bytes.Length, attributes, name));
        stream.Write(bytes);
    }

    private static void AddSparse(BackupStreamWriter stream, byte[][] ranges, int hole)
    {
        Add(stream, BackupStreamId.Data, [], BackupStreamAttributes.Sparse);
        long at = 0;
        foreach (byte[] range in ranges.Where(range => range.Length > 0))
        {
            at += hole;
            stream.WriteHeader(new BackupStreamHeader(
                BackupStreamId.SparseBlock,
                range.Length,
                BackupStreamAttributes.Sparse,
                SparseOffset: at));
            stream.Write(range);
            at += range.Length;
        }

        stream.WriteHeader(new BackupStreamHeader(BackupStreamId.SparseBlock, 0, BackupStreamAttributes.Sparse, SparseOffset: at + hole));
    }
}
