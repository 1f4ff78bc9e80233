using System.Runtime.CompilerServices;
using System.Text;
using VerifyTests;

namespace VerifyXunit;

/// <summary>Compares text with a committed <c>Class.Method.verified.txt</c>, as the Verify.Xunit package does.</summary>
public static class Verifier
{
    /// <summary>Verifies text.</summary>
    /// <param name="target">The text.</param>
    /// <param name="settings">Where the snapshot is kept and how the text is cleaned.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    public static SettingsTask Verify(string? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        Start(target, "txt", settings, sourceFile);

    /// <summary>Verifies text whose snapshot has its own extension.</summary>
    /// <param name="target">The text.</param>
    /// <param name="extension">Extension without a dot.</param>
    /// <param name="settings">Where the snapshot is kept and how the text is cleaned.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    public static SettingsTask Verify(
        string? target,
        string extension,
        VerifySettings? settings = null,
        [CallerFilePath] string sourceFile = "") =>
        Start(target, extension, settings, sourceFile);

    /// <summary>Verifies text that a builder holds. Other objects need the real package's serializer.</summary>
    /// <param name="target">A <see cref="string"/> or <see cref="StringBuilder"/>.</param>
    /// <param name="settings">Where the snapshot is kept and how the text is cleaned.</param>
    /// <param name="sourceFile">Filled in by the compiler.</param>
    public static SettingsTask Verify(object? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "") =>
        target is null or string or StringBuilder
            ? Start(target?.ToString(), "txt", settings, sourceFile)
            : throw new VerifyException($"The stand-in verifies text only; turn the {target.GetType().Name} into text first.");

    private static SettingsTask Start(string? target, string extension, VerifySettings? settings, string sourceFile)
    {
        TestMethod test = UseVerifyAttribute.Current
            ?? throw new VerifyException("No test is running. Import Verify.props into the test project, and call Verify from a test.");
        return new SettingsTask(settings, s => new Snapshot(test, sourceFile, s).Verify(target, extension));
    }
}
