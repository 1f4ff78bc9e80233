using System.Buffers;
using System.Globalization;
using System.Security.Cryptography;

namespace AotLayers;

/// <summary>
/// Names of unfinished outputs: <c>.layer.tar.aotlayers-1f2e3d4c5b6a.tmp</c>. Who writes one holds it open, which locks it; one that
/// nobody holds was left by a run that was killed, and the next run of the same target removes it.
/// </summary>
internal static class TemporaryOutputName
{
    private const string Mark = ".aotlayers-";
    private const string Extension = ".tmp";
    private const int RandomBytes = 6;

    /// <summary>Names of files are limited (255 bytes or units), and a target's own may be as long.</summary>
    private const int MaxTargetName = 60;

    /// <summary>A new name beside the target.</summary>
    public static string Create(string target) => Path.Combine(
        Path.GetDirectoryName(target)!,
        Prefix(target) + Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(RandomBytes)) + Extension);

    /// <summary>Removes what killed runs left. What is locked, or cannot be removed, stays.</summary>
    /// <param name="target">The file that was to be written.</param>
    public static void RemoveStale(string target)
    {
        string prefix = Prefix(target);
        try
        {
            foreach (string path in Directory.EnumerateFiles(
                Path.GetDirectoryName(target)!,
                prefix.Replace("*", "?", StringComparison.Ordinal) + "*" + Extension,
                s_all))
            {
                if (IsOwn(Path.GetFileName(path.AsSpan()), prefix))
                {
                    RemoveUnlocked(path);
                }
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Cleaning up is a courtesy: a directory that cannot be listed can still take a file.
        }
    }

    private static readonly SearchValues<char> s_hexDigits = SearchValues.Create("0123456789abcdef");
    private static readonly EnumerationOptions s_all = new() { AttributesToSkip = 0, MatchCasing = MatchCasing.CaseSensitive };

    private static string Prefix(string target)
    {
        string name = Path.GetFileName(target);
        if (name.Length > MaxTargetName)
        {
            name = name[..(char.IsHighSurrogate(name[MaxTargetName - 1]) ? MaxTargetName - 1 : MaxTargetName)];
        }

        return string.Create(CultureInfo.InvariantCulture, $".{name}{Mark}");
    }

    private static bool IsOwn(ReadOnlySpan<char> name, string prefix) =>
        name.Length == prefix.Length + (2 * RandomBytes) + Extension.Length
        && name.StartsWith(prefix, StringComparison.Ordinal)
        && name.EndsWith(Extension, StringComparison.Ordinal)
        && !name[prefix.Length..^Extension.Length].ContainsAnyExcept(s_hexDigits);

    private static void RemoveUnlocked(string path)
    {
        try
        {
            // Nobody else has it open; and while it is open here, a run that is about to begin with this name cannot.
            using var stale = new FileStream(
                path, FileMode.Open, FileAccess.ReadWrite, FileShare.None, bufferSize: 0, FileOptions.DeleteOnClose);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // Held by a run that is at work, or somebody else's.
        }
    }
}
