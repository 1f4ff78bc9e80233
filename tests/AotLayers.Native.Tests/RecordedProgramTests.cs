using System.Text.Json;

namespace AotLayers.Native.Tests;

/// <summary>
/// <c>aotlayers record</c>: programs that know nothing of it behave as they always do, and all that they asked of the library is in the
/// recording.
/// </summary>
public class RecordedProgramTests
{
    private const int Entries = 40;
    private const int Calls = 140;

    private static readonly Lazy<RecordedClient> s_client = new(static () => new RecordedClient());

    [OneTimeTearDown]
    public void RemoveClient()
    {
        if (s_client.IsValueCreated)
        {
            s_client.Value.Dispose();
        }
    }

    [TestCase("export", Calls)]
    [TestCase("threads 8", 8 * Calls)]
    [TestCase("reload", 2 * Calls)]
    [TestCase("absent", Calls)]
    [TestCase("fork", Calls)]
    public void A_program_prints_the_same_and_its_recording_is_whole(string what, int calls)
    {
        using var folder = new TempFolder();
        string expected = s_client.Value.Run(what.Split(' ')).ShouldExit(0).Output;
        ProcessResult recorded = s_client.Value.Record(folder.File("run.json"), [], what.Split(' ')).ShouldExit(0);
        JsonElement facts = Check(folder.File("run.json"), 0);
        Assert.Multiple(() =>
        {
            Assert.That(recorded.Output, Is.EqualTo(expected));
            Assert.That(recorded.Error, Is.Empty);
            Assert.That(facts.GetProperty("calls").GetInt32(), Is.EqualTo(calls));
            Assert.That(facts.GetProperty("complete").GetBoolean(), Is.True);
        });
    }

    [Test]
    public void The_recording_of_a_C_program_exports_the_layer_that_it_read()
    {
        using var folder = new TempFolder();
        s_client.Value.Record(folder.File("run.json"), [], "export").ShouldExit(0);
        Export(folder.File("recorded.tar"), "replay:" + folder.File("run.json"));
        Export(folder.File("simulated.tar"), "sim:" + RecordedClient.Layers);
        Assert.That(File.ReadAllBytes(folder.File("recorded.tar")), Is.EqualTo(File.ReadAllBytes(folder.File("simulated.tar"))));
    }

    [Test]
    public void The_same_run_recorded_twice_is_the_same_file()
    {
        using var folder = new TempFolder();
        s_client.Value.Record(folder.File("first.json"), [], "export").ShouldExit(0);
        s_client.Value.Record(folder.File("second.json"), [], "export").ShouldExit(0);
        Assert.That(File.ReadAllText(folder.File("first.json")), Is.EqualTo(File.ReadAllText(folder.File("second.json"))));
    }

    [Test]
    public void A_program_ends_with_its_own_status()
    {
        using var folder = new TempFolder();
        s_client.Value.Record(folder.File("run.json"), [], "status", "7").ShouldExit(7);
        Check(folder.File("run.json"), 0);
    }

    // 128 and the number of the signal, as shells tell it.
    [TestCase("crash", 139)]
    [TestCase("abort", 134)]
    public void A_program_that_crashes_has_all_its_finished_calls_in_the_recording(string how, int status)
    {
        using var folder = new TempFolder();
        ProcessResult result = s_client.Value.Record(folder.File("run.json"), [], how, "5").ShouldExit(status);
        JsonElement facts = Check(folder.File("run.json"), 3);
        Assert.Multiple(() =>
        {
            Assert.That(result.Error, Does.Contain("the program was ended"));
            Assert.That(facts.GetProperty("complete").GetBoolean(), Is.False);
            Assert.That(facts.GetProperty("calls").GetInt32(), Is.EqualTo(15));
        });
    }

    [Test]
    public void A_program_that_is_killed_has_all_its_finished_calls_in_the_recording()
    {
        using var folder = new TempFolder();
        using RunningProgram program = s_client.Value.StartRecording(folder.File("run.json"), [], "hang", "5");
        Assert.That(program.ReadLine(), Is.EqualTo("waiting"));

        // The signal is passed on: it was the program that was to end.
        program.Signal("TERM");
        Assert.That(program.WaitForExit(), Is.EqualTo(128 + 15));
        Assert.That(Check(folder.File("run.json"), 3).GetProperty("calls").GetInt32(), Is.EqualTo(15));
    }

    [Test]
    public void A_recorder_that_is_killed_leaves_a_loadable_file_and_the_program_goes_on()
    {
        using var folder = new TempFolder();
        using RunningProgram program = s_client.Value.StartRecording(folder.File("run.json"), [], "hang", "5");
        Assert.That(program.ReadLine(), Is.EqualTo("waiting"));
        int[] children = program.Children();
        program.Signal("KILL");
        program.WaitForExit();
        Assert.That(children, Has.Length.EqualTo(1));
        Assert.That(Directory.Exists($"/proc/{children[0]}"), Is.True);
        ProcessRunner.Run("kill", ["-KILL", children[0].ToString(System.Globalization.CultureInfo.InvariantCulture)]);
        Assert.That(Check(folder.File("run.json"), 3).GetProperty("complete").GetBoolean(), Is.False);
    }

    [Test]
    public void Processes_that_a_program_starts_are_recorded_when_that_is_asked_for()
    {
        using var folder = new TempFolder();
        ProcessResult alone = s_client.Value.Record(folder.File("alone.json"), [], "child").ShouldExit(0);
        Assert.That(alone.Error, Does.Contain("--follow"));
        ProcessResult followed = s_client.Value.Record(folder.File("run.json"), ["--follow"], "child").ShouldExit(0);
        Assert.Multiple(() =>
        {
            Assert.That(followed.Output, Is.EqualTo(alone.Output));
            Assert.That(followed.Error, Is.Empty);
            Assert.That(Check(folder.File("run.json"), 0).GetProperty("calls").GetInt32(), Is.EqualTo(Calls));
            Assert.That(Check(folder.File("run.2.json"), 0).GetProperty("calls").GetInt32(), Is.EqualTo(Calls));
            Assert.That(File.Exists(folder.File("run.3.json")), Is.False);
        });
    }

    [Test]
    public void Calls_that_cannot_be_written_down_are_passed_on_and_told()
    {
        using var folder = new TempFolder();
        ProcessResult result = s_client.Value.RecordCareless(folder.File("run.json")).ShouldExit(0);
        Assert.Multiple(() =>
        {
            Assert.That(result.Output, Does.Match(@"^[1-9]\d* entries\n$"));
            Assert.That(result.Error, Does.Contain("4 calls of ExportLayerBegin are not in"));
        });
    }

    [Test]
    public void A_program_that_is_linked_with_the_library_is_recorded_as_well()
    {
        using var folder = new TempFolder();
        s_client.Value.RecordLinked(folder.File("run.json")).ShouldExit(0);
        JsonElement facts = Check(folder.File("run.json"), 0);
        Assert.That(facts.GetProperty("calls").GetInt32(), Is.EqualTo(1));
    }

    [TestCase("digest", "digest")]
    [TestCase("none", "lengths")]
    public void Payloads_are_left_out_where_they_are_not_wanted(string payload, string data)
    {
        using var folder = new TempFolder();
        s_client.Value.Record(folder.File("run.json"), ["--payload", payload, "--timing"], "export").ShouldExit(0);
        string text = File.ReadAllText(folder.File("run.json"));
        Assert.Multiple(() =>
        {
            Assert.That(text, Does.Contain($"\"data\":\"{data}\""));
            Assert.That(text, Does.Not.Contain("\"data\":\"A"));
            Assert.That(text, Does.Contain("\"us\":"));
            Assert.That(text.Contains("sha256", StringComparison.Ordinal), Is.EqualTo(payload == "digest"));
        });
    }

    [Test]
    public void An_API_that_was_not_chosen_is_not_recorded()
    {
        using var folder = new TempFolder();
        ProcessResult result = s_client.Value.Record(folder.File("run.json"), ["--api", "computestorage"], "export").ShouldExit(0);
        Assert.Multiple(() =>
        {
            Assert.That(result.Output, Does.Contain($"{Entries} entries"));
            Assert.That(result.Error, Does.Contain("has no calls"));
        });
    }

    [Test]
    public void A_program_that_cannot_be_recorded_is_refused_before_it_starts()
    {
        using var folder = new TempFolder();
        Requires.Program("gcc", "gcc");
        File.WriteAllBytes(folder.File("elf32"), [0x7F, (byte)'E', (byte)'L', (byte)'F', 1, 1, 1, 0]);
        ProcessResult narrow = RecordedClient.Cli("record", "-o", folder.File("run.json"), "--", folder.File("elf32")).ShouldExit(1);
        ProcessResult missing = RecordedClient.Cli("record", "-o", folder.File("run.json"), "--", folder.File("nothing")).ShouldExit(1);
        ProcessResult unknown = RecordedClient.Cli("record", "-o", folder.File("run.json"), "--api", "opengl", "--", "true").ShouldExit(2);
        Assert.Multiple(() =>
        {
            Assert.That(narrow.Error, Does.Contain("is a 32-bit program"));
            Assert.That(missing.Error, Does.Contain("there is no such file"));
            Assert.That(unknown.Error, Does.Contain("--api opengl: expected vmcompute"));
            Assert.That(File.Exists(folder.File("run.json")), Is.False);
        });
    }

    private static JsonElement Check(string path, int status) =>
        JsonDocument.Parse(RecordedClient.Cli("recording", "check", "--json", path).ShouldExit(status).OutputBytes).RootElement;

    private static void Export(string output, string hcs) =>
        RecordedClient.Cli("export", @"C:\layers\app", "--parent", @"C:\layers\base", "--hcs", hcs, "-o", output).ShouldExit(0);
}
