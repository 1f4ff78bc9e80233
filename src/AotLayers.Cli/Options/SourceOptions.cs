using System.CommandLine;
using AotLayers.App;

namespace AotLayers.Cli.Options;

/// <summary>The layer that a command looks into: a file, a folder, an image, standard input, or a layer of a machine.</summary>
internal sealed class SourceOptions
{
    private readonly HcsOptions _hcs = new(isOptional: true);

    private readonly Argument<string> _source = new("SOURCE")
    {
        Description = "A layer tar (plain, gzip or zstd), - for standard input, a transport folder, a recording (or replay:FILE), an "
            + "archive of docker save, an OCI image layout; with --hcs, the path of a layer folder.",
    };

    private readonly Option<string?> _image = new("--image")
    {
        Description = "Which image of an archive with several: a name, a tag, a digest or its beginning, or a platform (windows/amd64).",
        HelpName = "NAME",
    };

    private readonly Option<string?> _layer = new("--layer")
    {
        Description = "Which layer of an image: its position, 0 for the base and -1 for the last, or its digest or the beginning of it.",
        HelpName = "N|sha256:HEX",
    };

    private readonly Option<bool> _merged = new("--merged")
    {
        Description = "Show the layer and all below it as a container would see them.",
    };

    private readonly Option<string[]> _parents;

    private readonly Option<string> _reader = new("--reader")
    {
        Description = "How a layer of a machine is read.",
        HelpName = OptionWords.Reader.Alternatives,
        DefaultValueFactory = _ => "auto",
    };

    /// <param name="parents">What parents are for, where that is more than to read the layer.</param>
    public SourceOptions(string parents = "A parent layer, for --hcs and --merged. Repeat it, nearest parent first, base layer last.")
    {
        _parents = new Option<string[]>("--parent")
        {
            Description = parents,
            HelpName = "SOURCE",
            DefaultValueFactory = _ => [],
        };
        _reader.AcceptOnlyFromAmong(OptionWords.Reader.Words);
    }

    /// <summary>Adds the argument and the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(_source);
        AddOptionsTo(command);
    }

    /// <summary>Adds the options alone, for a command with arguments of its own.</summary>
    public void AddOptionsTo(Command command)
    {
        command.Add(_image);
        command.Add(_layer);
        command.Add(_merged);
        command.Add(_parents);
        _hcs.AddTo(command);
        command.Add(_reader);
    }

    /// <summary>Reads the argument and the options.</summary>
    /// <exception cref="UsageException">An option is wrong.</exception>
    public LayerRequest Read(ParseResult parsed) => Read(parsed, parsed.GetRequiredValue(_source));

    /// <summary>Reads the options for a source that was named elsewhere.</summary>
    /// <exception cref="UsageException">An option is wrong.</exception>
    public LayerRequest Read(ParseResult parsed, string source)
    {
        OptionWords.Reader.TryRead(parsed.GetValue(_reader), out LayerReaderKind reader);
        return _hcs.Read(parsed, new LayerRequest
        {
            Spelling = OptionSpelling.CommandLineOfSource,
            Source = source,
            Image = parsed.GetValue(_image),
            ImageLayer = parsed.GetValue(_layer),
            Merged = parsed.GetValue(_merged),
            Parents = parsed.GetValue(_parents) ?? [],
            Reader = reader,
        });
    }

    /// <summary>Standard input, where the source is it.</summary>
    /// <exception cref="UsageException">It is a terminal.</exception>
    public static Stream? OpenStandardInput(LayerRequest request)
    {
        if (request.Source != LayerSource.StandardInput || request.Hcs is not null)
        {
            return null;
        }

        return Console.IsInputRedirected
            ? Console.OpenStandardInput()
            : throw new UsageException("the layer would come from the terminal: redirect standard input, or name a file");
    }
}
