namespace AotLayers.Interop;

/// <summary>surface</summary>
public sealed class Recorder : IDisposable, ICallWriterHost
{
    /// <summary>Creates or replaces a recording file.</summary>
    public static Recorder Create(string path, RecorderOptions options) => throw new NotSupportedException(path + options);

    /// <summary>Records to a seekable stream, which stays open.</summary>
    public static Recorder Create(Stream stream, RecorderOptions options) => throw new NotSupportedException(stream + options.ToString());

    /// <summary>The first failure to write; the recorded calls themselves are never affected.</summary>
    public Exception? Failure { get; private set; }

    /// <summary>Takes an API's facts into the header. Recording decorators call it when they are made.</summary>
    public void Register(INativeApi api) => throw new NotSupportedException(api.ToString() + Failure);

    /// <summary>Begins a call.</summary>
    public CallRecord Enter(NativeApiInfo api, string function) => throw new NotSupportedException(function + api + Failure);

    /// <summary>Writes the footer: the recording is complete.</summary>
    public void Complete() => Failure = null;

    /// <inheritdoc/>
    public void Dispose() => Failure = null;

    internal void Start(CallRecord call) => throw new NotSupportedException(call.Function + Failure);

    internal void Return(CallRecord call, in ReturnValue value) => throw new NotSupportedException(call.Function + value + Failure);

    internal void Release(CallRecord call) => throw new NotSupportedException(call.Function + Failure);

    DataPolicy ICallWriterHost.Data => DataPolicy.All;

    bool ICallWriterHost.IsStored(in ContentHash hash) => false;

    string ICallWriterHost.Use(string kind, nint value) => kind;

    string ICallWriterHost.Produce(string kind, nint value) => kind;

    string ICallWriterHost.Consume(string kind, nint value) => kind;

    string ICallWriterHost.Keep(string kind, nint value) => kind;
}
