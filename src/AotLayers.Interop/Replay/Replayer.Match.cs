namespace AotLayers.Interop;

/// <content>Finds the recorded call that a program's call is, or says why there is none.</content>
public sealed partial class Replayer
{
    /// <summary>Matches a call that is no stream read.</summary>
    internal RecordedCall Match(ReplayCall call, ProgramArguments actual)
    {
        lock (_lock)
        {
            foreach (ReplayHandle handle in call.Used)
            {
                if (Options.Order != ReplayOrder.Skipping && _streams.Find(handle.Symbol) is { Left: > 0 } unread)
                {
                    throw Mismatch(
                        call,
                        ReplayMismatchKind.OutOfOrder,
                        unread.Call,
                        $"the remaining {unread.Left} bytes of the stream of {handle.Symbol} to be read",
                        call.Function,
                        hints: ["the recorded program read the whole chunk before this call"]);
                }
            }

            RecordedCall found = Find(call, actual, null);
            Take(call, found);
            return found;
        }
    }

    private void Serve(ReplayCall call, RecordedCall recorded)
    {
        _order.Serve(recorded);
        if (Callbacks.Any)
        {
            call.Served.Add(recorded);
        }
    }

    // A stream read leaves the place where its own stream stands.
    private void Take(ReplayCall call, RecordedCall found, string? stream = null)
    {
        if (Options.Order == ReplayOrder.Skipping)
        {
            _order.SkipBefore(found);
        }

        Serve(call, found);
        foreach (ReplayHandle handle in call.Used)
        {
            if (handle.Symbol != stream)
            {
                _streams.Forget(handle.Symbol);
            }
        }

        call.Note();
    }

    private RecordedCall Find(ReplayCall call, ProgramArguments actual, string? anyCapacity)
    {
        RecordedCall? next = Candidate(call, actual, anyCapacity);
        while (next is not null && Options.StreamReads == StreamReadMode.Elastic && _streams.IsEnd(next, out string? ended)
            && ended is not null && !(IsSameFunction(next, call) && IsUsed(call, ended)))
        {
            // A program that knows how long its stream is need not read its end.
            Serve(call, next);
            _streams.Enter(ended, next, default, 0, ended: true);
            next = Candidate(call, actual, anyCapacity);
        }

        bool same = next is not null && IsSameFunction(next, call);
        ValueDifference? difference = same ? Compare(call, next!, actual, anyCapacity) : null;
        return same && difference is null ? next! : throw Explain(call, actual, next, difference, anyCapacity);
    }

    private static bool IsUsed(ReplayCall call, string symbol)
    {
        foreach (ReplayHandle handle in call.Used)
        {
            if (handle.Symbol == symbol)
            {
                return true;
            }
        }

        return false;
    }

    // What the program and the recorder write is the same text when the values are: only what is not has to be looked at.
    private ValueDifference? Compare(ReplayCall call, RecordedCall recorded, ProgramArguments actual, string? anyCapacity)
    {
        if (actual.AreWrittenAs(recorded.InJson))
        {
            return null;
        }

        _expected.Reread(recorded.InJson);
        return CallComparison.Compare(_expected.Root, actual.Json, "in", anyCapacity, matching: Matching(call));
    }

    private CallMatching? Matching(ReplayCall call) =>
        Options.Rules is { HasMatchers: true } rules ? new CallMatching(rules, call.Function) : null;

    private RecordedCall? Candidate(ReplayCall call, ProgramArguments actual, string? anyCapacity)
    {
        if (Options.Order == ReplayOrder.Strict)
        {
            return _order.Next();
        }

        if (call.Used.Count > 0 && Options.Order == ReplayOrder.PerHandle)
        {
            return _order.Next(call.Used[0].Symbol);
        }

        if (call.Used.Count == 0 && _order.NextEqual(call.Api.Name, call.Function, actual.Utf8) is RecordedCall equal)
        {
            return equal;
        }

        RecordedCall? first = null;
        foreach (RecordedCall left in call.Used.Count > 0 ? _order.LeftOn(call.Used[0].Symbol) : _order.LeftWithoutHandles)
        {
            if (!IsSameFunction(left, call))
            {
                continue;
            }

            if (Compare(call, left, actual, anyCapacity) is null)
            {
                return left;
            }

            first ??= left;
        }

        return first;
    }

    private ReplayException Explain(
        ReplayCall call,
        ProgramArguments actual,
        RecordedCall? next,
        ValueDifference? difference,
        string? anyCapacity)
    {
        int recorded = _order.Recorded(call.Api.Name, call.Function);
        if (recorded == 0)
        {
            List<string> hints = Recording.GetApi(call.Api.Name) is null ? [$"the recording has nothing of API {call.Api.Name}"] : [];
            return Mismatch(call, ReplayMismatchKind.Unexpected, next, next?.ToString() ?? "nothing more", call.Function, hints: hints);
        }

        if (_order.LeftOf(call.Api.Name, call.Function) == 0)
        {
            return Mismatch(
                call,
                ReplayMismatchKind.Exhausted,
                next,
                next?.ToString() ?? "nothing more",
                call.Function,
                hints: [recorded == 1
                    ? $"{call.Function} was recorded once, and was already served"
                    : $"{call.Function} was recorded {recorded} times, and all were already served"]);
        }

        RecordedCall? equal = _order.Left.FirstOrDefault(
            c => IsSameFunction(c, call) && Compare(call, c, actual, anyCapacity) is null);
        if (difference is not null && equal is null)
        {
            List<string> hints = [];
            if (string.Equals(difference.Expected, difference.Actual, StringComparison.OrdinalIgnoreCase))
            {
                hints.Add("they differ only in upper and lower case");
            }

            if (difference.Path.EndsWith(".$room", StringComparison.Ordinal))
            {
                hints.Add("elastic stream reads accept any buffer size");
            }

            return Mismatch(
                call,
                ReplayMismatchKind.ArgumentMismatch,
                next,
                difference.Expected ?? "no such argument",
                difference.Actual ?? "no such argument",
                difference.Path,
                hints);
        }

        RecordedCall later = equal ?? _order.Left.First(c => IsSameFunction(c, call));
        List<string> order =
        [
            $"{(equal is null ? $"the next {call.Function}" : "this very call")} is recorded later, as seq {later.Seq} in line "
                + $"{later.Line}",
        ];
        if (Options.Order == ReplayOrder.Strict && Recording.Calls.Any(c => c.Thread > 1))
        {
            order.Add("several threads were recorded: replay with order per handle");
        }

        return Mismatch(
            call,
            ReplayMismatchKind.OutOfOrder,
            next,
            next?.ToString() ?? "no further call on this handle",
            call.Function,
            hints: order);
    }

    internal ReplayException Mismatch(
        ReplayCall call,
        ReplayMismatchKind kind,
        RecordedCall? recorded,
        string? expected,
        string? actual,
        string? argument = null,
        IReadOnlyList<string>? hints = null)
    {
        List<string> all = [.. hints ?? []];
        if (!Recording.Complete)
        {
            all.Add("the recording is incomplete: its recorder was cut off");
        }

        return Fail(new ReplayMismatchException(new ReplayMismatch
        {
            Kind = kind,
            CallNumber = call.Number,
            Api = call.Api.Name,
            Function = call.Function,
            Argument = argument,
            Expected = expected,
            Actual = actual,
            Source = Recording.Source,
            ExpectedSeq = recorded?.Seq ?? 0,
            Line = recorded?.Line ?? 0,
            Handles = [.. call.Used.Select(h => h.Symbol)],
            HandleLife = [.. call.Used.SelectMany(h => h.Life())],
            Hints = all,
        }));
    }
}
