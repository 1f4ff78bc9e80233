using AotLayers.Formats;
using CsCheck;
using Xunit;

namespace AotLayers.Replay.Tests.Formats;

/// <summary>Bytes and streams that the tests of the formats share.</summary>
internal static class FormatSamples
{
    public static byte[] Hex(string text) => Convert.FromHexString(text.Replace(" ", "", StringComparison.Ordinal));

    /// <summary>The four times of the known answer in docs/formats/layer-tar.md#known-answer.</summary>
    public static LayerFileInfo Info(uint attributes = WindowsFileAttributes.Archive) =>
        new(131000000012345678, 131000000012345678, 131000000012345678, 131000000012345678, attributes);

    /// <summary>One of some values.</summary>
    public static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    public static Stream Open(byte[] bytes, bool seekable) => seekable ? new MemoryStream(bytes) : new ForwardOnlyStream(bytes);

    public static byte[] Backup(params (BackupStreamHeader Header, byte[] Payload)[] records)
    {
        var output = new MemoryStream();
        var writer = new BackupStreamWriter(output);
        foreach ((BackupStreamHeader header, byte[] payload) in records)
        {
            writer.WriteHeader(header);
            writer.Write(payload);
        }

        writer.Finish();
        return output.ToArray();
    }

    public static (BackupStreamHeader Header, byte[] Payload) Record(
        BackupStreamId id,
        byte[] payload,
        BackupStreamAttributes attributes = BackupStreamAttributes.None,
        string name = "") =>
        (new BackupStreamHeader(id, payload.Length, attributes, name), payload);

    public static (BackupStreamHeader Header, byte[] Payload) Block(long offset, byte[] payload) =>
        (new BackupStreamHeader(BackupStreamId.SparseBlock, payload.Length, BackupStreamAttributes.Sparse, SparseOffset: offset), payload);

    /// <summary>All entries of a tar. The reader reuses its header, so each one is copied.</summary>
    public static List<(TarHeader Header, byte[] Data)> ReadTar(byte[] tar)
    {
        var reader = new TarReader(new MemoryStream(tar));
        var entries = new List<(TarHeader Header, byte[] Data)>();
        while (reader.GetNextEntry() is { } header)
        {
            var copy = new TarHeader
            {
                Name = header.Name,
                LinkName = header.LinkName,
                TypeFlag = header.TypeFlag,
                Mode = header.Mode,
                Size = header.Size,
                ModificationTime = header.ModificationTime,
                AccessTime = header.AccessTime,
                ChangeTime = header.ChangeTime,
            };
            for (int i = 0; i < header.Records.Count; i++)
            {
                copy.Records.Set(header.Records.KeyAt(i), header.Records.ValueAt(i));
            }

            var data = new MemoryStream();
            reader.Data.CopyTo(data);
            entries.Add((copy, data.ToArray()));
        }

        Assert.True(reader.EndMarkerSeen);
        Assert.Equal(tar.Length, reader.Position);
        return entries;
    }

    /// <summary>Runs a parser: it may refuse its input with <see cref="LayerFormatException"/>, and with nothing else.</summary>
    public static bool OnlyFormatErrors(Action parse)
    {
        try
        {
            parse();
        }
        catch (LayerFormatException)
        {
            // A refusal is a correct answer.
        }

        return true;
    }

    /// <summary>A pipe: cannot seek, gives few bytes at a time.</summary>
    private sealed class ForwardOnlyStream(byte[] bytes) : Stream
    {
        private int _at;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position
        {
            get => throw new NotSupportedException();
            set => throw new NotSupportedException();
        }

        public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

        public override int Read(Span<byte> buffer)
        {
            int count = Math.Min(Math.Min(buffer.Length, 7), bytes.Length - _at);
            bytes.AsSpan(_at, count).CopyTo(buffer);
            _at += count;
            return count;
        }

        public override void Flush()
        {
        }

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
