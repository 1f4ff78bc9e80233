namespace AotLayers.App;

/// <summary>
/// How a front end spells options, so that errors and hints name what its users typed. Options are named by their keys in
/// <c>options_json</c>.
/// </summary>
public abstract class OptionSpelling
{
    private OptionSpelling()
    {
    }

    /// <summary><c>--record-data</c>, <c>--hcs sim:DIR</c>.</summary>
    public static OptionSpelling CommandLine { get; } = new CommandLineSpelling("LAYER");

    /// <summary>The same, of commands that call the layer SOURCE.</summary>
    public static OptionSpelling CommandLineOfSource { get; } = new CommandLineSpelling("SOURCE");

    /// <summary><c>option 'recordData'</c>, <c>"hcs": "sim:DIR"</c>.</summary>
    public static OptionSpelling Json { get; } = new JsonSpelling("source");

    /// <summary>As <see cref="Json"/>, of functions whose layer is a parameter of that name.</summary>
    public static OptionSpelling JsonOfLayer { get; } = new JsonSpelling("layer");

    /// <summary>What the layer is called.</summary>
    public abstract string Source { get; }

    /// <summary>What the file to write is called.</summary>
    public abstract string Output { get; }

    /// <summary>What the file to read is called.</summary>
    public abstract string Input { get; }

    /// <summary>An option, for the beginning or the middle of a sentence.</summary>
    /// <param name="key">Its key in <c>options_json</c>.</param>
    public abstract string Name(string key);

    /// <summary>An option with a value, as one would write it.</summary>
    /// <param name="key">Its key in <c>options_json</c>.</param>
    /// <param name="value">The value.</param>
    public abstract string Example(string key, string value);

    private sealed class CommandLineSpelling(string source) : OptionSpelling
    {
        public override string Source => source;

        public override string Output => "--output";

        public override string Input => "FILE";

        public override string Name(string key) => key switch
        {
            // Given once per parent.
            "parents" => "--parent",
            "recordData" => "--record-data",
            "recordTiming" => "--timing",
            "replayOrder" => "--replay-order",
            "faults" => "--fault",
            "expectDiffId" => "--expect-diff-id",
            "expectDigest" => "--expect-digest",
            "fromLinux" => "--from-linux",
            "directorySddl" => "--directory-sddl",
            "fileSddl" => "--file-sddl",
            "sourceDateEpoch" => "--source-date-epoch",
            "linkDuplicates" => "--link-duplicates",
            _ => "--" + key,
        };

        public override string Example(string key, string value) => Name(key) + " " + value;
    }

    private sealed class JsonSpelling(string source) : OptionSpelling
    {
        public override string Source => source;

        public override string Output => "path";

        public override string Input => "path";

        public override string Name(string key) => $"option '{key}'";

        public override string Example(string key, string value) => $"\"{key}\": \"{value}\"";
    }
}
