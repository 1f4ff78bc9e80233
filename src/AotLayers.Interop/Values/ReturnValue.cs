namespace AotLayers.Interop;

/// <summary>What a call returned, and whether the function's own success rule says that it succeeded. Out-parameters are recorded only then.</summary>
public readonly struct ReturnValue
{
    private ReturnValue(ReturnKind kind, long value, bool succeeded)
    {
        Kind = kind;
        Value = value;
        Succeeded = succeeded;
    }

    /// <summary>Whether the call succeeded.</summary>
    public bool Succeeded { get; }

    /// <summary>The value as recordings write it.</summary>
    internal string Show() => Kind switch
    {
        ReturnKind.Void => "null",
        ReturnKind.Real => BitConverter.Int64BitsToDouble(Value).ToString("R", System.Globalization.CultureInfo.InvariantCulture),
        ReturnKind.Unsigned => unchecked((ulong)Value).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    internal ReturnKind Kind { get; }

    internal long Value { get; }

    internal Func<uint, string?>? Names { get; private init; }

    internal string? HandleKind { get; private init; }

    internal uint? LastError { get; private init; }

    /// <summary>An HRESULT: written as <c>0x%08x</c> and its name.</summary>
    public static ReturnValue HResult(int value, bool succeeded, Func<uint, string?>? names = null) => new(ReturnKind.Code, unchecked((uint)value), succeeded) { Names = names };

    /// <summary>A Win32 error code that the function returns itself: written as <c>0x%08x</c> and its name.</summary>
    public static ReturnValue Win32(uint value, bool succeeded, Func<uint, string?>? names = null) => new(ReturnKind.Code, value, succeeded) { Names = names };

    /// <summary>A number (BOOL, count): written in decimal.</summary>
    public static ReturnValue Number(long value, bool succeeded) => new(ReturnKind.Signed, value, succeeded);

    /// <summary>An unsigned number: written in decimal.</summary>
    public static ReturnValue Number(ulong value, bool succeeded) => new(ReturnKind.Unsigned, unchecked((long)value), succeeded);

    /// <summary>A handle that the call made: written as a new symbol when the call succeeded, otherwise null for zero and <c>-1</c> for minus one.</summary>
    public static ReturnValue Handle(nint value, string kind, bool succeeded) => new(ReturnKind.Handle, value, succeeded) { HandleKind = kind };

    /// <summary>A floating point number.</summary>
    public static ReturnValue Real(double value, bool succeeded) => new(ReturnKind.Real, BitConverter.DoubleToInt64Bits(value), succeeded);

    /// <summary>A value that is recorded by content, as <see cref="CallWriter.ReturnName"/> among the out-arguments: written as null.</summary>
    public static ReturnValue Content(bool succeeded) => new(ReturnKind.Void, 0, succeeded);

    /// <summary>No value: written as null.</summary>
    public static ReturnValue Void => new(ReturnKind.Void, 0, succeeded: true);

    /// <summary>The same value with the thread's last error, which is written when the call failed.</summary>
    public ReturnValue WithLastError(int lastError, Func<uint, string?>? names = null) => new(Kind, Value, Succeeded)
    {
        HandleKind = HandleKind,
        LastError = unchecked((uint)lastError),
        Names = names ?? Names,
    };
}

internal enum ReturnKind
{
    Void,
    Code,
    Signed,
    Unsigned,
    Handle,
    Real,
}
