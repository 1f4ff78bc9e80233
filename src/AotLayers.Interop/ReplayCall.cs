namespace AotLayers.Interop;

/// <summary>
/// One call that a recording answers. Generated code writes <see cref="In"/> with the body that the recorder uses, calls <see cref="Match"/> or
/// <see cref="MatchStream"/>, reads the out-arguments if <see cref="Succeeded"/>, and returns the recorded value.
/// </summary>
public sealed class ReplayCall : IDisposable
{
    internal ReplayCall(CallWriter writer) => In = writer;

    /// <summary>The program's in-arguments.</summary>
    public CallWriter In { get; }

    /// <summary>Whether the recorded call succeeded; false means that nothing comes out of the reader.</summary>
    public bool Succeeded { get; internal set; }

    /// <summary>The recorded last error of a failed call (0 when none was recorded), to be set for the caller by <c>Marshal.SetLastPInvokeError</c>.</summary>
    public int LastError { get; internal set; }

    /// <summary>Finds the recorded call and compares the in-arguments.</summary>
    /// <returns>The out-arguments.</returns>
    /// <exception cref="ReplayMismatchException">The program left the recording.</exception>
    /// <exception cref="ReplayHandleException">A handle was used after its end.</exception>
    public CallReader Match() => throw new NotSupportedException(In.ToString());

    /// <summary>As <see cref="Match"/>, for a call that reads the next bytes of a stream: fills the buffer as the options say.</summary>
    /// <param name="handleArgument">JSON name of the handle that the stream belongs to.</param>
    /// <param name="bufferArgument">JSON name of the buffer.</param>
    /// <param name="buffer">The program's buffer.</param>
    /// <param name="written">Bytes put into the buffer; zero at the end of the stream and for a failed call.</param>
    /// <returns>The other out-arguments. The buffer is not to be read from it.</returns>
    public CallReader MatchStream(string handleArgument, string bufferArgument, Span<byte> buffer, out int written) => throw new NotSupportedException(handleArgument + bufferArgument + (written = buffer.Length) + In);

    /// <summary>The recorded HRESULT, error code or number.</summary>
    public int ReturnInt32() => unchecked((int)ReturnInt64());

    /// <summary>The recorded error code or number.</summary>
    public uint ReturnUInt32() => unchecked((uint)ReturnInt64());

    /// <summary>The recorded number.</summary>
    public long ReturnInt64() => throw new NotSupportedException(In.ToString());

    /// <summary>The recorded number.</summary>
    public ulong ReturnUInt64() => throw new NotSupportedException(In.ToString());

    /// <summary>The recorded number.</summary>
    public nint ReturnNInt() => checked((nint)ReturnInt64());

    /// <summary>The recorded number.</summary>
    public nuint ReturnNUInt() => checked((nuint)ReturnUInt64());

    /// <summary>The handle that the recorded call made, as a value of this replay; -1 or 0 when it failed so.</summary>
    public nint ReturnHandle(string kind) => throw new NotSupportedException(kind + In);

    /// <inheritdoc/>
    public void Dispose()
    {
    }
}
