using System.Text;

namespace AotLayers;

/// <summary>There are no keys of Windows layers that nobody reads. (docs/verify/AOTV014.md)</summary>
internal sealed class UnknownKeyRule() : VerifyRule(
    "AOTV014", "unknown-key", VerifySeverity.Warning, "There are no keys of Windows layers that nobody reads.")
{
    private static readonly string[] s_old = ["createtime", "accesstime", "writetime", "changetime"];

    internal override void OnEntry(VerifyRun run, VerifyEntry entry)
    {
        if (entry.Header is not { } header)
        {
            return;
        }

        for (int i = 0; i < header.Records.Count; i++)
        {
            if (FindProblem(header.Records.KeyAt(i)) is { } problem)
            {
                run.Report(this, entry, $"{Encoding.Latin1.GetString(header.Records.KeyAt(i))}: {problem}");
            }
        }
    }

    private static string? FindProblem(ReadOnlySpan<byte> key)
    {
        if (key.StartsWith("SCHILY.xattr.MSWINDOWS."u8))
        {
            return "only programs of February 2016 wrote it so";
        }

        if (Ascii.EqualsIgnoreCase(key, "LIBARCHIVE.creationtime"u8))
        {
            return key.SequenceEqual("LIBARCHIVE.creationtime"u8) ? null : "the key is spelt LIBARCHIVE.creationtime";
        }

        ReadOnlySpan<byte> prefix = "MSWINDOWS."u8;
        if (key.Length < prefix.Length || !Ascii.EqualsIgnoreCase(key[..prefix.Length], prefix))
        {
            return null;
        }

        if (!key.StartsWith(prefix))
        {
            return "keys are spelt with MSWINDOWS in capitals";
        }

        ReadOnlySpan<byte> rest = key[prefix.Length..];
        if (rest.StartsWith("xattr."u8) || rest.SequenceEqual("fileattr"u8) || rest.SequenceEqual("rawsd"u8)
            || rest.SequenceEqual("sd"u8) || rest.SequenceEqual("mountpoint"u8))
        {
            return null;
        }

        string name = Encoding.Latin1.GetString(rest);
        return Array.IndexOf(s_old, name) >= 0
            ? "only programs of February 2016 wrote it; those of today ignore it"
            : "no program that imports layers knows this key";
    }
}
