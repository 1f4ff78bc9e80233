using System.Text.RegularExpressions;

namespace AotLayers.Package.Tests;

/// <summary>The code blocks of a page: files to write, commands to run, and what they print.</summary>
internal sealed partial class Guide
{
    private readonly List<Step> _steps = [];

    /// <summary>Reads a page.</summary>
    public Guide(string path)
    {
        foreach (Match match in Block().Matches(File.ReadAllText(path)))
        {
            string text = match.Groups["text"].Value;
            string language = match.Groups["language"].Value;
            if (match.Groups["file"].Success)
            {
                _steps.Add(new Step(StepKind.File, match.Groups["file"].Value, text));
            }
            else if (language == "sh")
            {
                _steps.Add(new Step(StepKind.Commands, "", text));
            }
            else if (language.Length == 0)
            {
                _steps.Add(new Step(StepKind.Output, "", text));
            }
        }
    }

    /// <summary>Does what the page says, in order.</summary>
    /// <param name="folder">Where it begins.</param>
    /// <returns>The folder where it ends.</returns>
    public string Follow(string folder)
    {
        string output = "";
        foreach (Step step in _steps)
        {
            switch (step.Kind)
            {
                case StepKind.File:
                    File.WriteAllText(Path.Combine(folder, step.Name), step.Text);
                    break;
                case StepKind.Output:
                    Assert.Equal(step.Text, output);
                    break;
                default:
                    foreach (string line in step.Text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
                    {
                        if (line.StartsWith("cd ", StringComparison.Ordinal))
                        {
                            folder = Path.Combine(folder, line[3..]);
                        }
                        else
                        {
                            output = Consumer.Run(folder, "bash", "-c", line);
                        }
                    }

                    break;
            }
        }

        return folder;
    }

    [GeneratedRegex(@"(?:<!-- file: (?<file>\S+) -->\n)?```(?<language>\w*)\n(?<text>.*?)```", RegexOptions.Singleline)]
    private static partial Regex Block();

    private sealed record Step(StepKind Kind, string Name, string Text);

    private enum StepKind
    {
        File,
        Commands,
        Output,
    }
}
