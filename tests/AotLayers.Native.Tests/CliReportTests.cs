using System.Text.RegularExpressions;

namespace AotLayers.Native.Tests;

/// <summary>aotlayers recording report, looked at in a browser.</summary>
public sealed class CliReportTests
{
    [TestCase("streaming-export.json", 390)]
    [TestCase("libraries/sqlite3.json", 1280)]
    public void A_browser_shows_the_page_without_errors_and_within_its_width(string recording, int width)
    {
        using TempFolder folder = new();
        string page = Report(folder, CliRunner.Recording(recording));
        Assert.That(File.ReadAllText(page), Does.Not.Match("(src|href)=|url\\(|@import"));

        // As it is: its policy lets its own script run, and nothing is complained about.
        ProcessResult shown = Browse(folder, page, width);
        Assert.That(shown.Output, Does.Contain("<html lang=\"en\" class=\"js\">"));
        Assert.That(shown.Error, Does.Not.Contain("CONSOLE"));
        Assert.That(shown.Output, Does.Contain("Timeline").And.Contain("Functions by bytes"));
        Assert.That(shown.Output, Does.Contain("Handles").And.Contain("Entries by size"));

        // With a probe in place of the policy. No window of a browser is as narrow as a phone, so the page is made so.
        string probed = folder.File("probed.html");
        string text = Regex.Replace(File.ReadAllText(page), "<meta http-equiv=\"Content-Security-Policy\"[^>]*>", "");
        File.WriteAllText(probed, text.Replace(
            "</body>",
            $"<script>document.documentElement.style.width='{width}px';document.title='page '+document.body.scrollWidth</script></body>",
            StringComparison.Ordinal));
        Match needed = Regex.Match(Browse(folder, probed, width).Output, @"<title>page (\d+)</title>");
        Assert.That(needed.Success);
        Assert.That(int.Parse(needed.Groups[1].Value, null), Is.LessThanOrEqualTo(width));
    }

    [Test]
    public void Hostile_text_stays_text()
    {
        using TempFolder folder = new();
        string hostile = folder.File("<img src=x onerror=alert(1)>.json");
        const string Attack = @"</script><script>document.title='owned'</script><img src=x onerror=alert(1)>\u202e&amp;'";
        File.WriteAllText(
            hostile,
            File.ReadAllText(CliRunner.Recording("streaming-export.json"))
                .Replace(@"\\Files\\cut.dat", Attack, StringComparison.Ordinal)
                .Replace("ExportLayerNext", "<b>Next</b>", StringComparison.Ordinal)
                .Replace("context#", "<i>#", StringComparison.Ordinal));
        ProcessResult shown = Browse(folder, Report(folder, hostile), 800);

        Assert.That(shown.Output, Does.Contain("&lt;b&gt;Next&lt;/b&gt;").And.Contain("onerror=alert(1)&gt;\\u202e"));
        Assert.That(shown.Output, Does.Not.Contain("<img").And.Not.Contain("<b>Next").And.Not.Contain("<i>"));
        Assert.That(shown.Output, Does.Not.Contain("<title>owned"));
        Assert.That(Regex.Count(shown.Output, "<script"), Is.EqualTo(1));
    }

    [Test]
    public void What_is_wrong_with_a_recording_is_on_its_page()
    {
        using TempFolder folder = new();
        string cut = folder.File("cut.json");
        File.WriteAllText(cut, string.Join('\n', File.ReadAllLines(CliRunner.Recording("streaming-export.json"))[..40]) + "\n{\"seq\":");
        string page = File.ReadAllText(Report(folder, cut));

        Assert.That(page, Does.Contain("Incomplete: it was cut.").And.Contain("id=\"findings\"").And.Contain("never ended"));
    }

    private static string Report(TempFolder folder, string recording)
    {
        string page = folder.File("run.html");
        CliRunner.Run("recording", "report", recording, "-o", page).ShouldExit(0);
        return page;
    }

    private static ProcessResult Browse(TempFolder folder, string page, int width)
    {
        Requires.Program("chromium", "chromium");
        return ProcessRunner.Run(
            "chromium",
            [
                "--headless", "--no-sandbox", "--disable-gpu", "--enable-logging=stderr", "--v=0",
                "--user-data-dir=" + folder.File("profile"), $"--window-size={width},844", "--dump-dom", new Uri(page).AbsoluteUri,
            ]).ShouldExit(0);
    }
}
