using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;

namespace AotLayers.Cli.Commands;

/// <summary><c>diff A B</c>: what two layers, or two images, have not in common.</summary>
internal sealed class DiffCommand
{
    private readonly SourceOptions _options = new();
    private readonly Argument<string> _before = new("A") { Description = "The first layer or image; any source, as of ls." };
    private readonly Argument<string> _after = new("B") { Description = "The second one." };

    private readonly Option<string?> _otherImage = new("--other-image")
    {
        Description = "As --image, for B; --image is for both otherwise.",
        HelpName = "NAME",
    };

    private readonly Option<string?> _otherLayer = new("--other-layer")
    {
        Description = "As --layer, for B; --layer is for both otherwise.",
        HelpName = "N|sha256:HEX",
    };

    private readonly Option<string[]> _ignore = new("--ignore")
    {
        Description = "What does not count, with commas between: " + string.Join(", ", OptionWords.Aspect.Words) + ".",
        HelpName = "WHAT,...",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<bool> _exitCode = new("--exit-code") { Description = "End with status 3 when there are differences." };

    private DiffCommand()
    {
    }

    /// <summary>Makes the command.</summary>
    /// <param name="interrupted">Cancelled when the user wants the command to end.</param>
    public static Command Create(CancellationToken interrupted)
    {
        var diff = new DiffCommand();
        var command = new Command("diff", "Tell what two layers or images have not in common: entries, and what of them changed.");
        command.Add(diff._before);
        command.Add(diff._after);
        diff._options.AddOptionsTo(command);
        command.Add(diff._otherImage);
        command.Add(diff._otherLayer);
        command.Add(diff._ignore);
        command.Add(diff._exitCode);
        command.Add(CommonOptions.Json);
        command.SetAction(parsed => diff.Run(parsed, interrupted));
        return command;
    }

    private int Run(ParseResult parsed, CancellationToken interrupted)
    {
        LayerRequest before = _options.Read(parsed, parsed.GetRequiredValue(_before));
        LayerRequest after = before with
        {
            Source = parsed.GetRequiredValue(_after),
            Image = parsed.GetValue(_otherImage) ?? before.Image,
            ImageLayer = parsed.GetValue(_otherLayer) ?? before.ImageLayer,
        };
        EntryAspects ignored = ReadIgnored(parsed.GetValue(_ignore) ?? []);
        using Stream? input = SourceOptions.OpenStandardInput(before) ?? SourceOptions.OpenStandardInput(after);
        IReadOnlyList<LayerDifference> differences = DiffTask.Run(before, after, input, ignored, interrupted);
        if (parsed.GetValue(CommonOptions.Json))
        {
            PrintJson(before.Source, after.Source, differences);
        }
        else
        {
            using var output = new TextOutput();
            foreach (LayerDifference difference in differences)
            {
                output.WriteLine(DiffResult.Describe(difference));
            }
        }

        return parsed.GetValue(_exitCode) && differences.Count > 0 ? ExitStatus.Findings : ExitStatus.Done;
    }

    private static EntryAspects ReadIgnored(string[] lists)
    {
        EntryAspects ignored = EntryAspects.None;
        foreach (string list in lists)
        {
            foreach (string word in list.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
            {
                ignored |= OptionWords.Aspect.TryRead(word, out EntryAspects aspect)
                    ? aspect
                    : throw new UsageException($"--ignore does not know '{word}': expected {OptionWords.Aspect.Choices}");
            }
        }

        return ignored;
    }

    private static void PrintJson(string before, string after, IReadOnlyList<LayerDifference> differences)
    {
        using var list = new JsonList(
            Console.OpenStandardOutput(),
            json =>
            {
                json.WriteString("a", before);
                json.WriteString("b", after);
                json.WriteNumber("added", DiffResult.Count(differences, EntryChange.Added));
                json.WriteNumber("removed", DiffResult.Count(differences, EntryChange.Removed));
                json.WriteNumber("changed", DiffResult.Count(differences, EntryChange.Changed));
            },
            "differences");
        foreach (LayerDifference difference in differences)
        {
            list.Add(json => DiffResult.WriteMembers(json, difference));
        }

        list.Complete(_ =>
        {
        });
    }
}
