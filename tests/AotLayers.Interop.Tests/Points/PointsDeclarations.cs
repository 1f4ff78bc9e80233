using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotLayers.Interop.Tests.Points;

/// <summary>One entry of a list of files to watch, like <c>struct pollfd</c>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Watched
{
    [Handle("fd", HandleUse.Used)]
    public int File;
    public short Wanted;
    public short Seen;
}

/// <summary>Two fields at one place.</summary>
[StructLayout(LayoutKind.Explicit)]
internal struct RealOrBits
{
    [FieldOffset(0)]
    public double Real;
    [FieldOffset(0)]
    public ulong Bits;
}

/// <summary>Three bytes between the fields belong to neither.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct Padded
{
    public byte Small;
    public uint Big;
}

/// <summary>Text with a NUL inside.</summary>
[InlineArray(8)]
internal struct EightChars
{
    private char _first;
}

/// <summary>A list of names.</summary>
internal struct NameList
{
    public EightChars List;
}

/// <summary>The library of points.c.</summary>
[NativeApi("points", Library, Success = SuccessRule.Zero)]
internal static unsafe partial class Points
{
    private const string Library = "points";

    [LibraryImport(Library, EntryPoint = "file_open", StringMarshalling = StringMarshalling.Utf8, SetLastError = true)]
    [return: Handle("fd", HandleUse.Produced)]
    internal static partial int FileOpen(string name);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, EntryPoint = "file_same")]
    internal static partial int FileSame([Handle("fd", HandleUse.Used)] int a, [Handle("fd", HandleUse.Used)] int b);

    [LibraryImport(Library, EntryPoint = "file_close")]
    internal static partial int FileClose([Handle("fd", HandleUse.ConsumedOnSuccess)] int fd, int busy);

    [LibraryImport(Library, EntryPoint = "pair")]
    internal static partial int Pair([Buffer(Count = 2)][Handle("fd", HandleUse.Produced)] Span<int> ends);

    [SuccessWhen(SuccessRule.NonNegative)]
    [LibraryImport(Library, EntryPoint = "watch")]
    internal static partial int Watch([Buffer(Length = nameof(count))][Direction(Direction.InOut)] Span<Watched> list, int count);

    [ResultsOn(234)]
    [LibraryImport(Library, EntryPoint = "value_get")]
    internal static partial int ValueGet([Buffer(Written = nameof(bytes), Unit = BufferUnit.Bytes)] Span<char> text, ref uint bytes);

    [SuccessWhen(SuccessRule.NonNegative)]
    [LibraryImport(Library, EntryPoint = "format")]
    internal static partial int Format(
        [Buffer(
            Length = nameof(size),
            WrittenByReturnValue = true,
            Terminator = BufferTerminator.NotCounted,
            Truncates = true)] Span<byte> buffer,
        nuint size,
        int number);

    [SuccessWhen(SuccessRule.NonNegative)]
    [LibraryImport(Library, EntryPoint = "link_text")]
    internal static partial int LinkText([Buffer(Length = nameof(size), WrittenByReturnValue = true)] Span<byte> buffer, nuint size);

    [LibraryImport(Library, EntryPoint = "twice")]
    internal static partial int Twice([Direction(Direction.InOut)] int* value);

    [SuccessWhen(SuccessRule.NonZero)]
    [LibraryImport(Library, EntryPoint = "set_flag", SetLastError = true)]
    internal static partial int SetFlag(int flag);

    [LibraryImport(Library, EntryPoint = "number")]
    internal static partial int Number(out RealOrBits value);

    [LibraryImport(Library, EntryPoint = "padded")]
    internal static partial int FillPadded(out Padded value);

    [LibraryImport(Library, EntryPoint = "names")]
    internal static partial int Names(out NameList value);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library)]
    internal static partial int Info(int items);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library)]
    internal static partial int Probe(int _inner);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library)]
    internal static partial int GetX(int _plan, int _recorder);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library)]
    internal static partial int getX();
}
