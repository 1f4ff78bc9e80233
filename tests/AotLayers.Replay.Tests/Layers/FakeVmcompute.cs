using AotLayers.Hcs;
using AotLayers.Interop;
using Xunit;

namespace AotLayers.Replay.Tests.Layers;

/// <summary>One entry that <see cref="FakeVmcompute"/> streams.</summary>
internal sealed record FakeEntry(string? Name, byte[] Stream, FileBasicInfo Info = default, long Size = 0, bool Deleted = false);

/// <summary>The streaming calls of vmcompute, played from a list and able to misbehave; everything else is refused.</summary>
internal sealed unsafe class FakeVmcompute : IVmcompute
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

    public NativeApiInfo Info => VmcomputeApi.Info;

    public ExportStatus Probe(string export) => ExportStatus.Present;

    public int NameToGuid(string name, out Guid id)
    {
        Calls.Add("NameToGuid " + name);
        id = new Guid(name.Length, 0, 0, new byte[8]);
        return 0;
    }

    public int ExportLayerBegin(in DriverInfo info, string layerId, ReadOnlySpan<LayerDescriptor> parents, uint parentCount, out nint context)
    {
        Calls.Add("Begin " + layerId);
        Driver = info;
        Parents = parents.ToArray();
        Assert.Equal((uint)parents.Length, parentCount);
        context = BeginResult < 0 ? 0 : Context;
        return BeginResult;
    }

    public int ExportLayerNext(nint context, out string? fileName, out FileBasicInfo fileInfo, out long fileSize, out uint deleted)
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

    public int ExportLayerRead(nint context, Span<byte> buffer, uint length, out uint bytesRead)
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

    public int ExportLayerEnd(nint context)
    {
        Assert.Equal(Context, context);
        Calls.Add("End");
        return EndResult;
    }

    public int ActivateLayer(in DriverInfo info, string layerId) => throw new NotSupportedException();

    public int DeactivateLayer(in DriverInfo info, string layerId) => throw new NotSupportedException();

    public int CreateLayer(in DriverInfo info, string layerId, string parentId) => throw new NotSupportedException();

    public int CreateSandboxLayer(in DriverInfo info, string layerId, string? parentId, ReadOnlySpan<LayerDescriptor> parents, uint parentCount) => throw new NotSupportedException();

    public int CopyLayer(in DriverInfo info, string sourceId, string targetId, ReadOnlySpan<LayerDescriptor> parents, uint parentCount) => throw new NotSupportedException();

    public int DestroyLayer(in DriverInfo info, string layerId) => throw new NotSupportedException();

    public int ExpandSandboxSize(in DriverInfo info, string layerId, ulong sizeBytes) => throw new NotSupportedException();

    public int ExportLayer(in DriverInfo info, string layerId, string exportFolder, ReadOnlySpan<LayerDescriptor> parents, uint parentCount) => throw new NotSupportedException();

    public int ImportLayer(in DriverInfo info, string layerId, string importFolder, ReadOnlySpan<LayerDescriptor> parents, uint parentCount) => throw new NotSupportedException();

    public int GetLayerMountPath(in DriverInfo info, string layerId, ref nuint length, Span<char> buffer) => throw new NotSupportedException();

    public int GetBaseImages(out string? json) => throw new NotSupportedException();

    public int LayerExists(in DriverInfo info, string layerId, out uint exists) => throw new NotSupportedException();

    public int PrepareLayer(in DriverInfo info, string layerId, ReadOnlySpan<LayerDescriptor> parents, uint parentCount) => throw new NotSupportedException();

    public int UnprepareLayer(in DriverInfo info, string layerId) => throw new NotSupportedException();

    public int ProcessBaseImage(string layerPath) => throw new NotSupportedException();

    public int ProcessUtilityImage(string utilityVmPath) => throw new NotSupportedException();

    public int GrantVmAccess(string vmId, string filePath) => throw new NotSupportedException();

    public int ImportLayerBegin(in DriverInfo info, string layerId, ReadOnlySpan<LayerDescriptor> parents, uint parentCount, out nint context) => throw new NotSupportedException();

    public int ImportLayerNext(nint context, string fileName, FileBasicInfo* fileInfo) => throw new NotSupportedException();

    public int ImportLayerWrite(nint context, ReadOnlySpan<byte> buffer, uint length) => throw new NotSupportedException();

    public int ImportLayerEnd(nint context) => throw new NotSupportedException();
}
