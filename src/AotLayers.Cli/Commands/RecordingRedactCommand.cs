using System.CommandLine;
using System.Globalization;
using AotLayers.App;
using AotLayers.Cli.Options;
using AotLayers.Cli.Output;
using AotLayers.Interop;

namespace AotLayers.Cli.Commands;

/// <summary><c>recording redact FILE -o FILE</c>: a recording without the names in it.</summary>
internal sealed class RecordingRedactCommand
{
    private readonly Argument<string> _file = RecordingFile.Argument();
    private readonly Option<string> _output = RecordingFile.Output();

    private readonly Option<string[]> _keep = new("--keep")
    {
        Description = "A text, or a part of a path, that stays; * and ? stand for any characters and for one. Repeat it for more. Names "
            + "that are the same in every layer stay anyway.",
        HelpName = "PATTERN",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string[]> _patterns = new("--pattern")
    {
        Description = "What is replaced also inside of what stays; * is a run of letters, digits, _, - and ., ? is one of them. Repeat it "
            + "for more.",
        HelpName = "PATTERN",
        DefaultValueFactory = _ => [],
    };

    private readonly Option<string> _contents = new("--contents")
    {
        Description = "Contents of buffers: keep them, or blank them (zeros of the same length; a layer then does not replay).",
        HelpName = "keep|blank",
        DefaultValueFactory = _ => "keep",
    };

    private readonly Option<string?> _map = new("--map")
    {
        Description = "Write what became of what to a JSON file. Whoever has it can undo the redaction.",
        HelpName = "FILE",
    };

    private readonly Option<bool> _check = new("--check")
    {
        Description = "Prove the result before it is written: the same calls, handles, sizes and codes; nothing left that is neither kept "
            + "nor a placeholder; and where a layer is read, the same replay.",
    };

    private RecordingRedactCommand() => _contents.AcceptOnlyFromAmong("keep", "blank");

    /// <summary>Makes the command.</summary>
    public static Command Create()
    {
        var redact = new RecordingRedactCommand();
        var command = new Command(
            "redact",
            "Write a recording without names: parts of paths, texts, GUIDs and SIDs become placeholders, the same one for the same value.");
        command.Add(redact._file);
        command.Add(redact._output);
        command.Add(redact._keep);
        command.Add(redact._patterns);
        command.Add(redact._contents);
        command.Add(redact._map);
        command.Add(redact._check);
        command.Add(CommonOptions.Json);
        command.SetAction(redact.Run);
        return command;
    }

    private int Run(ParseResult parsed)
    {
        string file = parsed.GetRequiredValue(_file);
        string output = parsed.GetRequiredValue(_output);
        var options = new RedactionOptions
        {
            Keep = parsed.GetValue(_keep) ?? [],
            IsFixed = RecordedLayerTask.IsFixedName,
            Suffixes = RecordedLayerTask.FixedSuffixes,
            Patterns = parsed.GetValue(_patterns) ?? [],
            BlankContents = parsed.GetValue(_contents) == "blank",
        };
        if (options.Patterns.Any(static pattern => pattern.Trim('*').Length == 0))
        {
            throw new UsageException("--pattern needs more than * to look for");
        }

        CallRecording recording = RecordingFile.Load(file);
        RecordingRedaction? redaction = null;
        string? proof = null;
        if (parsed.GetValue(_check))
        {
            string folder = Directory.CreateTempSubdirectory("aotlayers").FullName;
            try
            {
                string made = Path.Combine(folder, "redacted.json");
                RecordingOutput.Write(made, stream => redaction = RecordingRedaction.Write(recording, stream, options));
                proof = Prove(redaction!, recording, file, made);
                RecordingOutput.Write(output, stream => Copy(made, stream));
            }
            finally
            {
                Directory.Delete(folder, recursive: true);
            }
        }
        else
        {
            RecordingOutput.Write(output, stream => redaction = RecordingRedaction.Write(recording, stream, options));
        }

        if (parsed.GetValue(_map) is { } map)
        {
            RecordingOutput.Write(map, stream => WriteMap(stream, redaction!));
        }

        Print(recording, redaction!, output, proof, parsed.GetValue(CommonOptions.Json));
        return ExitStatus.Done;
    }

    // Throws what is wrong; the result says what was proved.
    private static string Prove(RecordingRedaction redaction, CallRecording recording, string file, string made)
    {
        var redacted = CallRecording.Load(made);
        string? fault = redaction.FindFault(redacted, HcsApis.All);
        if (fault is not null)
        {
            throw new InvalidDataException($"the redacted recording is not what it should be: {fault}");
        }

        if (file == "-")
        {
            return "the same calls, handles, sizes and codes";
        }

        bool before = RecordedLayerTask.TryReplay(recording, file, out string? expected);
        bool after = RecordedLayerTask.TryReplay(redacted, made, out string? outcome);
        if (expected is null)
        {
            return "the same calls, handles, sizes and codes (no layer is read in it that could be replayed here)";
        }

        if (!before)
        {
            return $"the same calls, handles, sizes and codes (the layer in it does not replay as it is: {expected})";
        }

        return after && outcome == expected
            ? $"the same calls, handles, sizes and codes, and the same replay: {outcome}"
            : throw new InvalidDataException(
                $"the redacted recording does not replay: {outcome}, before: {expected}; keep what the program itself passes with --keep");
    }

    private static void Copy(string path, Stream destination)
    {
        using FileStream made = File.OpenRead(path);
        made.CopyTo(destination);
    }

    private static void WriteMap(Stream stream, RecordingRedaction redaction) => JsonText.WriteLine(stream, json =>
    {
        foreach ((string text, string placeholder) in redaction.Map.OrderBy(static pair => pair.Key, StringComparer.Ordinal))
        {
            json.WriteString(text, placeholder);
        }
    });

    private static void Print(CallRecording recording, RecordingRedaction redaction, string output, string? proof, bool json)
    {
        bool piped = output == "-";
        if (json)
        {
            using Stream stream = piped ? Console.OpenStandardError() : Console.OpenStandardOutput();
            JsonText.WriteLine(stream, members =>
            {
                members.WriteString("file", recording.Source);
                members.WriteString("output", output);
                members.WriteNumber("names", redaction.Names);
                members.WriteNumber("guids", redaction.Guids);
                members.WriteNumber("sids", redaction.Sids);
                members.WriteNumber("numbersKept", redaction.Numbers.Count);
                members.WriteNumber("longer", redaction.Longer);
                members.WriteNumber("contentsKept", redaction.Contents);
                members.WriteNumber("contentsWithNames", redaction.ContentsWithNames);
                members.WriteString("proof", proof);
            });
            return;
        }

        TextWriter text = piped ? Terminal.Error : Terminal.Out;
        text.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{(piped ? "standard output" : output)}: {redaction.Names} names, {redaction.Guids} GUIDs and {redaction.Sids} SIDs "
                + $"replaced"));
        if (proof is not null)
        {
            text.WriteLine("proved: " + proof);
        }

        if (redaction.Contents > 0)
        {
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"note: {redaction.Contents} contents of buffers ({redaction.ContentBytes} bytes) stay as they are, and "
                    + $"{redaction.ContentsWithNames} of them hold a replaced name; --contents blank takes them out"));
        }

        if (redaction.Numbers.Count > 0)
        {
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"note: {redaction.Numbers.Count} texts of 16 to 20 digits stay, since large numbers have the same form"));
        }

        if (redaction.Longer > 0)
        {
            text.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"note: {redaction.Longer} placeholders are longer than what they stand for; a length recorded beside them may be wrong"));
        }
    }
}
