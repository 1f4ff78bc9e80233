using AotLayers.Hcs;
using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>One entry that <see cref="FakeVmcompute"/> streams.</summary>
internal sealed record FakeEntry(string? Name, byte[] Stream, FileBasicInfo Info = default, long Size = 0, bool Deleted = false);

/// <summary>The streaming calls of vmcompute, played from a list and able to misbehave; everything else is refused.</summary>
internal sealed class FakeVmcompute : UnsupportedVmcompute
{
    private const nint Context = 0x1234;

    private int _next;
    private int _position;

    public List<FakeEntry> Entries { get; } = [];

    /// <summary>Every call in order; reads only once in a row.</summary>
    public List<string> Calls { get; } = [];

    public int BeginResult { get; set; }

    public int EndResult { get; set; }

    /// <summary>Result of ExportLayerNext after the last entry: ERROR_NO_MORE_FILES unless a test wants another.</summary>
    public int LastResult { get; set; } = unchecked((int)0x80070012);

    /// <summary>Offset at which ExportLayerRead fails with ERROR_CRC; -1 for never.</summary>
    public int FailReadAt { get; set; } = -1;

    /// <summary>Added to the number of bytes that ExportLayerRead tells.</summary>
    public uint ReadTooMuch { get; set; }

    public int LargestRead { get; set; } = int.MaxValue;

    public DriverInfo Driver { get; private set; }

    public LayerDescriptor[] Parents { get; private set; } = [];

    public override ExportStatus Probe(string export) => ExportStatus.Present;

    public override int NameToGuid(string name, out Guid id)
    {
        Calls.Add("NameToGuid " + name);
        id = new Guid(name.Length, 0, 0, new byte[8]);
        return 0;
    }

    public override int ExportLayerBegin(
        in DriverInfo info,
        string layerId,
        ReadOnlySpan<LayerDescriptor> parents,
        uint parentCount,
        out nint context)
    {
        Calls.Add("Begin " + layerId);
        Driver = info;
        Parents = parents.ToArray();
        Assert.Equal((uint)parents.Length, parentCount);
        context = BeginResult < 0 ? 0 : Context;
        return BeginResult;
    }

    public override int ExportLayerNext(nint context, out string? fileName, out FileBasicInfo fileInfo, out long fileSize, out uint deleted)
    {
        Assert.Equal(Context, context);
        Calls.Add("Next");
        fileName = null;
        fileInfo = default;
        fileSize = 0;
        deleted = 0;
        if (_next == Entries.Count)
        {
            return LastResult;
        }

        FakeEntry entry = Entries[_next++];
        _position = 0;
        fileName = entry.Name;
        fileInfo = entry.Info;
        fileSize = entry.Size;
        deleted = entry.Deleted ? 1u : 0;
        return 0;
    }

    public override int ExportLayerRead(nint context, Span<byte> buffer, uint length, out uint bytesRead)
    {
        Assert.Equal(Context, context);
        Assert.False(buffer.IsEmpty);
        if (Calls[^1] != "Read")
        {
            Calls.Add("Read");
        }

        bytesRead = 0;
        if (FailReadAt >= 0 && _position >= FailReadAt)
        {
            return unchecked((int)0x80070017);
        }

        byte[] stream = Entries[_next - 1].Stream;
        int count = Math.Min(Math.Min(buffer.Length, LargestRead), stream.Length - _position);
        count = FailReadAt >= 0 ? Math.Min(count, FailReadAt - _position) : count;
        stream.AsSpan(_position, count).CopyTo(buffer);
        _position += count;
        bytesRead = (uint)count + ReadTooMuch;
        return 0;
    }

    public override int ExportLayerEnd(nint context)
    {
        Assert.Equal(Context, context);
        Calls.Add("End");
        return EndResult;
    }
}
