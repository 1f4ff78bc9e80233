using System.Runtime.InteropServices;
using System.Text;

namespace AotLayers.Interop;

/// <content>Callbacks: the functions that a call passes, the callbacks that are made within it, and a callback as a call the other
/// way.</content>
public sealed partial class ReplayCall
{
    private static readonly byte[] s_empty = "{}"u8.ToArray();

    private List<(string Parameter, ReplayedCallback Function)>? _functions;
    private List<nint>? _blocks;
    private bool _isCallback;

    /// <summary>What the library passed to a callback.</summary>
    public CallReader CallbackIn => Reader(Recorded.InJson);

    /// <summary>Notes a function that the program passes. To be called before the call is matched.</summary>
    /// <param name="parameter">The parameter that passes the function.</param>
    /// <param name="function">Calls it.</param>
    public void Callback(string parameter, ReplayedCallback function) => (_functions ??= []).Add((parameter, function));

    /// <summary>
    /// The program answered a callback: compares the answer, of which <see cref="In"/> holds what is beside the return value.
    /// </summary>
    /// <exception cref="ReplayMismatchException">The program answered otherwise when the recording was made.</exception>
    public void Answer(in ReturnValue value)
    {
        bool same = value.Kind switch
        {
            ReturnKind.Void => Recorded.RetJson.Span.SequenceEqual("null"u8),
            ReturnKind.Real => BitConverter.DoubleToInt64Bits(ReturnDouble()) == value.Value,
            ReturnKind.Unsigned => ReturnUInt64() == unchecked((ulong)value.Value),
            _ => ReturnInt64() == value.Value,
        };
        if (!same)
        {
            throw Departs("ret", Encoding.UTF8.GetString(Recorded.RetJson.Span), value.Show());
        }

        // The program's answer is written as its arguments are.
        _json.Reread(Recorded.HasResults ? Recorded.OutJson : s_empty);
        if (CallComparison.Compare(_json.Root, Arguments().Json, "out") is ValueDifference difference)
        {
            throw Departs(difference.Path, difference.Expected, difference.Actual);
        }
    }

    /// <summary>Turns the object into a callback that is about to be made.</summary>
    internal void Turn(RecordedCall callback)
    {
        _recorded = callback;
        _isCallback = true;
    }

    internal ReplayException Departs(string path, string? expected, string? actual)
    {
        lock (_replayer.SyncRoot)
        {
            return _replayer.Mismatch(this, ReplayMismatchKind.ArgumentMismatch, Recorded, expected, actual, path);
        }
    }

    /// <summary>Puts content into memory that lives with a handle, with the callback that is being made, or with the replay.</summary>
    internal nint Store(nint owner, ReadOnlySpan<byte> content)
    {
        if (!_isCallback || owner != 0)
        {
            return _replayer.Memory.Store(owner, content);
        }

        nint block = ReplayMemory.Allocate(content);
        (_blocks ??= []).Add(block);
        return block;
    }

    /// <summary>Makes a handle whose value is the address of its content.</summary>
    internal nint MakeAt(string symbol, string kind, ReadOnlySpan<byte> content)
    {
        CheckKind(symbol, kind);
        nint block = _replayer.Memory.StoreAlone(content);
        lock (_replayer.SyncRoot)
        {
            return _replayer.Handles.Produce(symbol, Number, Function, Recorded, block).Value;
        }
    }

    /// <summary>The value of a handle that came with a callback.</summary>
    internal nint Passed(string symbol, string kind)
    {
        CheckKind(symbol, kind);
        lock (_replayer.SyncRoot)
        {
            return (_replayer.Handles.Find(symbol) ?? _replayer.Handles.Produce(symbol, Number, Function, Recorded)).Value;
        }
    }

    private void MakeCallbacks() => _replayer.Callbacks.After(Recorded, Served, _functions);

    private unsafe void EndCallback()
    {
        if (_blocks is not null)
        {
            foreach (nint block in _blocks)
            {
                NativeMemory.Free((void*)block);
            }

            _blocks.Clear();
        }

        _isCallback = false;
    }
}
