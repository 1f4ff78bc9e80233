using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Calls the real library and compares every finished call with a reference recording. Wrap the native API in the generated recording decorator over
/// <see cref="Recorder"/>, run the program, then ask for <see cref="Complete"/>. Nothing is thrown into the program: differences are collected.
/// </summary>
public sealed class VerifyingSession : IDisposable
{
    private const int MaxDifferences = 1000;

    private readonly Lock _lock = new();
    private readonly Recording _reference;
    private readonly CallOrder _order;
    private readonly List<ReplayMismatch> _differences = [];
    private long _calls;

    /// <summary>Makes a session.</summary>
    /// <param name="reference">The recording to compare with.</param>
    public VerifyingSession(Recording reference)
    {
        ArgumentNullException.ThrowIfNull(reference);
        _reference = reference;
        _order = new CallOrder(reference);

        // Content is compared by its digest, so nothing is gained by keeping it.
        DataPolicy data = reference.Data == DataPolicy.Lengths ? DataPolicy.Lengths : DataPolicy.Digest;
        Recorder = new Recorder(new NullRecordingSink(), new RecorderOptions { Data = data }, Compare, reference.CheckApi);
    }

    /// <summary>Takes the calls, for a generated recording decorator.</summary>
    public Recorder Recorder { get; }

    /// <summary>The differences so far, in the order of the program's calls.</summary>
    public IReadOnlyList<ReplayMismatch> Differences
    {
        get
        {
            lock (_lock)
            {
                return [.. _differences];
            }
        }
    }

    /// <summary>To be called when the program is through: adds the recorded calls that were never made.</summary>
    /// <returns>All differences; none when the library still does what was recorded.</returns>
    public IReadOnlyList<ReplayMismatch> Complete()
    {
        lock (_lock)
        {
            foreach (RecordedCall call in _order.Left)
            {
                Add(ReplayMismatchKind.OutOfOrder, call.Api, call.Function, call, null, call.ToString(), "the call was never made");
                _order.Serve(call);
            }

            return [.. _differences];
        }
    }

    /// <inheritdoc/>
    public void Dispose() => Recorder.Dispose();

    private void Compare(ReadOnlyMemory<byte> line)
    {
        using JsonDocument document = JsonDocument.Parse(line);
        JsonElement call = document.RootElement;
        string api = call.GetProperty("api"u8).GetString()!;
        string function = call.GetProperty("fn"u8).GetString()!;
        lock (_lock)
        {
            _calls++;
            RecordedCall? expected = _order.Next();
            if (expected is null || expected.Api != api || expected.Function != function)
            {
                Resynchronize(api, function, expected);
                return;
            }

            _order.Serve(expected);
            JsonElement @out = call.TryGetProperty("out"u8, out JsonElement found) ? found : default;
            ValueDifference? difference = CallComparison.Compare(expected.In, call.GetProperty("in"u8), "in")
                ?? CallComparison.Value(expected.Ret, call.GetProperty("ret"u8), "ret")
                ?? (expected.Succeeded && @out.ValueKind == JsonValueKind.Object ? CallComparison.Compare(expected.Out, @out, "out") : null);
            if (difference is not null)
            {
                Add(ReplayMismatchKind.ArgumentMismatch, api, function, expected, difference.Path, difference.Expected, difference.Actual);
            }
        }
    }

    // One call too many or too few must not make a difference of every call behind it.
    private void Resynchronize(string api, string function, RecordedCall? expected)
    {
        RecordedCall? later = _order.Left.FirstOrDefault(c => c.Api == api && c.Function == function);
        if (later is null)
        {
            ReplayMismatchKind kind = _order.Recorded(api, function) > 0 ? ReplayMismatchKind.Exhausted : ReplayMismatchKind.Unexpected;
            Add(kind, api, function, expected, null, expected?.ToString() ?? "nothing more", function);
            return;
        }

        Add(ReplayMismatchKind.OutOfOrder, api, function, expected, null, expected?.ToString(), function);
        foreach (RecordedCall skipped in _order.Left.TakeWhile(c => c != later).ToArray())
        {
            _order.Serve(skipped);
        }

        _order.Serve(later);
    }

    private void Add(ReplayMismatchKind kind, string api, string function, RecordedCall? recorded, string? argument, string? expected, string? actual)
    {
        if (_differences.Count < MaxDifferences)
        {
            _differences.Add(new ReplayMismatch
            {
                Kind = kind,
                CallNumber = _calls,
                Api = api,
                Function = function,
                Argument = argument,
                Expected = expected,
                Actual = actual,
                Source = _reference.Source,
                ExpectedSeq = recorded?.Seq ?? 0,
                Line = recorded?.Line ?? 0,
            });
        }
    }
}
