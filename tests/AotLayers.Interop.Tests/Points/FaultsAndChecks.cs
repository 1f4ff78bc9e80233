namespace AotLayers.Interop.Tests.Points;

/// <summary>Plans that cannot come true, plans that did not, and checks that once said that all was well.</summary>
public sealed class FaultsAndChecks
{
    static FaultsAndChecks() => NativePoints.UseLibrary(PointsLibrary.Path);

    [Theory, Trait("Point", "15")]
    [InlineData("""{"fail":[{"fn":"points!Info","code":"5"}]}""", "Info")]
    [InlineData("""{"fail":[{"fn":"points!NoSuchThing","code":"5"}]}""", "NoSuchThing")]
    public void A_fault_that_cannot_be_is_refused(string plan, string words)
    {
        Exception e = Assert.ThrowsAny<Exception>(() => new FaultingPoints(new NativePoints(), FaultPlan.Parse(plan)));
        Assert.Contains(words, e.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Point", "15")]
    public void A_code_of_success_is_no_fault() =>
        Assert.Contains(
            "code",
            Assert.Throws<FormatException>(() => FaultPlan.Parse("""{"fail":[{"fn":"Pair","code":"0"}]}""")).Message,
            StringComparison.Ordinal);

    [Fact, Trait("Point", "15")]
    public void A_fault_that_did_not_happen_is_told()
    {
        var plan = FaultPlan.Parse("""{"fail":[{"fn":"FileOpen","call":3,"code":"24"}]}""");
        FaultingPoints points = new(new NativePoints(), plan);
        int file = points.FileOpen("x");
        points.FileClose(file, 0);
        Assert.Contains("FileOpen", Assert.ThrowsAny<Exception>(plan.VerifyComplete).Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Point", "16")]
    public void An_api_that_a_check_does_not_know_is_a_finding()
    {
        CallRecording recording = Roundtrip.Record(static r => new RecordingPoints(new NativePoints(), r).FileOpen("x"));

        // The file itself says which functions make and end handles: a leak is found without the declarations.
        RecordingFinding leak = Assert.Single(RecordingCheck.Run(recording, []));
        Assert.Equal(RecordingFindingKind.HandleLeaked, leak.Kind);
        Assert.Contains("fd#1", leak.Message, StringComparison.Ordinal);
    }

    [Fact, Trait("Point", "16")]
    public void An_incomplete_recording_is_not_replayed_to_its_end()
    {
        using MemoryStream stream = new();
        using (var recorder = Recorder.Create(stream, new RecorderOptions()))
        {
            new RecordingPoints(new NativePoints(), recorder).GetX(1, 2);
        }

        stream.Position = 0;
        var cut = CallRecording.Load(stream, "cut");
        Assert.False(cut.Complete);
        using Replayer replayer = new(cut);
        Assert.Equal(3, new ReplayingPoints(replayer).GetX(1, 2));
        Assert.Contains("incomplete", Assert.ThrowsAny<Exception>(replayer.VerifyComplete).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Every_point_has_a_test()
    {
        HashSet<string> points = [.. typeof(FaultsAndChecks).Assembly.GetTypes()
            .SelectMany(static t => t.GetMethods())
            .SelectMany(static m => m.GetCustomAttributesData())
            .Where(static a => a.AttributeType == typeof(TraitAttribute) && a.ConstructorArguments[0].Value is "Point")
            .Select(static a => (string)a.ConstructorArguments[1].Value!)];
        Assert.All(Enumerable.Range(1, 16), n => Assert.Contains($"{n}", points));
    }
}
