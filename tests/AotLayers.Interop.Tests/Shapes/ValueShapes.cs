using System.Runtime.InteropServices;
using System.Runtime.InteropServices.Marshalling;

namespace AotLayers.Interop.Tests;

public enum Color
{
    Red,
    Green,
    Blue,
}

public struct Pair
{
    public int Count;
    public double Weight;
}

/// <summary>Written as C's <c>double</c>, seen as a struct: a marshaller that one parameter names.</summary>
public struct Percent
{
    public int Hundredths;
}

[CustomMarshaller(typeof(Percent), MarshalMode.Default, typeof(PercentMarshaller))]
public static class PercentMarshaller
{
    public static double ConvertToUnmanaged(Percent percent) => percent.Hundredths / 100.0;

    public static Percent ConvertToManaged(double value) => new() { Hundredths = (int)Math.Round(value * 100) };
}

[NativeApi("values", "libvalues.so", Success = SuccessRule.Always)]
public static partial class Values
{
    [LibraryImport("libvalues.so", EntryPoint = "values_not")]
    [return: MarshalAs(UnmanagedType.U1)]
    public static partial bool Not([MarshalAs(UnmanagedType.U1)] bool flag);

    [LibraryImport("libvalues.so", EntryPoint = "values_is_even")]
    [SuccessWhen(SuccessRule.NonZero)]
    [return: MarshalAs(UnmanagedType.Bool)]
    public static partial bool IsEven(int number, [MarshalAs(UnmanagedType.Bool)] out bool odd);

    [LibraryImport("libvalues.so", EntryPoint = "values_variant")]
    [return: MarshalAs(UnmanagedType.VariantBool)]
    public static partial bool Variant([MarshalAs(UnmanagedType.VariantBool)] bool flag);

    [LibraryImport("libvalues.so", EntryPoint = "values_upper")]
    [return: MarshalAs(UnmanagedType.U2)]
    public static partial char Upper([MarshalAs(UnmanagedType.U2)] char unit);

    [LibraryImport("libvalues.so", EntryPoint = "values_scale")]
    public static partial double Scale(double value, float factor);

    [LibraryImport("libvalues.so", EntryPoint = "values_percent")]
    public static partial double ScalePercent([MarshalUsing(typeof(PercentMarshaller))] Percent value, float factor);

    [LibraryImport("libvalues.so", EntryPoint = "values_half")]
    public static partial float Half(float value);

    [LibraryImport("libvalues.so", EntryPoint = "values_next_color")]
    public static partial Color NextColor(Color color);

    [LibraryImport("libvalues.so", EntryPoint = "values_make_pair")]
    public static partial Pair MakePair(int count, double weight);

    [LibraryImport("libvalues.so", EntryPoint = "values_version")]
    [return: MarshalUsing(typeof(LibraryUtf8Text))]
    public static partial string Version();

    [LibraryImport("libvalues.so", EntryPoint = "values_name")]
    [return: MarshalUsing(typeof(LibraryUtf16Text))]
    public static partial string? Name([MarshalAs(UnmanagedType.Bool)] bool known);

    [LibraryImport("libvalues.so", EntryPoint = "values_twice", StringMarshalling = StringMarshalling.Utf8)]
    [return: CalleeAllocated(NativeAllocator.CoTaskMem)]
    public static partial string Twice(string text);

    [LibraryImport("libvalues.so", EntryPoint = "values_length8")]
    public static partial int Length8([MarshalAs(UnmanagedType.LPUTF8Str)] string text);

    [LibraryImport("libvalues.so", EntryPoint = "values_length16")]
    public static partial int Length16([MarshalAs(UnmanagedType.LPWStr)] string text);
}

[NativeExports(typeof(Values))]
public static partial class ValueExports
{
    private static IValues GetApi() => new NativeValues();
}

/// <summary>
/// bool, char, enum, float, double, string and struct, in and returned, with [MarshalAs] and [MarshalUsing] per parameter.
/// </summary>
public sealed class ValueShapes
{
    static ValueShapes()
    {
        string path = CLibrary.Build("Shapes/values.c").Path;
        NativeValues.UseLibrary(path);
    }

    [Fact]
    public void Values_are_returned_live_and_in_a_replay()
    {
        Program(new NativeValues());
        CallRecording recording = Roundtrip.Record(recorder => Program(new RecordingValues(new NativeValues(), recorder)));
        Roundtrip.Replay(recording, replayer => Program(new ReplayingValues(replayer)));
    }

    [Fact]
    public void Recording_holds_values_and_texts()
    {
        CallRecording recording = Roundtrip.Record(recorder =>
        {
            RecordingValues values = new(new NativeValues(), recorder);
            values.Version();
            values.MakePair(3, 0.5);
            values.Scale(1, 0.25f);
        });

        Assert.Equal("1.0 été", recording.Calls[0].Out.GetProperty("$return").GetString());
        Assert.Equal("""{"count":3,"weight":0.5}""", recording.Calls[1].Out.GetProperty("$return").GetRawText());
        Assert.Equal("0.25", recording.Calls[2].Ret.GetRawText());
    }

    [Fact]
    public void Faults_fail_what_can_fail()
    {
        var plan = FaultPlan.Parse("""{"fail":[{"fn":"values!IsEven","call":1,"code":"5"}]}""");
        FaultingValues values = new(new NativeValues(), plan);
        Assert.False(values.IsEven(2, out bool odd));
        Assert.False(odd);
        Assert.True(values.IsEven(2, out _));
    }

    [Fact, Trait("Point", "10")]
    public unsafe void Exports_have_the_abi_of_the_declaration()
    {
        // The numbers are those that a C compiler's caller passes and gets.
        Assert.Equal(1, ((delegate* unmanaged<byte, byte>)ValueExports.GetEntryPoint("values_not"))(0));
        int odd = 5;
        Assert.Equal(1, ((delegate* unmanaged<int, int*, int>)ValueExports.GetEntryPoint("values_is_even"))(2, &odd));
        Assert.Equal(0, odd);
        Assert.Equal(-1, ((delegate* unmanaged<short, short>)ValueExports.GetEntryPoint("values_variant"))(0));
        Assert.Equal('Q', ((delegate* unmanaged<ushort, ushort>)ValueExports.GetEntryPoint("values_upper"))('q'));
        Assert.Equal(3.0, ((delegate* unmanaged<double, float, double>)ValueExports.GetEntryPoint("values_percent"))(1.5, 2));
        Assert.Equal(1.5f, ((delegate* unmanaged<float, float>)ValueExports.GetEntryPoint("values_half"))(3));
        Assert.Equal(Color.Red, ((delegate* unmanaged<Color, Color>)ValueExports.GetEntryPoint("values_next_color"))(Color.Blue));
        Assert.Equal(2.5, ((delegate* unmanaged<int, double, Pair>)ValueExports.GetEntryPoint("values_make_pair"))(1, 2.5).Weight);
        byte* version = ((delegate* unmanaged<byte*>)ValueExports.GetEntryPoint("values_version"))();
        Assert.Equal("1.0 été", Marshal.PtrToStringUTF8((nint)version));
        Assert.True(version == ((delegate* unmanaged<byte*>)ValueExports.GetEntryPoint("values_version"))());
        fixed (byte* text = "ab\0"u8)
        {
            byte* twice = ((delegate* unmanaged<byte*, byte*>)ValueExports.GetEntryPoint("values_twice"))(text);
            Assert.Equal("abab", Marshal.PtrToStringUTF8((nint)twice));
            Marshal.FreeCoTaskMem((nint)twice);
            Assert.Equal(2, ((delegate* unmanaged<byte*, int>)ValueExports.GetEntryPoint("values_length8"))(text));
        }

        fixed (char* text = "äöü")
        {
            Assert.Equal(3, ((delegate* unmanaged<char*, int>)ValueExports.GetEntryPoint("values_length16"))(text));
        }
    }

    private static void Program(IValues values)
    {
        Assert.False(values.Not(true));
        Assert.True(values.Not(false));
        Assert.True(values.IsEven(4, out bool odd));
        Assert.False(odd);
        Assert.False(values.IsEven(5, out _));
        Assert.True(values.Variant(false));
        Assert.False(values.Variant(true));
        Assert.Equal('K', values.Upper('k'));
        Assert.Equal('\ud800', values.Upper('\ud800'));
        Assert.Equal(1e300, values.Scale(2e300, 0.5f));
        Assert.Equal(double.PositiveInfinity, values.Scale(double.MaxValue, 2));
        Assert.True(double.IsNaN(values.Scale(double.NaN, 1)));
        Assert.Equal(0.5, values.ScalePercent(new Percent { Hundredths = 25 }, 2));
        Assert.Equal(0.05f, values.Half(0.1f));
        Assert.Equal(Color.Red, values.NextColor(Color.Blue));
        Pair pair = values.MakePair(7, 0.1);
        Assert.Equal((7, 0.1), (pair.Count, pair.Weight));
        Assert.Equal("1.0 été", values.Version());
        Assert.Equal("Zoë", values.Name(true));
        Assert.Null(values.Name(false));
        Assert.Equal("nono", values.Twice("no"));
        Assert.Equal(3, values.Length8("aé"));
        Assert.Equal(2, values.Length16("aé"));
    }
}
