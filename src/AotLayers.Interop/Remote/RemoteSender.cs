using System.Buffers.Binary;

namespace AotLayers.Interop;

/// <summary>The side of a <see cref="SharedRing"/> that is inside the recorded program. Thread-safe.</summary>
internal sealed class RemoteSender(SharedRing ring)
{
    [ThreadStatic]
    private static TapeBuffer? t_head;

    private readonly bool _wantsContent = ring.Data != DataPolicy.Lengths;
    private long _ids;
    private long _parts;

    /// <summary>A writer for the arguments of a call.</summary>
    public CallWriter CreateWriter() => new TapeCallWriter(_wantsContent);

    /// <summary>A number for a call or callback.</summary>
    public long NextId() => Interlocked.Increment(ref _ids);

    public void Register(string name, RecordedApi api)
    {
        TapeBuffer head = Head();
        head.Name(name);
        head.Name(api.Library);
        head.Byte(api.Missing ? (byte)1 : (byte)0);
        head.Int32(api.Absent.Count);
        foreach (string export in api.Absent)
        {
            head.Name(export);
        }

        head.Int32(api.Signatures.Count);
        foreach ((string function, string signature) in api.Signatures)
        {
            head.Name(function);
            head.Name(signature);
        }

        head.Int32(api.Handles.Count);
        foreach (NativeHandleInfo handle in api.Handles)
        {
            head.Name(handle.Function);
            head.Name(handle.Parameter);
            head.Name(handle.Kind);
            head.Byte((byte)handle.Use);
            head.Name(handle.ConsumedWhen);
        }

        Send(RemoteMessage.Api, head.Written, default);
    }

    public void Open(CallInProgress call)
    {
        TapeBuffer head = Head();
        head.Int64(call.Seq);
        head.Int32(Environment.CurrentManagedThreadId);
        head.Byte(call.IsCallback ? (byte)1 : (byte)0);
        if (call.IsCallback)
        {
            head.Int64(call.Of);
            head.Int64(call.During);
        }

        head.Name(call.Api.Name);
        head.Name(call.Function);
        Send(RemoteMessage.Open, head.Written, ((TapeCallWriter)call.In).Finished());
    }

    public void Finish(CallInProgress call, in ReturnValue value, long ticks)
    {
        TapeBuffer head = Head();
        head.Int64(call.Seq);
        head.Int64(ticks);
        value.WriteTo(head);
        Send(RemoteMessage.Finish, head.Written, ((TapeCallWriter)call.Out).Finished());
    }

    public void Abandon(CallInProgress call)
    {
        TapeBuffer head = Head();
        head.Int64(call.Seq);
        Send(RemoteMessage.Abandon, head.Written, default);
    }

    public void Unrecorded(string function)
    {
        TapeBuffer head = Head();
        head.Name(function);
        Send(RemoteMessage.Unrecorded, head.Written, default);
    }

    public void Simulated() => Send(RemoteMessage.Simulated, default, default);

    private static TapeBuffer Head()
    {
        TapeBuffer head = t_head ??= new TapeBuffer();
        head.Reset();
        return head;
    }

    private void Send(uint kind, ReadOnlySpan<byte> head, ReadOnlySpan<byte> body)
    {
        if (head.Length + body.Length <= ring.MostBytes)
        {
            ring.TryWrite(kind, head, body);
            return;
        }

        Span<byte> key = stackalloc byte[12];
        BinaryPrimitives.WriteInt64LittleEndian(key, Interlocked.Increment(ref _parts));
        if (SendParts(key, head) && SendParts(key, body))
        {
            ring.TryWrite(kind | RemoteMessage.OfParts, key[..8], default);
        }
    }

    private bool SendParts(Span<byte> key, ReadOnlySpan<byte> bytes)
    {
        int most = ring.MostBytes - key.Length;
        while (bytes.Length > 0)
        {
            ReadOnlySpan<byte> part = bytes[..Math.Min(most, bytes.Length)];
            bytes = bytes[part.Length..];
            BinaryPrimitives.WriteInt32LittleEndian(key[8..], part.Length);
            if (!ring.TryWrite(RemoteMessage.Part, key, part))
            {
                return false;
            }
        }

        return true;
    }
}
