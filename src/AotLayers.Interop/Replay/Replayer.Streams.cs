namespace AotLayers.Interop;

/// <content>
/// Stream reads. The recorded bytes are served in whatever sizes the program asks for: what a read is answered from is its stream's
/// <see cref="StreamState"/>.
/// </content>
public sealed partial class Replayer
{
    // Arguments of a recorded read, and what came out of it.
    private readonly BoundedJson _chunkIn;
    private readonly BoundedJson _chunkOut;

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
            written = 0;
            _streams.Learn(call.Api, call.Function, handleArgument, bufferArgument);
            string? symbol = Options.StreamReads == StreamReadMode.Exact ? null
                : call.Used.Count == 1 ? call.Used[0].Symbol
                : ValueForms.Symbol(actual.Json.Find(handleArgument));
            StreamPosition? position = symbol is null ? null : _streams.Find(symbol);
            if (position is not null && !IsSameFunction(position.Call!, call))
            {
                position = null;
            }

            RecordedCall? next = symbol is null || position is { Left: > 0 } ? null : NextRead(call, symbol);
            switch (StateOf(symbol, position, next, bufferArgument, buffer.Length))
            {
                case StreamState.BySizes:
                    return MatchChunk(call, actual, handleArgument, bufferArgument, buffer, out written);
                case StreamState.InsideChunk:
                    CheckArguments(call, position!, actual, bufferArgument);
                    call.Note();
                    return Fill(call, position!, bufferArgument, buffer, ref written);
                case StreamState.NothingAsked:
                    call.Note();
                    return position?.Call ?? next!;
                case StreamState.AfterEnd:
                    call.Note();
                    return position!.Call!;
                case StreamState.PastRecording:
                    throw Mismatch(
                        call,
                        ReplayMismatchKind.Exhausted,
                        _order.Next(symbol!),
                        $"no further read of {symbol}: {position!.Total} bytes were recorded since the stream began, and no end",
                        $"a read of {buffer.Length} bytes");
                default:
                    position = EnterChunk(call, actual, symbol!, bufferArgument);
                    if (position.Left > 0 && !IsAskedAs(position.Call!, actual, bufferArgument, buffer.Length))
                    {
                        return Fill(call, position, bufferArgument, buffer, ref written);
                    }

                    written = position.Serve(Recording.Contents, buffer);
                    return position.Call!;
            }
        }
    }

    private static bool IsSameFunction(RecordedCall recorded, ReplayCall call) =>
        recorded.Function == call.Function && recorded.Api == call.Api.Name;

    private StreamState StateOf(string? symbol, StreamPosition? position, RecordedCall? next, string bufferArgument, int asked)
    {
        if (symbol is null)
        {
            return StreamState.BySizes;
        }

        if (position is { Left: > 0 })
        {
            return StreamState.InsideChunk;
        }

        if (next is null)
        {
            return position is null ? StreamState.BeforeChunk
                : position.Ended || asked == 0 ? StreamState.AfterEnd
                : StreamState.PastRecording;
        }

        return asked == 0 && Room(next, bufferArgument) != 0 ? StreamState.NothingAsked : StreamState.BeforeChunk;
    }

    // Serves what the current chunk and the consecutive reads behind it hold.
    private RecordedCall Fill(ReplayCall call, StreamPosition position, string bufferArgument, Span<byte> buffer, ref int written)
    {
        while (true)
        {
            RecordedCall served = position.Call!;
            written += position.Serve(Recording.Contents, buffer[written..]);
            if (written == buffer.Length || NextRead(call, position.Symbol) is not RecordedCall next || !next.HasResults
                || !AreOneStream(served, next, bufferArgument))
            {
                return served;
            }

            BoundedJsonValue chunk = Chunk(next, bufferArgument);
            if (ValueForms.Length(chunk) == 0)
            {
                // The end stays for the next read: callers see zero bytes once.
                return served;
            }

            Serve(call, next);
            Enter(position.Symbol, next, chunk);
        }
    }

    // A program that has read on in one call reads the same stream if nothing but the room differs.
    private bool AreOneStream(RecordedCall served, RecordedCall next, string bufferArgument)
    {
        if (served.InJson.Span.SequenceEqual(next.InJson.Span))
        {
            return true;
        }

        _chunkIn.Reread(served.Text);
        _expected.Reread(next.InJson);
        BoundedJsonValue earlier = _chunkIn.Root;
        return CallComparison.Compare(earlier.Find("in"u8), _expected.Root, "in", bufferArgument, earlier.Find("out"u8)) is null;
    }

    private void CheckArguments(ReplayCall call, StreamPosition position, ProgramArguments actual, string bufferArgument)
    {
        RecordedCall recorded = position.Call!;
        if (actual.AreWrittenAs(recorded.InJson))
        {
            return;
        }

        _chunkIn.Reread(recorded.Text);
        BoundedJsonValue all = _chunkIn.Root;
        if (CallComparison.Compare(all.Find("in"u8), actual.Json, "in", bufferArgument, all.Find("out"u8)) is ValueDifference difference)
        {
            throw Mismatch(
                call,
                ReplayMismatchKind.ArgumentMismatch,
                recorded,
                difference.Expected,
                difference.Actual,
                difference.Path);
        }
    }

    // Serves the next recorded call as it is.
    private RecordedCall MatchChunk(
        ReplayCall call,
        ProgramArguments actual,
        string handleArgument,
        string bufferArgument,
        Span<byte> buffer,
        out int written)
    {
        written = 0;
        string? symbol = call.Used.Count == 1 ? call.Used[0].Symbol : ValueForms.Symbol(actual.Json.Find(handleArgument));
        RecordedCall found = Find(call, actual, null);
        BoundedJsonValue chunk = found.HasResults ? Chunk(found, bufferArgument) : default;
        long length = found.HasResults ? ValueForms.Length(chunk) : 0;
        if (length > buffer.Length)
        {
            throw Fail(new ReplayException($"{Recording.Source}, line {found.Line}: {found} gives {length} bytes, more than there "
                + $"is room for ({buffer.Length})"));
        }

        if (length > 0)
        {
            Recording.Contents.Copy(FindData(found, chunk), buffer);
        }

        Take(call, found, symbol);
        written = (int)length;
        return found;
    }

    // The next recorded call answers: what it gives is served from here on.
    private StreamPosition EnterChunk(ReplayCall call, ProgramArguments actual, string symbol, string bufferArgument)
    {
        RecordedCall found = Find(call, actual, bufferArgument);
        BoundedJsonValue chunk = found.HasResults ? Chunk(found, bufferArgument) : default;
        if (ValueForms.Length(chunk) > 0)
        {
            FindData(found, chunk);
        }

        Take(call, found, symbol);
        return Enter(symbol, found, chunk);
    }

    private StreamPosition Enter(string symbol, RecordedCall read, BoundedJsonValue chunk)
    {
        int length = chunk.Exists ? (int)ValueForms.Length(chunk) : 0;
        ContentHash content = length > 0 ? FindData(read, chunk) : default;
        return _streams.Enter(symbol, read, content, length, ended: chunk.Exists && length == 0);
    }

    private BoundedJsonValue Chunk(RecordedCall read, string bufferArgument)
    {
        _chunkOut.Reread(read.OutJson);
        BoundedJsonValue chunk = _chunkOut.Root.Find(bufferArgument);
        return ValueForms.Length(chunk) >= 0
            ? chunk
            : throw Fail(new ReplayException($"{Recording.Source}, line {read.Line}: {read} has no buffer out.{bufferArgument}"));
    }

    // A program that asks for as much as the recorded one gets as much, even if that was less.
    private bool IsAskedAs(RecordedCall read, ProgramArguments actual, string bufferArgument, int asked) =>
        actual.AreWrittenAs(read.InJson) || Room(read, bufferArgument) == asked;

    private long Room(RecordedCall read, string bufferArgument)
    {
        _chunkIn.Reread(read.InJson);
        return ValueForms.RoomOf(_chunkIn.Root.Find(bufferArgument));
    }

    // The handle's next recorded call, when it is a read by this function.
    private RecordedCall? NextRead(ReplayCall call, string symbol) =>
        _order.Next(symbol) is RecordedCall next && IsSameFunction(next, call) ? next : null;
}
