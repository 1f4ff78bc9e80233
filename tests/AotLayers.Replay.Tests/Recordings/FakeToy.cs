using System.Runtime.InteropServices;
using AotLayers.Interop;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>The toy as a plain class: every path holds the same entries. Handles are reused at once, as real ones are.</summary>
internal sealed class FakeToy(params (string Name, byte[] Content)[] entries) : IToy
{
    private readonly Lock _lock = new();
    private readonly Dictionary<nint, OpenStream> _open = [];

    /// <summary>What a failing call leaves in its out-parameters: nothing that means anything.</summary>
    public byte Poison { get; init; } = 0xCC;

    public IReadOnlyList<string> Absent { get; init; } = [];

    /// <summary>Reads of an entry fail from this offset on.</summary>
    public int ReadFailsAt { get; init; } = int.MaxValue;

    public List<byte[]> Written { get; } = [];

    public NativeApiInfo Info => ToyApi.Info;

    public ExportStatus Probe(string export) => Absent.Contains(export) ? ExportStatus.ExportMissing : ExportStatus.Present;

    public int Open(string path, out nint stream)
    {
        lock (_lock)
        {
            stream = Poison;
            if (path.Contains("denied", StringComparison.Ordinal))
            {
                return ToyCodes.Denied;
            }

            stream = 0x100;
            while (_open.ContainsKey(stream))
            {
                stream++;
            }

            _open.Add(stream, new OpenStream());
            return 0;
        }
    }

    public int Next(nint stream, out string? name, out ToyInfo info)
    {
        name = $"poison {Poison}";
        info = new ToyInfo { Time = Poison, Size = Poison, Flags = Poison };
        if (!Find(stream, out OpenStream? open))
        {
            return ToyCodes.InvalidHandle;
        }

        if (++open.Entry >= entries.Length)
        {
            return ToyCodes.NoMoreFiles;
        }

        open.Offset = 0;
        name = entries[open.Entry].Name;
        info = new ToyInfo
        {
            Id = new Guid(open.Entry, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11),
            Time = long.MaxValue - open.Entry,
            Size = (ulong)entries[open.Entry].Content.Length,
            Flags = 0x20,
        };
        return 0;
    }

    public int Read(nint stream, Span<byte> buffer, uint length, out uint read)
    {
        read = Poison;
        buffer.Fill(Poison);
        if (!Find(stream, out OpenStream? open) || open.Entry < 0 || open.Entry >= entries.Length)
        {
            return ToyCodes.InvalidHandle;
        }

        ReadOnlySpan<byte> rest = entries[open.Entry].Content.AsSpan(open.Offset);
        if (open.Offset >= ReadFailsAt)
        {
            return ToyCodes.Denied;
        }

        rest = rest[..Math.Min(rest.Length, ReadFailsAt - open.Offset)];
        int count = Math.Min(rest.Length, buffer.Length);
        rest[..count].CopyTo(buffer);
        open.Offset += count;
        read = (uint)count;
        return 0;
    }

    public int Write(nint stream, ReadOnlySpan<byte> buffer, uint length)
    {
        lock (_lock)
        {
            Written.Add(buffer.ToArray());
        }

        return 0;
    }

    public int Close(nint stream)
    {
        lock (_lock)
        {
            return _open.Remove(stream) ? 0 : ToyCodes.InvalidHandle;
        }
    }

    public int SetFlag(long small, ulong big, int value)
    {
        Marshal.SetLastPInvokeError(value < 0 ? 5 : 0);
        return value < 0 ? 0 : 1;
    }

    public int Extra(string? text)
    {
        MissingExportException.ThrowUnlessPresent(Probe("Extra"), Info.Library, "Extra");
        return text is null ? 1 : 0;
    }

    private bool Find(nint stream, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out OpenStream? open)
    {
        lock (_lock)
        {
            return _open.TryGetValue(stream, out open);
        }
    }

    private sealed class OpenStream
    {
        public int Entry { get; set; } = -1;

        public int Offset { get; set; }
    }
}
