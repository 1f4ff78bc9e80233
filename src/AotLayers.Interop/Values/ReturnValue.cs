namespace AotLayers.Interop;

/// <summary>
/// What a call returned, and whether the function's own success rule says that it succeeded. Out-parameters are recorded only then, or
/// <see cref="WithResults">on demand</see>.
/// </summary>
public readonly partial struct ReturnValue
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
        ReturnKind.Real => RealText.Of(BitConverter.Int64BitsToDouble(Value)),
        ReturnKind.Unsigned => unchecked((ulong)Value).ToString(System.Globalization.CultureInfo.InvariantCulture),
        _ => Value.ToString(System.Globalization.CultureInfo.InvariantCulture),
    };

    internal ReturnKind Kind { get; }

    internal long Value { get; }

    internal Func<uint, string?>? Names { get; private init; }

    internal string? HandleKind { get; private init; }

    internal bool IsHandle { get; private init; }

    internal bool IsBorrowed { get; private init; }

    /// <summary>The handle stands for a pointer that one side keeps for the other.</summary>
    internal bool IsPointer { get; private init; }

    /// <summary>Whether out-values count: the call succeeded, or they count all the same.</summary>
    internal bool HasResults => Succeeded || ResultsCount;

    private bool ResultsCount { get; init; }

    internal uint? LastError { get; private init; }

    /// <summary>An HRESULT: written as <c>0x%08x</c> and its name.</summary>
    public static ReturnValue HResult(int value, bool succeeded, Func<uint, string?>? names = null) =>
        new(ReturnKind.Code, unchecked((uint)value), succeeded) { Names = names };

    /// <summary>A Win32 error code that the function returns itself: written as <c>0x%08x</c> and its name.</summary>
    public static ReturnValue Win32(uint value, bool succeeded, Func<uint, string?>? names = null) =>
        new(ReturnKind.Code, value, succeeded) { Names = names };

    /// <summary>A number (BOOL, count): written in decimal.</summary>
    public static ReturnValue Number(long value, bool succeeded) => new(ReturnKind.Signed, value, succeeded);

    /// <summary>An unsigned number: written in decimal.</summary>
    public static ReturnValue Number(ulong value, bool succeeded) => new(ReturnKind.Unsigned, unchecked((long)value), succeeded);

    /// <summary>
    /// A handle that the call gave back: written as its symbol; a value that is no handle is null for zero and a number otherwise.
    /// </summary>
    /// <param name="value">The value.</param>
    /// <param name="kind">Kind of the handle.</param>
    /// <param name="succeeded">Whether the call succeeded.</param>
    /// <param name="isBorrowed">The handle is nobody's to end.</param>
    /// <param name="plain">Values that are no handles; without any, zero and -1.</param>
    public static ReturnValue Handle(
        nint value,
        string kind,
        bool succeeded,
        bool isBorrowed = false,
        ReadOnlySpan<long> plain = default) => new(ReturnKind.Handle, value, succeeded)
    {
        HandleKind = kind,
        IsHandle = !HandleValues.IsPlain(value, plain),
        IsBorrowed = isBorrowed,
    };

    /// <summary>A token by its identity; null for zero.</summary>
    public static ReturnValue Opaque(nint value, bool succeeded) => new(ReturnKind.Handle, value, succeeded)
    {
        HandleKind = CallWriter.TokenKind,
        IsHandle = value != 0,
        IsBorrowed = true,
        IsPointer = true,
    };

    /// <summary>A floating point number.</summary>
    public static ReturnValue Real(double value, bool succeeded) => new(ReturnKind.Real, BitConverter.DoubleToInt64Bits(value), succeeded);

    /// <summary>
    /// A value that is recorded by content, as <see cref="CallWriter.ReturnName"/> among the out-arguments: written as null.
    /// </summary>
    public static ReturnValue Content(bool succeeded) => new(ReturnKind.Void, 0, succeeded);

    /// <summary>No value: written as null.</summary>
    public static ReturnValue Void => new(ReturnKind.Void, 0, succeeded: true);

    /// <summary>
    /// The same value of a call whose out-values count although it failed (a size that was asked for, an item that came with a warning).
    /// </summary>
    public ReturnValue WithResults() => this with { ResultsCount = true };

    /// <summary>The same value with the thread's last error, which is written whether the call succeeded or not.</summary>
    public ReturnValue WithLastError(int lastError, Func<uint, string?>? names = null) =>
        this with { LastError = unchecked((uint)lastError), Names = names ?? Names };
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
