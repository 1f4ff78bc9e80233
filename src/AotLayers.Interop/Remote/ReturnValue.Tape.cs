namespace AotLayers.Interop;

/// <content>A return value on its way to another process.</content>
public readonly partial struct ReturnValue
{
    private const byte SucceededFlag = 1;
    private const byte ResultsFlag = 2;
    private const byte HandleFlag = 4;
    private const byte BorrowedFlag = 8;
    private const byte PointerFlag = 16;
    private const byte LastErrorFlag = 32;

    internal void WriteTo(TapeBuffer tape)
    {
        tape.Byte((byte)Kind);
        tape.Byte((byte)((Succeeded ? SucceededFlag : 0) | (ResultsCount ? ResultsFlag : 0) | (IsHandle ? HandleFlag : 0)
            | (IsBorrowed ? BorrowedFlag : 0) | (IsPointer ? PointerFlag : 0) | (LastError is null ? 0 : LastErrorFlag)));
        tape.Int64(Value);
        tape.Name(HandleKind);
        tape.Name(Kind == ReturnKind.Code && Value != 0 ? Names?.Invoke(unchecked((uint)Value)) : null);
        if (LastError is uint error)
        {
            tape.Int32(unchecked((int)error));
            tape.Name(error == 0 ? null : Names?.Invoke(error));
        }
    }

    internal static ReturnValue ReadFrom(ref TapeReader tape)
    {
        var kind = (ReturnKind)tape.Byte();
        byte flags = tape.Byte();
        long value = tape.Int64();
        string? handle = tape.Name();
        string? name = tape.Name();
        uint? error = (flags & LastErrorFlag) == 0 ? null : unchecked((uint)tape.Int32());
        string? errorName = error is null ? null : tape.Name();
        if (kind > ReturnKind.Real || ((flags & HandleFlag) != 0 && handle is null))
        {
            throw new InvalidDataException("the program wrote over a return value");
        }

        return new(kind, value, (flags & SucceededFlag) != 0)
        {
            Names = name is null && errorName is null ? null : code => kind == ReturnKind.Code && code == (uint)value ? name : errorName,
            HandleKind = handle,
            IsHandle = (flags & HandleFlag) != 0,
            IsBorrowed = (flags & BorrowedFlag) != 0,
            IsPointer = (flags & PointerFlag) != 0,
            ResultsCount = (flags & ResultsFlag) != 0,
            LastError = error,
        };
    }
}
