using System.Globalization;

namespace AotLayers.Interop;

/// <summary>
/// One call that a recording answers. Generated code writes <see cref="In"/> with the body that the recorder uses, calls
/// <see cref="Match"/> or <see cref="MatchStream"/>, reads the out-arguments if <see cref="Succeeded"/>, and returns the recorded value.
/// </summary>
public sealed partial class ReplayCall : IDisposable, ICallWriterHost
{
    private readonly Replayer _replayer;
    private readonly List<ReplayHandle> _ends = [];
    private readonly ProgramArguments _arguments = new();
    private readonly BoundedJson _json = new("the recording");
    private BoundedJson? _returned;
    private RecordedCall? _recorded;
    private bool _busy;

    internal ReplayCall(Replayer replayer)
    {
        _replayer = replayer;
        In = new CallWriter(this);
    }

    /// <summary>The program's in-arguments.</summary>
    public CallWriter In { get; }

    /// <summary>Whether the recorded call succeeded by its function's own rule.</summary>
    public bool Succeeded => Recorded.Succeeded;

    /// <summary>
    /// Whether the recorded call gave something back, because it succeeded or because of its return value; false means that nothing is to
    /// be read from the reader.
    /// </summary>
    public bool HasResults => Recorded.HasResults;

    /// <summary>
    /// The last error that the recorded call left (0 when the function sets none), to be set for the caller by
    /// <c>Marshal.SetLastPInvokeError</c>.
    /// </summary>
    public int LastError => unchecked((int)Recorded.LastError);

    DataPolicy ICallWriterHost.Data => _replayer.Recording.Data;

    internal NativeApiInfo Api { get; private set; } = null!;

    internal string Function { get; private set; } = "";

    internal long Number { get; private set; }

    /// <summary>The handles of this replay that go into the call.</summary>
    internal List<ReplayHandle> Used { get; } = [];

    /// <summary>The recorded calls that this call used up, when the recording has callbacks: theirs are made within it.</summary>
    internal List<RecordedCall> Served { get; } = [];

    private RecordedCall Recorded => _recorded ?? throw new InvalidOperationException($"{Function} was not matched.");

    /// <summary>Finds the recorded call and compares the in-arguments.</summary>
    /// <returns>The out-arguments.</returns>
    /// <exception cref="ReplayMismatchException">The program left the recording.</exception>
    public CallReader Match()
    {
        _recorded = _replayer.Match(this, Arguments());
        EndOnSuccess();
        MakeCallbacks();
        return Reader();
    }

    /// <summary>As <see cref="Match"/>, for a call that reads the next bytes of a stream: fills the buffer as the options say.</summary>
    /// <param name="handleArgument">JSON name of the handle that the stream belongs to.</param>
    /// <param name="bufferArgument">JSON name of the buffer.</param>
    /// <param name="buffer">The program's buffer.</param>
    /// <param name="written">Bytes put into the buffer; zero at the end of the stream and for a failed call.</param>
    /// <returns>The other out-arguments. The buffer is not to be read from it.</returns>
    /// <exception cref="ReplayMismatchException">The program left the recording.</exception>
    public CallReader MatchStream(string handleArgument, string bufferArgument, Span<byte> buffer, out int written)
    {
        _recorded = _replayer.MatchStream(this, Arguments(), handleArgument, bufferArgument, buffer, out written);
        EndOnSuccess();
        MakeCallbacks();
        return Reader();
    }

    /// <summary>The recorded HRESULT, error code or number.</summary>
    public int ReturnInt32() => unchecked((int)ReturnInt64());

    /// <summary>The recorded error code or number.</summary>
    public uint ReturnUInt32() => unchecked((uint)ReturnInt64());

    /// <summary>The recorded number.</summary>
    public long ReturnInt64()
    {
        ReadOnlySpan<byte> ret = Recorded.RetJson.Span;
        return RecordedCall.TryParseCode(ret, out uint code) ? code
            : long.TryParse(ret.Trim((byte)'"'), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) ? number
            : throw Wrong("ret is not a number");
    }

    /// <summary>The recorded number.</summary>
    public ulong ReturnUInt64() =>
        ulong.TryParse(Recorded.RetJson.Span.Trim((byte)'"'), NumberStyles.None, CultureInfo.InvariantCulture, out ulong number)
            ? number
            : unchecked((ulong)ReturnInt64());

    /// <summary>The recorded number.</summary>
    public double ReturnDouble() => Returned().Double(null);

    /// <summary>The recorded number.</summary>
    public nint ReturnNInt() => unchecked((nint)ReturnInt64());

    /// <summary>The recorded number.</summary>
    public nuint ReturnNUInt() => unchecked((nuint)ReturnUInt64());

    /// <summary>The handle that the recorded call gave back, as a value of this replay; what is no handle as it was.</summary>
    /// <param name="kind">Kind of the handle.</param>
    /// <param name="isBorrowed">The handle is nobody's to end.</param>
    public nint ReturnHandle(string kind, bool isBorrowed = false)
    {
        return isBorrowed ? Returned().Kept(null, kind) : Returned().Produced(null, kind);
    }

    /// <summary>The token that the recorded call gave back: the program's own, or one that stands for the library's.</summary>
    public nint ReturnOpaque() => Returned().Opaque(null);

    /// <summary>Gives the object back to the replayer.</summary>
    public void Dispose()
    {
        if (_busy)
        {
            _busy = false;
            _recorded = null;
            Used.Clear();
            Served.Clear();
            _functions?.Clear();
            _ends.Clear();
            EndCallback();
            In.Reset();
            _replayer.Release(this);
        }
    }

    bool ICallWriterHost.IsStored(in ContentHash hash) => true;

    string ICallWriterHost.Use(string kind, nint value) => Look(kind, value, ends: false);

    // Handles that come out are read, not written: a replay writes in-arguments only.
    string ICallWriterHost.Produce(string kind, nint value) => Look(kind, value, ends: false);

    string ICallWriterHost.Consume(string kind, nint value) => Look(kind, value, ends: true);

    string ICallWriterHost.Keep(string kind, nint value) => Look(kind, value, ends: false);

    string ICallWriterHost.Borrow(string kind, nint value) => Look(kind, value, ends: false);

    internal void Begin(NativeApiInfo api, string function, long number)
    {
        Api = api;
        Function = function;
        In.Apply(_replayer.Options.Rules, function);
        Number = number;
        _busy = true;
    }

    /// <summary>The call was matched: the handles that go into it get another step of their life, and some end.</summary>
    internal void Note()
    {
        foreach (ReplayHandle handle in Used)
        {
            if (_ends.Contains(handle))
            {
                handle.End(Number, Function);
                _replayer.Memory.Release(handle.Value);
            }
            else
            {
                handle.Add(Number, Function, "used by");
            }
        }
    }

    private void EndOnSuccess()
    {
        if (In.EndsOnSuccess.Count == 0 || !Recorded.Succeeded)
        {
            return;
        }

        lock (_replayer.SyncRoot)
        {
            foreach ((_, _, string symbol) in In.EndsOnSuccess)
            {
                _replayer.Handles.Find(symbol)?.End(Number, Function);
            }
        }
    }

    internal nint Make(string symbol, string kind, bool keep)
    {
        CheckKind(symbol, kind);
        lock (_replayer.SyncRoot)
        {
            return keep && _replayer.Handles.Find(symbol) is { Ended: false } live
                ? live.Value
                : _replayer.Handles.Produce(symbol, Number, Function, Recorded).Value;
        }
    }

    private void CheckKind(string symbol, string kind)
    {
        if (!HandleSymbols.IsSymbol(symbol) || !HandleSymbols.HasKind(kind, HandleSymbols.KindOf(symbol)))
        {
            throw Wrong($"{symbol} is not a handle of kind {kind}");
        }
    }

    internal string Restore(string text) => _replayer.Options.Rules is { } rules ? rules.Restore(text) : text;

    /// <summary>The text that stands for a buffer which rules keep out of the recording, or null.</summary>
    internal string? Redacted(BoundedJsonValue value) =>
        _replayer.Options.Rules is { HasRedactions: true } rules && value.TextOrNull() is string text ? rules.Restore(text) : null;

    /// <summary>Content of a buffer.</summary>
    internal byte[] Data(BoundedJsonValue buffer) => _replayer.Data(Recorded, buffer);

    /// <summary>Puts the content of a buffer into memory of at least its length.</summary>
    /// <returns>The length.</returns>
    internal int CopyData(BoundedJsonValue buffer, Span<byte> destination)
    {
        int length = (int)ValueForms.Length(buffer);
        if (length > 0)
        {
            _replayer.Recording.Contents.Copy(_replayer.FindData(Recorded, buffer), destination);
        }

        return length;
    }

    internal ReplayException Wrong(string reason) =>
        _replayer.Fail(new ReplayException($"{_replayer.Recording.Source}, line {Recorded.Line}: {Recorded}: {reason}"));

    private CallReader Reader() => Reader(Recorded.OutJson);

    private CallReader Reader(ReadOnlyMemory<byte> values)
    {
        if (values.IsEmpty)
        {
            return new CallReader(default, this);
        }

        _json.Reread(values);
        return new CallReader(_json.Root, this);
    }

    private CallReader Returned()
    {
        _returned ??= new BoundedJson("the recording");
        _returned.Reread(Recorded.RetJson);
        return new CallReader(_returned.Root, this);
    }

    private ProgramArguments Arguments()
    {
        _arguments.Set(In.Finish());
        return _arguments;
    }

    private string Look(string kind, nint value, bool ends)
    {
        lock (_replayer.SyncRoot)
        {
            ReplayHandle handle = _replayer.Handles.Find(kind, value) ?? _replayer.Handles.Lend(kind, value);

            if (handle is { Ended: true, IsBorrowed: false })
            {
                string what = ends ? "ends a handle a second time" : "uses a handle after its end";
                throw _replayer.Fail(new ReplayHandleException(
                    handle.Symbol,
                    $"call {Number}, {Api.Name}!{Function} {what}: {handle.Symbol}\n  life: {string.Join("\n  life: ", handle.Life())}"));
            }

            if (!handle.IsBorrowed && !Used.Contains(handle))
            {
                Used.Add(handle);
            }

            if (ends)
            {
                _ends.Add(handle);
            }

            return handle.Symbol;
        }
    }
}
