namespace AotLayers.Native.Tests;

/// <summary><c>aotlayers replay</c>: a program does with a recording what it did with the library, which is not there.</summary>
public class ReplayedProgramTests
{
    [TestCase("export", "strict")]
    [TestCase("absent", "strict")]
    [TestCase("threads 4", "per-handle")]
    public void A_program_does_without_the_library_what_it_did_with_it(string what, string order)
    {
        using var client = new RecordedClient();
        using var folder = new TempFolder();
        string expected = client.Record(folder.File("run.json"), [], what.Split(' ')).ShouldExit(0).Output;
        client.RemoveLibrary();
        ProcessResult replayed = client.Replay(folder.File("run.json"), ["--replay-order", order], what.Split(' ')).ShouldExit(0);
        Assert.Multiple(() =>
        {
            Assert.That(replayed.Output, Is.EqualTo(expected));
            Assert.That(replayed.Error, Is.Empty);
        });
    }

    [Test]
    public void What_a_program_does_differently_is_told()
    {
        using var client = new RecordedClient();
        using var folder = new TempFolder();
        client.Record(folder.File("run.json"), [], "reload").ShouldExit(0);
        ProcessResult less = client.Replay(folder.File("run.json"), [], "export").ShouldExit(3);
        client.Record(folder.File("run.json"), [], "export").ShouldExit(0);
        ProcessResult more = client.Replay(folder.File("run.json"), [], "reload").ShouldExit(3);
        ProcessResult status = client.Replay(folder.File("run.json"), [], "status", "9").ShouldExit(9);
        Assert.Multiple(() =>
        {
            Assert.That(less.Error, Does.Contain("1 of 2 calls of vmcompute!ExportLayerBegin were never made"));
            Assert.That(more.Error, Does.Contain("the program left the recording: NameToGuid: call 141"));
            Assert.That(status.Error, Is.Empty);
        });
    }
}
