using System.Runtime.CompilerServices;
using VerifyTests;

namespace VerifyXunit;

/// <summary>
/// Stand-in for the Verify package, for registries that do not serve it: its calls and its file conventions, as far as the tests here use them.
/// A text is compared with <c>Class.Method.verified.txt</c> beside the test's source file; what differs is left in <c>.received.txt</c>.
/// </summary>
public static class Verifier
{
    /// <summary>Compares a text with its verified file.</summary>
    public static SettingsTask Verify(string? target, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
        Verify(target, "txt", settings, sourceFile, method);

    /// <summary>Compares a text with its verified file, which has an extension of its own.</summary>
    public static SettingsTask Verify(string? target, string extension, VerifySettings? settings = null, [CallerFilePath] string sourceFile = "", [CallerMemberName] string method = "") =>
        new(settings, copy => Snapshot.CompareAsync(target ?? "null", extension, copy, sourceFile, method));
}
