using System.Text.Json;

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

    /// <summary>Matches a stream read and fills the buffer.</summary>
    internal RecordedCall MatchStream(
        ReplayCall call,
        ProgramArguments actual,
        string handleArgument,
        string bufferArgument,
        Span<byte> buffer,
        out int written)
    {
        lock (_lock)
        {
            _streams.Learn(call.Api, call.Function, handleArgument, bufferArgument);
            written = 0;
            string? symbol = call.Used.Count == 1 ? call.Used[0].Symbol : StreamReads.Symbol(actual.Json, handleArgument);
            if (Options.StreamReads == StreamReadMode.Exact || symbol is null)
            {
                return MatchChunk(call, actual, symbol, bufferArgument, buffer, anyCapacity: false, out written);
            }

            StreamPosition? position = _streams.Find(symbol);
            if (position is not null && (position.Call.Function != call.Function || position.Call.Api != call.Api.Name))
            {
                position = null;
            }

            if (position is { Left: > 0 })
            {
                if (Differs(position, actual, bufferArgument) is ValueDifference difference)
                {
                    throw Mismatch(
                        call,
                        ReplayMismatchKind.ArgumentMismatch,
                        position.Call,
                        difference.Expected,
                        difference.Actual,
                        difference.Path);
                }

                call.Note();
            }
            else
            {
                RecordedCall? next = NextRead(call, symbol);
                if (next is null && position is not null && (position.Ended || buffer.Length == 0))
                {
                    call.Note();
                    return position.Call;
                }

                if (next is null && position is not null)
                {
                    throw Mismatch(
                        call,
                        ReplayMismatchKind.Exhausted,
                        _order.Next(symbol),
                        $"no further read of {symbol}: {position.Total} bytes were recorded since the stream began, and no end",
                        $"a read of {buffer.Length} bytes");
                }

                if (next is not null && buffer.Length == 0 && StreamReads.Room(next.In, bufferArgument) != 0)
                {
                    // Nothing is asked for, so nothing is used up.
                    call.Note();
                    return position?.Call ?? next;
                }

                RecordedCall first = MatchChunk(call, actual, symbol, bufferArgument, buffer, anyCapacity: true, out written);
                position = _streams.Find(symbol)!;
                if (!first.HasResults || position.Ended || StreamReads.Room(first.In, bufferArgument) == buffer.Length)
                {
                    return first;
                }
            }

            return Fill(call, position, bufferArgument, buffer, ref written);
        }
    }

    // Serves what the current chunk and the consecutive reads behind it hold.
    private RecordedCall Fill(ReplayCall call, StreamPosition position, string bufferArgument, Span<byte> buffer, ref int written)
    {
        while (true)
        {
            int count = Math.Min(position.Left, buffer.Length - written);
            position.Data.AsSpan(position.Offset, count).CopyTo(buffer[written..]);
            written += count;
            position = position with { Offset = position.Offset + count, Total = position.Total + count };
            _streams.Set(position);
            if (written == buffer.Length || NextRead(call, position.Symbol) is not RecordedCall next || !next.HasResults
                || CallComparison.Compare(position.Call.In, next.In, "in", bufferArgument, position.Call.Out) is not null)
            {
                return position.Call;
            }

            JsonElement chunk = next.Out.GetProperty(bufferArgument);
            if (ValueForms.Length(chunk) == 0)
            {
                // The end stays for the next read: callers see zero bytes once.
                return position.Call;
            }

            Serve(call, next);
            position = position with { Call = next, Data = Data(next, chunk), Offset = 0 };
        }
    }

    // Serves one recorded read; sets where the stream stands.
    private RecordedCall MatchChunk(
        ReplayCall call,
        ProgramArguments actual,
        string? symbol,
        string bufferArgument,
        Span<byte> buffer,
        bool anyCapacity,
        out int written)
    {
        written = 0;
        long total = symbol is null ? 0 : _streams.Find(symbol)?.Total ?? 0;
        RecordedCall found = Find(call, actual, anyCapacity ? bufferArgument : null);
        if (!found.HasResults)
        {
            Take(call, found);
            if (symbol is not null)
            {
                _streams.Set(new StreamPosition(symbol, found, [], 0, Ended: false, total));
            }

            return found;
        }

        if (!found.Out.TryGetProperty(bufferArgument, out JsonElement chunk) || ValueForms.Length(chunk) < 0)
        {
            throw Fail(new ReplayException($"{Recording.Source}, line {found.Line}: {found} has no buffer out.{bufferArgument}"));
        }

        byte[] data = Data(found, chunk);
        if (!anyCapacity && data.Length > buffer.Length)
        {
            throw Fail(new ReplayException($"{Recording.Source}, line {found.Line}: {found} gives {data.Length} bytes, more than there "
                + $"is room for ({buffer.Length})"));
        }

        Take(call, found);
        written = Math.Min(data.Length, buffer.Length);
        data.AsSpan(0, written).CopyTo(buffer);
        if (symbol is not null)
        {
            _streams.Set(new StreamPosition(symbol, found, data, written, Ended: data.Length == 0, total + written));
        }

        return found;
    }

    // The handle's next recorded call, when it is a read by this function.
    private RecordedCall? NextRead(ReplayCall call, string symbol) =>
        _order.Next(symbol) is RecordedCall next && next.Function == call.Function && next.Api == call.Api.Name ? next : null;

    private void Serve(ReplayCall call, RecordedCall recorded)
    {
        _order.Serve(recorded);
        if (Callbacks.Any)
        {
            call.Served.Add(recorded);
        }
    }

    private void Take(ReplayCall call, RecordedCall found)
    {
        if (Options.Order == ReplayOrder.Skipping)
        {
            _order.SkipBefore(found);
        }

        Serve(call, found);
        foreach (ReplayHandle handle in call.Used)
        {
            _streams.Forget(handle.Symbol);
        }

        call.Note();
    }

    private RecordedCall Find(ReplayCall call, ProgramArguments actual, string? anyCapacity)
    {
        RecordedCall? next;
        while (true)
        {
            next = Candidate(call, actual, anyCapacity);
            if (next is null || Options.StreamReads != StreamReadMode.Elastic || !_streams.IsEnd(
                next,
                _order.Handles(next),
                out string? ended) || ended is null
                || (next.Function == call.Function && next.Api == call.Api.Name && call.Used.Any(h => h.Symbol == ended)))
            {
                break;
            }

            // A program that knows how long its stream is need not read its end.
            Serve(call, next);
            _streams.Set(new StreamPosition(ended, next, [], 0, Ended: true, _streams.Find(ended)?.Total ?? 0));
        }

        bool same = next is not null && next.Function == call.Function && next.Api == call.Api.Name;
        ValueDifference? difference = same ? Compare(call, next!, actual, anyCapacity) : null;
        return same && difference is null ? next! : throw Explain(call, actual, next, difference, anyCapacity);
    }

    // What the program and the recorder write is the same text when the values are: only what is not has to be looked at.
    private ValueDifference? Compare(ReplayCall call, RecordedCall recorded, ProgramArguments actual, string? anyCapacity)
    {
        if (actual.AreWrittenAs(recorded.In))
        {
            return null;
        }

        return CallComparison.Compare(recorded.In, actual.Json, "in", anyCapacity, accept: Accept(call.Function));
    }

    private Func<string, JsonElement, JsonElement, bool>? Accept(string function) => Options.Rules is { HasMatchers: true } rules
        ? (name, expected, given) => rules.Accepts(function, name, expected, given)
        : null;

    private static ValueDifference? Differs(StreamPosition position, ProgramArguments actual, string bufferArgument) =>
        actual.AreWrittenAs(position.Call.In)
            ? null
            : CallComparison.Compare(position.Call.In, actual.Json, "in", bufferArgument, position.Call.Out);

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
            if (left.Function != call.Function || left.Api != call.Api.Name)
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
            c => c.Function == call.Function && c.Api == call.Api.Name && Compare(call, c, actual, anyCapacity) is null);
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

        RecordedCall later = equal ?? _order.Left.First(c => c.Function == call.Function && c.Api == call.Api.Name);
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
