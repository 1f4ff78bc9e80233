using System.Reflection;
using System.Text;

namespace AotLayers.Interop.Generators.Tests;

/// <summary>Every kind of parameter, recorded from an implementation and replayed without it: the program sees the same.</summary>
public sealed class RoundTripTests
{
    /// <summary>A program that calls every function and writes down what it saw, and an implementation for it.</summary>
    private const string Program = """
        namespace Sample;

        /// <summary>Calls everything.</summary>
        public static class Program
        {
            /// <summary>Records a run of <see cref="Library"/>.</summary>
            public static string Record(Recorder recorder) => Run(new RecordingSampleLib(new Library(), recorder));

            /// <summary>Answers from a recording.</summary>
            public static string Replay(Replayer replayer) => Run(new ReplayingSampleLib(replayer));

            /// <summary>Records a replay.</summary>
            public static string RecordReplay(Recorder recorder, Replayer replayer) => Run(new RecordingSampleLib(new ReplayingSampleLib(replayer), recorder));

            /// <summary>Runs with faults.</summary>
            public static string Fault(FaultPlan plan) => Run(new FaultingSampleLib(new Library(), plan));

            private static unsafe string Run(ISampleLib lib)
            {
                System.Text.StringBuilder seen = new();
                Parent[] parents = [new() { Flags = 1, Path = "C:\\a" }, new() { Flags = 2, Path = "C:\\\ud800b" }];
                int hr = lib.Open(new Parent { Flags = uint.MaxValue, Path = "" }, "näme", null, parents, 2, out nint context);
                seen.AppendLine($"open {hr} {context != 0}");

                Point start = new() { X = short.MinValue, Y = ulong.MaxValue };
                hr = lib.Next(context, out string? name, out Item item, out long size, &start);
                seen.AppendLine($"next {hr:x} {Hex(name)} {item.Id} {item.Mode} {item.Origin.X} {item.Origin.Y} {((ReadOnlySpan<char>)item.Name)[..((ReadOnlySpan<char>)item.Name).IndexOf('\0')]} {Convert.ToHexString(item.FileTag)} {size}");
                hr = lib.Next(context, out name, out item, out size, null);

                // What comes out of a failing call means nothing, and is not recorded.
                seen.AppendLine($"next {hr:x}");

                byte[] buffer = new byte[10];
                hr = lib.Read(context, buffer, 10, out uint read);
                seen.AppendLine($"read {hr} {read} {Convert.ToHexString(buffer)}");
                hr = lib.Read(context, buffer, 10, out read);
                seen.AppendLine($"read {hr} {read}");
                hr = lib.Write(context, [1, 2, 3], 3);
                seen.AppendLine($"write {hr}");

                nuint length = 0;
                hr = lib.GetPath(ref length, []);
                seen.AppendLine($"path {hr} {length}");
                char[] path = new char[length];
                hr = lib.GetPath(ref length, path);
                seen.AppendLine($"path {hr} {length} {new string(path).Replace('\0', '0')}");

                nint file = lib.OpenFile("missing", Mode.One);
                seen.AppendLine($"file {file} {Marshal.GetLastPInvokeError()}");
                file = lib.OpenFile("there", Mode.One);
                seen.AppendLine($"file {file is not (0 or -1)}");
                nint backup = 0;
                int ok = lib.ReadBackup(file, buffer, 10, out read, 0, ref backup);
                seen.AppendLine($"backup {ok} {read} {buffer[0]} {backup != 0}");
                nint before = backup;
                ok = lib.ReadBackup(file, buffer, 10, out read, 0, ref backup);
                seen.AppendLine($"backup {ok} {read} {backup == before}");
                ok = lib.ReadBackup(file, [], 0, out read, 1, ref backup);
                seen.AppendLine($"abort {ok} {read}");

                ushort[] text = new ushort[8];
                uint count = lib.GetTempDir(8, text);
                seen.AppendLine($"temp {count} {text[0]:x} {text[1]:x} {text[2]:x}");
                count = lib.GetTempDir(1, text.AsSpan(0, 1));
                seen.AppendLine($"temp {count}");

                Point[] points = new Point[3];
                ulong cookie = ulong.MaxValue;
                uint error = lib.ListPoints(points, 3, out int written, ref cookie);
                seen.AppendLine($"points {error} {written} {points[0].X} {points[1].Y} {points[2].Y} {cookie}");

                lib.Reset();
                seen.AppendLine($"close {lib.Close(context)}");
                return seen.ToString();
            }

            private static string Hex(string? text) => text is null ? "null" : Convert.ToHexString(MemoryMarshal.AsBytes(text.AsSpan()));
        }

        /// <summary>Answers with awkward values.</summary>
        public sealed class Library : ISampleLib
        {
            private int _next;
            private int _read;
            private int _backup;

            /// <inheritdoc />
            public NativeApiInfo Info => SampleLibApi.Info;

            /// <inheritdoc />
            public ExportStatus Probe(string export) => ExportStatus.Present;

            /// <inheritdoc />
            public int Open(in Parent self, string name, string? label, ReadOnlySpan<Parent> parents, uint count, out nint context)
            {
                context = 0x7F00_1234;
                return 1;
            }

            /// <inheritdoc />
            public unsafe int Next(nint context, out string? name, out Item item, out long size, Point* start)
            {
                item = default;
                item.Id = new Guid("00112233-4455-6677-8899-aabbccddeeff");
                item.Mode = (Mode)200;
                item.Origin = start is null ? default : *start;
                "file".CopyTo(item.Name);
                "junk".CopyTo(((Span<char>)item.Name)[5..]);
                ((Span<byte>)item.FileTag)[3] = 0xFE;
                size = long.MinValue;
                name = "\udc00lone";
                return _next++ == 0 ? 0 : unchecked((int)0x80070012);
            }

            /// <inheritdoc />
            public int Read(nint context, Span<byte> buffer, uint length, out uint read)
            {
                read = _read++ == 0 ? 3u : 0;
                buffer[..(int)read].Fill(0xCD);
                return 0;
            }

            /// <inheritdoc />
            public int Write(nint context, ReadOnlySpan<byte> buffer, nuint length) => unchecked((int)0xC037010E);

            /// <inheritdoc />
            public int GetPath(ref nuint length, Span<char> buffer)
            {
                if (buffer.Length >= 4)
                {
                    "C:\\\0".CopyTo(buffer);
                }

                length = 4;
                return 0;
            }

            /// <inheritdoc />
            public int Close(nint context) => 0;

            /// <inheritdoc />
            public nint OpenFile(string name, Mode mode)
            {
                Marshal.SetLastPInvokeError(name == "there" ? 0 : 2);
                return name == "there" ? 44 : -1;
            }

            /// <inheritdoc />
            public int ReadBackup(nint file, Span<byte> buffer, uint length, out uint read, int abort, ref nint context)
            {
                context = abort != 0 ? 0 : 55;
                read = abort == 0 && _backup++ == 0 ? 5u : 0;
                buffer[..(int)read].Fill(9);
                Marshal.SetLastPInvokeError(0);
                return 1;
            }

            /// <inheritdoc />
            public uint GetTempDir(uint length, Span<ushort> buffer)
            {
                if (buffer.Length < 3)
                {
                    return 4;
                }

                buffer[0] = 'T';
                buffer[1] = 0xD83D;
                buffer[2] = '\\';
                return 3;
            }

            /// <inheritdoc />
            public uint ListPoints(Span<Point> points, int length, out int written, ref ulong cookie)
            {
                points[0].X = -1;
                points[1].Y = 1UL << 63;
                points[2].Y = 77;
                written = 2;
                cookie--;
                return 0;
            }

            /// <inheritdoc />
            public void Reset()
            {
            }
        }
        """;

    private static readonly Lazy<Type> s_program = new(static () => GeneratorHarness.Build(Sources.Everything, Program)
        .GetType("Sample.Program")!);

    [Fact]
    public void Program_sees_the_same_from_the_recording()
    {
        (string live, string json) = Record();
        CallRecording recording = Load(json);
        Assert.True(recording.Complete);

        using Replayer replayer = new(recording);
        string replayed = (string)Call("Replay", replayer);

        // The library has no function that closes a file, and the replayer says so.
        Assert.Contains(
            "file#1 was never ended",
            Assert.Throws<ReplayException>(replayer.VerifyComplete).Message,
            StringComparison.Ordinal);

        // The third point was beyond what the library said it wrote: it is not in the recording.
        Assert.Equal(live.Replace(" 77 ", " 0 ", StringComparison.Ordinal), replayed);
    }

    [Theory]
    [InlineData("\"mode\":200", "\"mode\":300", "mode is not an unsigned 8-bit integer")]
    [InlineData(
        "{\"x\":-1,\"y\":0}",
        "{\"x\":-1,\"y\":0},{\"x\":-1,\"y\":0},{\"x\":-1,\"y\":0}",
        "4 elements for the buffer points, which has room for 3")]
    [InlineData("\"size\":\"-9223372036854775808\"", "\"size\":\"-9223372036854775809\"", "size is not a 64-bit integer")]
    public void Values_that_do_not_fit_are_told(string recorded, string edited, string message)
    {
        (_, string json) = Record();
        Assert.Contains(recorded, json, StringComparison.Ordinal);
        using Replayer replayer = new(Load(json.Replace(recorded, edited, StringComparison.Ordinal)));
        ReplayException wrong = Assert.Throws<ReplayException>(() => Call("Replay", replayer));
        Assert.Contains(message, wrong.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Recording_of_a_replay_is_the_recording()
    {
        (_, string json) = Record();
        using Replayer replayer = new(Load(json));
        using MemoryStream stream = new();
        using var recorder = Recorder.Create(stream, new RecorderOptions());
        Call("RecordReplay", recorder, replayer);
        recorder.Complete();
        Assert.Equal(json, Encoding.UTF8.GetString(stream.ToArray()));
    }

    [Fact]
    public Task Recording_of_every_kind_of_parameter()
    {
        (_, string json) = Record();

        // The first line names this machine's system.
        return Verifier.Verify(json[(json.IndexOf('\n', StringComparison.Ordinal) + 1)..]);
    }

    [Fact]
    public void Faults_fail_by_each_success_rule()
    {
        FaultPlan plan = new FaultPlan()
            .Fail("Next", 1, unchecked((int)0x80070005))
            .Fail("OpenFile", 2, 32)
            .Fail("ReadBackup", 1, 1)
            .Fail("ListPoints", 1, 8)
            .Fail("GetTempDir", 1, 5)
            .Fail("Close", 1, unchecked((int)0x80004005));
        string[] seen = ((string)Call("Fault", plan)).Split('\n', StringSplitOptions.TrimEntries);

        Assert.Contains("next 80070005 null 00000000-0000-0000-0000-000000000000 0 0 0  00000000 0", seen);
        Assert.Contains("file False", seen);
        Assert.Contains("backup 0 0 205 False", seen);
        Assert.Contains("points 8 0 0 0 0 18446744073709551615", seen);
        Assert.Contains("temp 0 0 0 0", seen);
        Assert.Contains("close -2147467259", seen);
    }

    private static object Call(string method, params object[] arguments)
    {
        try
        {
            return s_program.Value.GetMethod(method)!.Invoke(null, arguments)!;
        }
        catch (TargetInvocationException e)
        {
            throw e.InnerException!;
        }
    }

    private static (string Seen, string Json) Record()
    {
        using MemoryStream stream = new();
        using var recorder = Recorder.Create(stream, new RecorderOptions());
        string seen = (string)Call("Record", recorder);
        recorder.Complete();
        Assert.Null(recorder.Failure);
        return (seen, Encoding.UTF8.GetString(stream.ToArray()));
    }

    private static CallRecording Load(string json) => CallRecording.Load(new MemoryStream(Encoding.UTF8.GetBytes(json)), "run.json");
}
