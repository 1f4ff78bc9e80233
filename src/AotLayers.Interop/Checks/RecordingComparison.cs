namespace AotLayers.Interop;

/// <summary>Compares two recordings call by call, as a replay would.</summary>
public static class RecordingComparison
{
    /// <summary>The differences, in the order of the calls; none when a replay of either is a replay of the other.</summary>
    /// <param name="expected">The recording to compare with.</param>
    /// <param name="actual">The other recording.</param>
    /// <exception cref="RecordingApiMismatchException">An API was recorded with other declarations.</exception>
    public static IReadOnlyList<ReplayMismatch> Compare(CallRecording expected, CallRecording actual)
    {
        ArgumentNullException.ThrowIfNull(expected);
        ArgumentNullException.ThrowIfNull(actual);
        foreach ((string name, RecordedApi api) in expected.Apis)
        {
            if (actual.GetApi(name) is RecordedApi other
                && api.FindChange(
                    expected.FunctionsOf(name).Intersect(actual.FunctionsOf(name)),
                    f => other.Signatures.GetValueOrDefault(f)) is var (function, then, now))
            {
                throw new RecordingApiMismatchException(name, function, then, now, expected.Source);
            }
        }

        CallDifferences differences = new(expected);
        BoundedJson line = new(actual.Source);
        foreach (RecordedCall call in actual.Calls.OrderBy(c => c.Seq).Concat(actual.Callbacks.OrderBy(c => c.Seq)))
        {
            line.Reread(call.Text);
            if (call.IsCallback)
            {
                differences.AddCallback(call.Api, call.Function, line.Root);
            }
            else
            {
                differences.Add(call.Api, call.Function, line.Root);
            }
        }

        return differences.Complete();
    }
}

/// <summary>Collects how a sequence of calls differs from a recording. Not thread-safe.</summary>
internal sealed class CallDifferences(CallRecording reference)
{
    private const int MaxDifferences = 1000;

    private readonly CallOrder _order = new(reference);
    private readonly List<RecordedCall> _callbacks = [.. reference.Callbacks.OrderBy(static c => c.Seq)];
    private readonly List<ReplayMismatch> _found = [];
    private readonly BoundedJson _recorded = new(reference.Source);
    private long _calls;

    /// <summary>The differences so far.</summary>
    public IReadOnlyList<ReplayMismatch> Found => [.. _found];

    /// <summary>Compares the next call.</summary>
    public void Add(string api, string function, BoundedJsonValue call)
    {
        _calls++;
        RecordedCall? expected = _order.Next();
        if (expected is null || expected.Api != api || expected.Function != function)
        {
            Resynchronize(api, function, expected);
            return;
        }

        _order.Serve(expected);
        Compare(expected, api, function, call);
    }

    /// <summary>Compares the next callback with the next recorded one of the same function.</summary>
    public void AddCallback(string api, string function, BoundedJsonValue call)
    {
        _calls++;
        int at = _callbacks.FindIndex(c => c.Api == api && c.Function == function);
        if (at < 0)
        {
            ReplayMismatchKind kind = reference.Callbacks.Any(c => c.Api == api && c.Function == function)
                ? ReplayMismatchKind.Exhausted
                : ReplayMismatchKind.Unexpected;
            Add(kind, api, function, null, null, "no further callback", function);
            return;
        }

        RecordedCall expected = _callbacks[at];
        _callbacks.RemoveAt(at);
        Compare(expected, api, function, call);
    }

    private void Compare(RecordedCall expected, string api, string function, BoundedJsonValue call)
    {
        _recorded.Reread(expected.Text);
        BoundedJsonValue recorded = _recorded.Root;
        BoundedJsonValue @out = call.Find("out"u8);
        ValueDifference? difference = CallComparison.Compare(recorded.Find("in"u8), call.Find("in"u8), "in")
            ?? CallComparison.Value(recorded.Find("ret"u8), call.Find("ret"u8), "ret")
            ?? (expected.HasResults && @out.Exists ? CallComparison.Compare(recorded.Find("out"u8), @out, "out") : null);
        if (difference is not null)
        {
            Add(ReplayMismatchKind.ArgumentMismatch, api, function, expected, difference.Path, difference.Expected, difference.Actual);
        }
    }

    /// <summary>Adds the calls that were never made.</summary>
    public IReadOnlyList<ReplayMismatch> Complete()
    {
        while (_order.Next() is RecordedCall call)
        {
            Add(ReplayMismatchKind.OutOfOrder, call.Api, call.Function, call, null, call.ToString(), "the call was never made");
            _order.Serve(call);
        }

        foreach (RecordedCall callback in _callbacks)
        {
            Add(
                ReplayMismatchKind.OutOfOrder,
                callback.Api,
                callback.Function,
                callback,
                null,
                callback.ToString(),
                "the callback was never made");
        }

        _callbacks.Clear();
        return Found;
    }

    // One call too many or too few must not make a difference of every call behind it.
    private void Resynchronize(string api, string function, RecordedCall? expected)
    {
        RecordedCall? later = _order.LeftOf(api, function) == 0 ? null : _order.Left.First(c => c.Api == api && c.Function == function);
        if (later is null)
        {
            ReplayMismatchKind kind = _order.Recorded(api, function) > 0 ? ReplayMismatchKind.Exhausted : ReplayMismatchKind.Unexpected;
            Add(kind, api, function, expected, null, expected?.ToString() ?? "nothing more", function);
            return;
        }

        Add(ReplayMismatchKind.OutOfOrder, api, function, expected, null, expected?.ToString(), function);
        while (_order.Next() is RecordedCall skipped && skipped != later)
        {
            _order.Serve(skipped);
        }

        _order.Serve(later);
    }

    private void Add(
        ReplayMismatchKind kind,
        string api,
        string function,
        RecordedCall? recorded,
        string? argument,
        string? expected,
        string? actual)
    {
        if (_found.Count < MaxDifferences)
        {
            _found.Add(new ReplayMismatch
            {
                Kind = kind,
                CallNumber = _calls,
                Api = api,
                Function = function,
                Argument = argument,
                Expected = expected,
                Actual = actual,
                Source = reference.Source,
                ExpectedSeq = recorded?.Seq ?? 0,
                Line = recorded?.Line ?? 0,
            });
        }
    }
}
