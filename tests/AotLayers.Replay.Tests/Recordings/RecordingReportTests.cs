using System.Globalization;
using System.Text;
using AotLayers.Interop;

namespace AotLayers.Replay.Tests.Recordings;

/// <summary>The page of a recording.</summary>
public sealed class RecordingReportTests
{
    [Fact]
    public void A_recording_with_durations_is_told_by_time()
    {
        string page = Page(ToyProgram.Record(
            ToyProgram.Sample,
            ToyProgram.CallEverything,
            ToyProgram.Options with { Timing = true }));
        Assert.Contains("Functions by time", page, StringComparison.Ordinal);
        Assert.Contains("Calls by time", page, StringComparison.Ordinal);
        Assert.Contains("toy!Open = 0x80070005 ERROR_ACCESS_DENIED", page, StringComparison.Ordinal);
        Assert.Contains("lone \\ud800 surrogate, &quot;quotes&quot;", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_large_recording_is_bounded_and_says_so()
    {
        byte[] file = ToyProgram.Record(ToyProgram.Sample, toy =>
        {
            for (int i = 0; i < 1500; i++)
            {
                toy.Open(i.ToString(CultureInfo.InvariantCulture), out nint stream);
                toy.Close(stream);
            }
        });
        string page = Page(file);
        Assert.True(page.Length < 500_000, page.Length.ToString(CultureInfo.InvariantCulture));
        Assert.Contains("The first 2,000 of 3,000; <code>recording show</code> has all.", page, StringComparison.Ordinal);
        Assert.Contains("The first 200 of 1,500", page, StringComparison.Ordinal);
    }

    [Fact]
    public void An_empty_recording_has_a_page() =>
        Assert.Contains("<b>0</b> calls", Page(ToyProgram.Record(ToyProgram.Sample, _ => { })), StringComparison.Ordinal);

    private static string Page(byte[] recording)
    {
        using MemoryStream page = new();
        RecordingReport.Write(ToyProgram.Load(recording), [ToyApi.Info], page);
        return Encoding.UTF8.GetString(page.ToArray());
    }
}
