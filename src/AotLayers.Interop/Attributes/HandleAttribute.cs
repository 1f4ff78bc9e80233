namespace AotLayers.Interop;

/// <summary>
/// The value is an opaque handle: an integer of four or eight bytes, a pointer, or a class derived from
/// <see cref="System.Runtime.InteropServices.SafeHandle"/>; on a span or array, each element is one. Recordings name it by kind and
/// ordinal (<c>context#1</c>), never by value, and follow its life.
/// </summary>
/// <param name="kind">
/// The kind, for example <c>context</c>. A kind is one space of values: where two APIs of a recording pass the same handles, both name
/// the same kind. A call that takes handles of several kinds (<c>CloseHandle</c>) names them with a bar between: <c>file|token|event</c>.
/// </param>
/// <param name="use">What the call does with the handle.</param>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.ReturnValue | AttributeTargets.Field)]
public sealed class HandleAttribute(string kind, HandleUse use) : Attribute
{
    private readonly long[] _invalid = [];
    private readonly long[] _pseudo = [];

    /// <summary>The kind of handle.</summary>
    public string Kind { get; } = kind;

    /// <summary>What the call does with the handle.</summary>
    public HandleUse Use { get; } = use;

    /// <summary>Name of an integer parameter of the same method: the handle is consumed when that parameter is not zero.</summary>
    public string? ConsumedWhen { get; set; }

    /// <summary>
    /// Values that say "no handle" and are recorded as they are. When it is not given: -1 for <c>int</c> and <c>long</c> (zero is a file
    /// descriptor), zero and -1 for the other types.
    /// </summary>
    public long[] Invalid
    {
        get => [.. _invalid];
        init => _invalid = value;
    }

    /// <summary>
    /// Values that stand for something and were never made: -1 for the current process, -100 for the current directory. They are recorded
    /// as they are.
    /// </summary>
    public long[] Pseudo
    {
        get => [.. _pseudo];
        init => _pseudo = value;
    }
}
