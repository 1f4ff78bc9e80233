namespace AotLayers.Native.Tests;

/// <summary>
/// The start-up code that Windows programs get when they are linked on Linux (eng/windows-cross/startup.cpp), under a small program
/// of its own: NativeAOT itself runs into most of it only when something is badly wrong.
/// </summary>
public sealed class StartupTests
{
    // STATUS_STACK_BUFFER_OVERRUN, 0xC0000409, as far as an exit code of Linux holds it.
    private const int FailFast = 0x09;

    private static TempFolder s_folder = null!;
    private static string s_program = null!;

    [OneTimeSetUp]
    public static void Link()
    {
        Requires.WindowsTools();
        s_folder = new TempFolder();
        string startup = Compile("eng/windows-cross/startup.cpp", "-fno-exceptions", "-fno-stack-protector", "-mno-stack-arg-probe");
        string test = Compile("tests/AotLayers.Native.Tests/startup-test.cpp", "-fstack-protector-all");
        s_program = s_folder.File("startup-test.exe");

        const string Libraries = "/usr/x86_64-w64-mingw32/lib";
        ProcessRunner.Run(
            Requires.LlvmTool("lld-link", "lld"),
            [
                startup, test, "/nologo", "/entry:wmainCRTStartup", "/subsystem:console", "/nodefaultlib",
                $"{Libraries}/libkernel32.a", $"{Libraries}/libntdll.a", $"{Libraries}/libucrt.a", $"/out:{s_program}",
            ]).ShouldExit(0);
    }

    [OneTimeTearDown]
    public static void Remove() => s_folder?.Dispose();

    [Test]
    public void Arguments_arrive_and_the_exit_code_leaves()
    {
        // 259 is STILL_ACTIVE, a legal exit code; Linux sees its low byte.
        ProcessResult result = Run("aä \"", "").ShouldExit(259 & 0xFF);
        Assert.That(result.Output, Does.EndWith("arguments\n"));
    }

    [Test]
    public void The_cookie_is_random_and_cannot_be_written_by_a_string()
    {
        string[] cookies = [.. Enumerable.Range(0, 4).Select(_ => Run("cookie").ShouldExit(0).Output.Split('\n')[^2])];

        Assert.That(cookies, Is.Unique);
        Assert.That(cookies, Has.None.EqualTo("00002b992ddfa232"), "the compiler's start value");
        Assert.That(cookies, Has.All.StartsWith("0000").And.All.Length.EqualTo(16));
    }

    [Test]
    public void A_full_buffer_is_fine() => Assert.That(Run("fill").ShouldExit(0).Output, Does.EndWith("filled\n"));

    [Test]
    public void An_overrun_buffer_ends_the_process_with_a_message() => ShouldFailFast(Run("overrun"));

    [Test]
    public void An_exception_passes_frames_with_an_intact_cookie() =>
        Assert.That(Run("guarded").ShouldExit(0).Output, Does.EndWith("caught\ncaught\n"));

    [TestCase("damaged frame")]
    [TestCase("register frame, damaged")]
    public void An_exception_does_not_pass_a_frame_with_a_damaged_cookie(string scenario) => ShouldFailFast(Run(scenario));

    [Test]
    public void Large_frames_move_the_guard_page_in_order() => Assert.That(Run("stack").ShouldExit(0).Output, Does.EndWith("deep\n"));

    [Test]
    public void Initialisers_run_once_per_process_and_once_per_thread() =>
        Assert.That(Run("initialisers").ShouldExit(0).Output, Is.EqualTo("""
            constructor
            constructor
            main: constructed
            main thread: constructed
            constructor
            thread: constructed
            own
            exit

            """));

    private static void ShouldFailFast(ProcessResult result)
    {
        result.ShouldExit(FailFast);
        Assert.That(result.Error, Is.EqualTo("fatal: the stack is damaged (a buffer on it was overrun); ending the process\n"));
        Assert.That(result.Output, Does.Not.Contain("caught").And.Not.Contain("not detected"));
    }

    private static ProcessResult Run(params string[] arguments) => WineRunner.Run(s_program, arguments);

    private static string Compile(string source, params string[] options)
    {
        string output = s_folder.File(Path.GetFileNameWithoutExtension(source) + ".obj");
        ProcessRunner.Run(
            Requires.LlvmTool("clang++", "clang"),
            [
                "--target=x86_64-pc-windows-msvc", "-std=c++17", "-O1", "-ffreestanding", "-fno-rtti", "-fno-threadsafe-statics",
                "-Wall", "-Wextra", "-Werror", .. options, "-c", Path.Combine(PublishedArtifacts.RepositoryRoot, source), "-o", output,
            ]).ShouldExit(0);
        return output;
    }
}
