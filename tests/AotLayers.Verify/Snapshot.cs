using System.Text;
using DiffPlex.DiffBuilder;
using DiffPlex.DiffBuilder.Model;
using VerifyTests;

namespace VerifyXunit;

/// <summary>
/// The files of one verification: <c>.verified.</c> is committed, <c>.received.</c> is what the test gave when that is something else.
/// <c>VERIFY_ACCEPT=1</c> makes what was received the verified one, except on CI.
/// </summary>
internal sealed class Snapshot(TestMethod test, string sourceFile, VerifySettings settings)
{
    private const int ContextLines = 3;

    private static readonly UTF8Encoding s_utf8 = new(encoderShouldEmitUTF8Identifier: false);

    public async Task Verify(string? target, string extension)
    {
        string received = Clean(target);
        string path = Path.Combine(Directory(), FileName());
        string verifiedPath = $"{path}.verified.{extension}";
        string receivedPath = $"{path}.received.{extension}";
        string? verified = File.Exists(verifiedPath) ? Normalize(await File.ReadAllTextAsync(verifiedPath)) : null;
        if (verified == received)
        {
            File.Delete(receivedPath);
            return;
        }

        System.IO.Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        if (Accepts())
        {
            await File.WriteAllTextAsync(verifiedPath, received, s_utf8);
            File.Delete(receivedPath);
            return;
        }

        await File.WriteAllTextAsync(receivedPath, received, s_utf8);
        throw new VerifyException(Describe(verified, received, verifiedPath, receivedPath));
    }

    /// <summary>
    /// In the package's words, so that a search finds the same; the difference as a diff, since there is no tool that shows it.
    /// </summary>
    private static string Describe(string? verified, string received, string verifiedPath, string receivedPath)
    {
        string verifiedName = Path.GetFileName(verifiedPath);
        string receivedName = Path.GetFileName(receivedPath);
        string content = verified is null ? $"New:\n\nReceived: {receivedName}\n{received}\n" : $"NotEqual:\n\n{Diff(verified, received)}";
        return $"""
            Directory: {Path.GetDirectoryName(verifiedPath)}
            {(verified is null ? "New" : "NotEqual")}:
              - Received: {receivedName}
                Verified: {verifiedName}

            VERIFY_ACCEPT=1 accepts what was received, or rename it.

            FileContent:

            {content}
            """;
    }

    private static bool Accepts() =>
        Environment.GetEnvironmentVariable("VERIFY_ACCEPT") == "1" && Environment.GetEnvironmentVariable("CI") is null or "" or "false";

    private static string Normalize(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).Replace('\r', '\n');

    private static string Diff(string verified, string received)
    {
        List<DiffPiece> lines = InlineDiffBuilder.Diff(verified, received).Lines;
        StringBuilder text = new();
        int shown = -1;
        for (int i = 0; i < lines.Count; i++)
        {
            int from = Math.Max(0, i - ContextLines);
            int to = Math.Min(lines.Count - 1, i + ContextLines);
            if (!lines.GetRange(from, to - from + 1).Exists(l => l.Type != ChangeType.Unchanged))
            {
                continue;
            }

            if (shown != i - 1)
            {
                text.Append("@@\n");
            }

            shown = i;
            text.Append(lines[i].Type switch
            {
                ChangeType.Inserted => '+',
                ChangeType.Deleted => '-',
                _ => ' ',
            }).Append(lines[i].Text).Append('\n');
        }

        return text.ToString();
    }

    private string Clean(string? target)
    {
        string text = target switch
        {
            null => "null",
            "" => "emptyString",
            _ => Normalize(target),
        };
        foreach (Func<string, string> scrub in settings.Scrubbers)
        {
            text = scrub(text);
        }

        text = ReplaceDirectory(text, test.Metadata("Verify.ProjectDirectory"), "{ProjectDirectory}");
        text = ReplaceDirectory(text, test.Metadata("Verify.SolutionDirectory"), "{SolutionDirectory}");
        return ReplaceDirectory(text, Path.GetTempPath(), "{TempPath}");
    }

    private static string ReplaceDirectory(string text, string? directory, string name)
    {
        string bare = directory?.TrimEnd('/', '\\') ?? "";
        return bare.Length == 0 ? text : text.Replace(bare + Path.DirectorySeparatorChar, name, StringComparison.Ordinal)
            .Replace(bare, name, StringComparison.Ordinal);
    }

    private string FileName()
    {
        if (settings.FileName is not null)
        {
            return settings.FileName;
        }

        string name = $"{settings.TypeName ?? test.TypeName}.{settings.MethodName ?? test.Method.Name}";
        if (settings.ParametersText is not null)
        {
            name += $"_{settings.ParametersText}";
        }
        else if (settings.Parameters is object?[] values)
        {
            System.Reflection.ParameterInfo[] parameters = test.Method.GetParameters();
            if (values.Length > parameters.Length)
            {
                throw new VerifyException(
                    $"UseParameters got {values.Length} values; {test.Method.Name} has {parameters.Length} parameters.");
            }

            name += string.Concat(values.Select((value, i) => $"_{parameters[i].Name}={VerifySettings.FormatParameter(value)}"));
        }

        return string.Concat(name.Select(c => Path.GetInvalidFileNameChars().Contains(c)
            || c is '/' or '\\' or ':' or '*' or '?' or '"' or '<' or '>' or '|' ? '-' : c));
    }

    // A deterministic build writes /_/ paths into the assembly: the project's directory is known from its metadata.
    private string Directory()
    {
        string source = sourceFile.Replace('\\', '/');
        string directory = Path.GetDirectoryName(source)!;
        if (!System.IO.Directory.Exists(directory) && test.Metadata("Verify.ProjectDirectory") is string project)
        {
            string mark = $"/{Path.GetFileName(project.TrimEnd('/', '\\'))}/";
            int at = source.LastIndexOf(mark, StringComparison.Ordinal);
            directory = at < 0 ? project : Path.GetDirectoryName(Path.Combine(project, source[(at + mark.Length)..]))!;
        }

        return settings.Directory is null ? directory : Path.GetFullPath(Path.Combine(directory, settings.Directory));
    }
}
