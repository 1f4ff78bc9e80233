using System.Globalization;
using System.Text;

namespace AotLayers.Interop;

/// <summary>
/// Answers calls from a recording, and checks that the program makes them: order, arguments, and the lives of handles. Thread-safe.
/// </summary>
public sealed partial class Replayer : IDisposable
{
    private const int MaxListed = 10;

    private readonly Lock _lock = new();
    private readonly CallOrder _order;
    private readonly StreamReads _streams;
    private readonly BoundedJson _expected;
    private readonly Stack<ReplayCall> _pool = new();
    private readonly System.Collections.Concurrent.ConcurrentDictionary<NativeApiInfo, RecordedApi?> _checked = new();
    private long _calls;

    /// <summary>Makes a replayer that stands at the beginning of a recording.</summary>
    public Replayer(CallRecording recording, ReplayOptions? options = null)
    {
        ArgumentNullException.ThrowIfNull(recording);
        Recording = recording;
        Options = options ?? new ReplayOptions();
        _order = new CallOrder(recording);
        _streams = new StreamReads(recording);
        _expected = new BoundedJson(recording.Source);
        _chunkIn = new BoundedJson(recording.Source);
        _chunkOut = new BoundedJson(recording.Source);
        Callbacks = new ReplayCallbacks(this);
    }

    /// <summary>The recording that answers.</summary>
    public CallRecording Recording { get; }

    /// <summary>How strictly it is followed.</summary>
    public ReplayOptions Options { get; }

    /// <summary>
    /// The first time that the program left the recording: the one to report. What is thrown after it, in a program that cleans up, says
    /// that it follows and carries this one as its inner exception. <see cref="ReplayMismatchException.Mismatch"/> and
    /// <see cref="ReplayHandleException.Handle"/> have the facts.
    /// </summary>
    public ReplayException? Failure { get; private set; }

    internal ReplayHandles Handles { get; } = new();

    internal Lock SyncRoot => _lock;

    internal ReplayMemory Memory { get; } = new();

    internal ReplayCallbacks Callbacks { get; }

    /// <summary>
    /// Tells whether an export was there when the recording was made. An API that the recording does not have counts as a missing
    /// library.
    /// </summary>
    /// <exception cref="RecordingApiMismatchException">The recording was made with other declarations.</exception>
    public ExportStatus Probe(NativeApiInfo api, string export)
    {
        ArgumentNullException.ThrowIfNull(api);
        return Status(Check(api), export);
    }

    /// <summary>Begins a call: write <see cref="ReplayCall.In"/>, then match. Dispose the result.</summary>
    /// <exception cref="MissingLibraryException">The library was missing when the recording was made.</exception>
    /// <exception cref="MissingExportException">The export was absent when the recording was made.</exception>
    /// <exception cref="RecordingApiMismatchException">The recording was made with other declarations.</exception>
    public ReplayCall Enter(NativeApiInfo api, string function)
    {
        ArgumentNullException.ThrowIfNull(api);
        Callbacks.Before();
        if (Check(api) is RecordedApi recorded && Status(recorded, function) is not ExportStatus.Present and var status)
        {
            MissingExportException.ThrowUnlessPresent(status, api.Library, function);
        }

        lock (_lock)
        {
            if (!_pool.TryPop(out ReplayCall? call))
            {
                call = new ReplayCall(this);
            }

            call.Begin(api, function, ++_calls);
            return call;
        }
    }

    /// <summary>
    /// To be called when the program is through: throws when recorded calls were never made, bytes were never read, or handles never
    /// ended.
    /// </summary>
    /// <exception cref="ReplayException">What is missing. When the program had left the recording before, that is said instead.</exception>
    public void VerifyComplete()
    {
        lock (_lock)
        {
            if (Failure is not null)
            {
                throw new ReplayException($"the program had left the recording: {Failure.Message}", Failure);
            }

            if (!Recording.Complete && !Options.AcceptIncomplete)
            {
                string cut = Recording.InFlight.Count == 0
                    ? ""
                    : $", with {string.Join(" and ", Recording.InFlight.Select(static c => c.Function))} in flight";
                throw new ReplayException($"{Recording.Source} is incomplete: its recorder was cut off after {Recording.Calls.Count} "
                    + $"calls{cut}. What the program did after them was not recorded.");
            }

            StringBuilder text = new();
            bool elastic = Options.StreamReads == StreamReadMode.Elastic;
            bool skipping = Options.Order == ReplayOrder.Skipping;
            List<RecordedCall> never = [.. _order.Left.Where(c => !skipping && !(elastic && _streams.IsEnd(c, out _)))];
            if (never.Count > 0)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n  {never.Count} recorded calls were never made:");
                foreach (RecordedCall call in never.Take(MaxListed))
                {
                    text.Append(CultureInfo.InvariantCulture, $"\n    {call}, line {call.Line}");
                }
            }

            foreach (StreamPosition stream in skipping ? [] : _streams.Unread)
            {
                text.Append(CultureInfo.InvariantCulture, $"\n  {stream.Left} recorded bytes of {stream.Symbol} were never read (seq "
                    + $"{stream.Call!.Seq}, line {stream.Call.Line})");
            }

            foreach (RecordedCall callback in skipping ? [] : Callbacks.Left.Take(MaxListed))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n  the callback {callback} was never made, line {callback.Line}");
            }

            foreach (ReplayHandle handle in Handles.All.Where(h => h is { Ended: false, IsBorrowed: false }))
            {
                text.Append(CultureInfo.InvariantCulture, $"\n  {handle.Symbol} was never ended; {string.Join("; ", handle.Life())}");
            }

            if (text.Length > 0)
            {
                throw new ReplayException($"the program did not do all that {Recording.Source} holds:{text}");
            }
        }
    }

    /// <summary>
    /// Frees the memory that stood for the library's, and ends the threads that stood for its threads. Checks nothing, so that it hides
    /// no exception on its way: see <see cref="VerifyComplete"/>.
    /// </summary>
    public void Dispose()
    {
        Callbacks.Dispose();
        Memory.Dispose();
    }

    /// <summary>Begins a callback.</summary>
    internal ReplayCall EnterCallback(RecordedCall callback)
    {
        lock (_lock)
        {
            if (!_pool.TryPop(out ReplayCall? call))
            {
                call = new ReplayCall(this);
            }

            call.Begin(new NativeApiInfo(callback.Api, "", []), callback.Function, ++_calls);
            call.Turn(callback);
            return call;
        }
    }

    /// <summary>Number of the first recorded call that is left.</summary>
    internal long NextSeq()
    {
        lock (_lock)
        {
            return _order.Next()?.Seq ?? long.MaxValue;
        }
    }

    /// <summary>Thread, number and place of the first recorded call that is left.</summary>
    internal (int Thread, long Seq, int Index) NextThread()
    {
        lock (_lock)
        {
            return _order.Next() is RecordedCall next ? (next.Thread, next.Seq, next.Index) : (0, long.MaxValue, int.MaxValue);
        }
    }

    internal void Release(ReplayCall call)
    {
        lock (_lock)
        {
            _pool.Push(call);
        }
    }

    /// <summary>The exception to throw: the given one the first time, and then one that refers to the first.</summary>
    internal ReplayException Fail(ReplayException exception)
    {
        if (Failure is null)
        {
            Failure = exception;
            return exception;
        }

        return new ReplayException(
            $"{Failure.Message}\n  (first departure from the recording; what came after it: {FirstLine(exception.Message)})",
            Failure);
    }

    private static ExportStatus Status(RecordedApi? recorded, string export) =>
        recorded is null or { Missing: true } ? ExportStatus.LibraryMissing
        : recorded.Absent.Count > 0 && recorded.Absent.Contains(export, StringComparer.Ordinal) ? ExportStatus.ExportMissing
        : ExportStatus.Present;

    private static string FirstLine(string text) => text.IndexOf('\n', StringComparison.Ordinal) is >= 0 and int end ? text[..end] : text;

    internal byte[] Data(RecordedCall call, BoundedJsonValue buffer) => Recording.Contents.Get(buffer) ?? throw NoData(call);

    /// <summary>Finds the content of a buffer that is not empty.</summary>
    internal ContentHash FindData(RecordedCall call, BoundedJsonValue buffer) =>
        Recording.Contents.TryFind(buffer, out ContentHash hash) ? hash : throw NoData(call);

    private ReplayException NoData(RecordedCall call) => Fail(new ReplayException(Recording.Data == DataPolicy.All
        ? $"{Recording.Source}, line {call.Line}: the content of a buffer of {call} is nowhere in the recording"
        : $"{Recording.Source} was recorded with {(Recording.Data == DataPolicy.Digest ? "digests" : "lengths")} only, but {call} "
            + $"gives bytes: record again with all data"));

    // Once per API: a recording does not change.
    private RecordedApi? Check(NativeApiInfo api)
    {
        if (_checked.TryGetValue(api, out RecordedApi? recorded))
        {
            return recorded;
        }

        Recording.CheckApi(api);
        recorded = Recording.GetApi(api.Name);
        _checked[api] = recorded;
        return recorded;
    }
}
