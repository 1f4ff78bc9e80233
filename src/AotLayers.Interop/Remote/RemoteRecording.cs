namespace AotLayers.Interop;

/// <summary>
/// The recording of another process: takes what that process puts into the memory that both share, and hands it to a
/// <see cref="Recorder"/>. Not thread-safe.
/// </summary>
public sealed class RemoteRecording : IDisposable
{
    private const long DefaultCapacity = 8 << 20;
    private const int MostParts = 1 << 30;

    private readonly SharedRing _ring;
    private readonly Recorder _recorder;
    private readonly TapeNames _names = new();
    private readonly Dictionary<string, NativeApiInfo> _apis = new(StringComparer.Ordinal);
    private readonly Dictionary<long, CallInProgress> _open = [];
    private readonly Dictionary<long, long> _registrations = [];
    private readonly Dictionary<long, MemoryStream> _parts = [];
    private readonly SortedDictionary<string, long> _unrecorded = new(StringComparer.Ordinal);
    private byte[] _scratch = [];
    private long _partBytes;
    private int _torn;
    private bool _isDisposed;

    private RemoteRecording(SharedRing ring, Recorder recorder)
    {
        _ring = ring;
        _recorder = recorder;
    }

    /// <summary>Makes the shared memory.</summary>
    /// <param name="path">The file that the other process gives to <see cref="Recorder.Attach"/>. It goes when this is disposed.</param>
    /// <param name="recorder">Writes the recording; it stays the caller's.</param>
    /// <param name="capacity">Bytes of calls that may wait, a power of two; 0 for 8 MiB.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public static RemoteRecording Create(string path, Recorder recorder, long capacity = 0)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        ArgumentNullException.ThrowIfNull(recorder);
        if (capacity != 0 && (capacity < 65536 || !System.Numerics.BitOperations.IsPow2(capacity)))
        {
            throw new ArgumentOutOfRangeException(nameof(capacity), capacity, "It must be a power of two, and 65536 at least.");
        }

        return new RemoteRecording(SharedRing.Create(path, capacity == 0 ? DefaultCapacity : capacity, recorder.Data), recorder);
    }

    /// <summary>The process that is recorded, or 0 as long as none has come.</summary>
    public int ProcessId => _ring.Owner;

    /// <summary>Other processes that came and were not recorded.</summary>
    public int OtherProcesses => _ring.Others;

    /// <summary>Calls so far, finished or not.</summary>
    public long Calls { get; private set; }

    /// <summary>
    /// By function, the calls that were passed on and are not in the recording: an argument was one that the declaration does not allow.
    /// </summary>
    public IReadOnlyDictionary<string, long> Unrecorded => _unrecorded;

    /// <summary>Messages that a dying process left half written.</summary>
    public int Torn => _torn;

    /// <summary>Calls that have not come back.</summary>
    public int InFlight => _open.Count;

    /// <summary>Takes what is there.</summary>
    /// <param name="processIsDead">The process has ended, so that nothing more comes.</param>
    /// <returns>Whether there was anything.</returns>
    /// <exception cref="InvalidDataException">The process wrote over the memory. It is not recorded any further, and goes on.</exception>
    public bool Take(bool processIsDead)
    {
        bool any = false;
        try
        {
            while (_ring.TryRead(processIsDead, ref _scratch, out uint kind, out ReadOnlySpan<byte> message, ref _torn))
            {
                any = true;
                Handle(kind, message);
                _ring.Release();
            }
        }
        catch (InvalidDataException)
        {
            Stop();
            throw;
        }

        return any;
    }

    /// <summary>Ends the recording while the process goes on: its calls are passed on unrecorded.</summary>
    public void Stop() => _ring.Close();

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isDisposed)
        {
            return;
        }

        _isDisposed = true;
        Stop();
        _ring.Dispose();
        foreach (MemoryStream parts in _parts.Values)
        {
            parts.Dispose();
        }
    }

    private void Handle(uint kind, ReadOnlySpan<byte> message)
    {
        TapeReader reader = new(message, _names);
        switch (kind)
        {
            case RemoteMessage.Api:
                Register(ref reader);
                break;
            case RemoteMessage.Open:
                Open(ref reader);
                break;
            case RemoteMessage.Finish:
                Finish(ref reader);
                break;
            case RemoteMessage.Abandon:
                if (_open.Remove(reader.Int64(), out CallInProgress? abandoned))
                {
                    abandoned.Dispose();
                }

                break;
            case RemoteMessage.Unrecorded:
                string function = reader.RequiredName();
                _unrecorded[function] = _unrecorded.GetValueOrDefault(function) + 1;
                break;
            case RemoteMessage.Simulated:
                _recorder.SetSimulated();
                break;
            case RemoteMessage.Part:
                AddPart(reader.Int64(), reader.Bytes());
                break;
            case > RemoteMessage.OfParts and <= RemoteMessage.OfParts + RemoteMessage.Unrecorded:
                if (!_parts.Remove(reader.Int64(), out MemoryStream? whole))
                {
                    throw new InvalidDataException("the program wrote over the pieces of a call");
                }

                using (whole)
                {
                    _partBytes -= whole.Length;
                    Handle(kind - RemoteMessage.OfParts, whole.GetBuffer().AsSpan(0, (int)whole.Length));
                }

                break;
            default:
                throw new InvalidDataException("the program wrote over the recorder's memory");
        }
    }

    private void AddPart(long key, ReadOnlySpan<byte> bytes)
    {
        _partBytes += bytes.Length;
        if (_partBytes > MostParts)
        {
            throw new InvalidDataException("a call has more than 1 GiB of data");
        }

        if (!_parts.TryGetValue(key, out MemoryStream? stream))
        {
            stream = new MemoryStream();
            _parts.Add(key, stream);
        }

        stream.Write(bytes);
    }

    private void Register(ref TapeReader reader)
    {
        string name = reader.RequiredName();
        string library = reader.RequiredName();
        bool missing = reader.Byte() != 0;
        List<string> absent = [];
        for (int left = reader.Int32(); left > 0; left--)
        {
            absent.Add(reader.RequiredName());
        }

        Dictionary<string, string> signatures = new(StringComparer.Ordinal);
        for (int left = reader.Int32(); left > 0; left--)
        {
            signatures[reader.RequiredName()] = reader.RequiredName();
        }

        List<NativeHandleInfo> handles = [];
        for (int left = reader.Int32(); left > 0; left--)
        {
            handles.Add(new NativeHandleInfo(
                reader.RequiredName(), reader.Name(), reader.RequiredName(), Use(reader.Byte()), reader.Name()));
        }

        _apis[name] = new NativeApiInfo(name, library, []);
        _recorder.Register(
            name,
            new RecordedApi(library) { Missing = missing, Absent = absent, Signatures = signatures, Handles = handles });
    }

    private static HandleUse Use(byte value) => value <= (byte)HandleUse.Borrowed
        ? (HandleUse)value
        : throw new InvalidDataException("the program wrote over the facts of an API");

    private void Open(ref TapeReader reader)
    {
        long id = reader.Int64();
        int thread = reader.Int32();
        bool isCallback = reader.Byte() != 0;
        long of = isCallback ? reader.Int64() : 0;
        long during = isCallback ? reader.Int64() : 0;
        string api = reader.RequiredName();
        string function = reader.RequiredName();
        if (!_apis.TryGetValue(api, out NativeApiInfo? info) || _open.ContainsKey(id))
        {
            throw new InvalidDataException("the program wrote over the beginning of a call");
        }

        CallInProgress call = _recorder.Enter(info, function);
        _open.Add(id, call);
        if (isCallback)
        {
            call.Turn(SeqOf(of), SeqOf(during));
        }

        reader.CopyTo(call.In);
        _recorder.Begin(call, thread);
        Calls++;

        // A function that a call passed may be called long after that call.
        if (reader.PassesCallback)
        {
            _registrations[id] = call.Seq;
        }
    }

    private long SeqOf(long id) =>
        _open.TryGetValue(id, out CallInProgress? call) ? call.Seq : _registrations.GetValueOrDefault(id);

    private void Finish(ref TapeReader reader)
    {
        long id = reader.Int64();
        long ticks = reader.Int64();
        var value = ReturnValue.ReadFrom(ref reader);
        if (!_open.Remove(id, out CallInProgress? call))
        {
            throw new InvalidDataException("the program wrote over the end of a call");
        }

        using (call)
        {
            reader.CopyTo(call.Out);
            _recorder.Finish(call, value, ticks);
        }
    }
}
