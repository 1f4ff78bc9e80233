using System.Buffers;
using System.Buffers.Text;
using System.Diagnostics;
using System.Globalization;
using System.Text;

namespace AotLayers.Interop;

/// <summary>
/// The line of one call: <c>seq, thread, api, fn, in, out, failed, ret, lastError, us</c> in this order. The opening of a call in flight
/// is the beginning of the very same line, so that a line that was written by half still names its call.
/// </summary>
internal static class CallLine
{
    /// <summary>Writes the line's beginning, up to the function's name.</summary>
    public static void WriteOpening(ArrayBufferWriter<byte> line, CallInProgress call)
    {
        line.ResetWrittenCount();
        line.Write("{\"seq\":"u8);
        Number(line, call.Seq);
        line.Write(",\"thread\":"u8);
        Number(line, call.Thread);
        line.Write(",\"api\":\""u8);
        Ascii(line, call.Api.Name);
        line.Write(call.IsCallback ? "\",\"callback\":\""u8 : "\",\"fn\":\""u8);
        Ascii(line, call.Function);
        line.Write("\""u8);
        if (call.IsCallback)
        {
            line.Write(",\"of\":"u8);
            Number(line, call.Of);
            if (call.During != call.Of)
            {
                line.Write(",\"during\":"u8);
                Number(line, call.During);
            }
        }
    }

    /// <summary>Writes the whole line, without its line end. Contents that are not yet stored go into it.</summary>
    public static void WriteFinished(
        ArrayBufferWriter<byte> line,
        CallInProgress call,
        in ReturnValue value,
        HandleSymbols handles,
        HashSet<ContentHash> stored,
        long? duration)
    {
        line.Write(call.Opening.WrittenSpan);
        line.Write(",\"in\":"u8);
        Arguments(line, call.In, handles, stored);
        if (value.HasResults)
        {
            line.Write(",\"out\":"u8);
            Arguments(line, call.Out, handles, stored);
        }

        if (value is { HasResults: true, Succeeded: false })
        {
            line.Write(",\"failed\":true"u8);
        }

        line.Write(",\"ret\":"u8);
        Return(line, value, handles);
        if (value.LastError is uint error)
        {
            line.Write(",\"lastError\":"u8);
            Code(line, error, value.Names);
        }

        if (duration is long ticks)
        {
            line.Write(",\"us\":"u8);
            Number(line, (long)Stopwatch.GetElapsedTime(0, ticks).TotalMicroseconds);
        }

        line.Write("}"u8);
    }

    private static void Arguments(ArrayBufferWriter<byte> line, CallWriter arguments, HandleSymbols handles, HashSet<ContentHash> stored)
    {
        ReadOnlySpan<byte> json = arguments.Finish().Span;
        int done = 0;
        foreach (LineSlot slot in arguments.Slots)
        {
            if (slot.Kind == SlotKind.Data && !stored.Add(slot.Hash))
            {
                continue;
            }

            line.Write(json[done..slot.JsonOffset]);
            done = slot.JsonOffset;
            if (slot.Kind != SlotKind.Data)
            {
                Ascii(line, slot.Kind switch
                {
                    SlotKind.Produced => handles.Produce(slot.HandleKind, slot.Value),
                    SlotKind.Kept => handles.Keep(slot.HandleKind, slot.Value),
                    _ => handles.Borrow(slot.HandleKind, slot.Value),
                });
                continue;
            }

            line.Write(",\"data\":\""u8);
            ReadOnlySpan<byte> content = arguments.Content(slot);
            Base64.EncodeToUtf8(content, line.GetSpan(Base64.GetMaxEncodedToUtf8Length(content.Length)), out _, out int written);
            line.Advance(written);
            line.Write("\""u8);
        }

        line.Write(json[done..]);
    }

    private static void Return(ArrayBufferWriter<byte> line, in ReturnValue value, HandleSymbols handles)
    {
        switch (value.Kind)
        {
            case ReturnKind.Code:
                Code(line, unchecked((uint)value.Value), value.Names);
                break;
            case ReturnKind.Real:
                Real(line, BitConverter.Int64BitsToDouble(value.Value));
                break;
            case ReturnKind.Signed:
                Integer(line, value.Value, value.Value is >= -CallWriter.MaxExactInteger and <= CallWriter.MaxExactInteger);
                break;
            case ReturnKind.Unsigned:
                Integer(line, unchecked((ulong)value.Value), unchecked((ulong)value.Value) <= CallWriter.MaxExactInteger);
                break;
            case ReturnKind.Handle when value.IsHandle:
                nint handle = checked((nint)value.Value);
                line.Write(value.IsPointer ? "{\"$pointer\":\""u8 : "{\"$handle\":\""u8);
                Ascii(line, value.IsBorrowed ? handles.Borrow(value.HandleKind!, handle) : handles.Produce(value.HandleKind!, handle));
                line.Write("\"}"u8);
                break;
            case ReturnKind.Handle when value.Value == 0:
            case ReturnKind.Void:
                line.Write("null"u8);
                break;
            default:
                Integer(line, value.Value, exact: true);
                break;
        }
    }

    private static void Real(ArrayBufferWriter<byte> line, double value)
    {
        if (!double.IsFinite(value))
        {
            Ascii(line, $"\"{RealText.Of(value)}\"");
            return;
        }

        value.TryFormat(line.GetSpan(32), out int written, "R", CultureInfo.InvariantCulture);
        line.Advance(written);
    }

    private static void Integer<T>(ArrayBufferWriter<byte> line, T value, bool exact)
        where T : IUtf8SpanFormattable
    {
        if (!exact)
        {
            line.Write("\""u8);
        }

        Number(line, value);
        if (!exact)
        {
            line.Write("\""u8);
        }
    }

    private static void Code(ArrayBufferWriter<byte> line, uint code, Func<uint, string?>? names)
    {
        line.Write("\"0x"u8);
        code.TryFormat(line.GetSpan(8), out int written, "x8", CultureInfo.InvariantCulture);
        line.Advance(written);
        if (code != 0 && names?.Invoke(code) is string name)
        {
            line.Write(" "u8);
            Ascii(line, name);
        }

        line.Write("\""u8);
    }

    private static void Number<T>(ArrayBufferWriter<byte> line, T value)
        where T : IUtf8SpanFormattable
    {
        value.TryFormat(line.GetSpan(20), out int written, default, CultureInfo.InvariantCulture);
        line.Advance(written);
    }

    // Names of APIs, functions, codes and handle kinds are identifiers of the declarations: nothing in them needs escaping.
    private static void Ascii(ArrayBufferWriter<byte> line, string text) =>
        line.Advance(Encoding.ASCII.GetBytes(text, line.GetSpan(text.Length)));
}
