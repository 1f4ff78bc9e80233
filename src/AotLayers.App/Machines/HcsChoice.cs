using System.Diagnostics.CodeAnalysis;

namespace AotLayers.App;

/// <summary>Where the Host Compute Service's calls come from.</summary>
public enum HcsChoiceKind
{
    /// <summary>This machine's own libraries.</summary>
    Native,

    /// <summary>Any library that exports the calls.</summary>
    Library,

    /// <summary>A recording, which answers as the recorded machine did.</summary>
    Replay,

    /// <summary>A folder that is served as if it were a machine with layers.</summary>
    Simulator,
}

/// <summary>
/// The text forms of the choice, the same on the command line (<c>--hcs</c>) and in the options of the C interface (<c>hcs</c>):
/// <c>native</c>, <c>lib:PATH</c>, <c>replay:FILE</c> and <c>sim:DIR</c>.
/// </summary>
/// <param name="Kind">Which of the four.</param>
/// <param name="Path">The library, recording or folder; empty for <see cref="HcsChoiceKind.Native"/>.</param>
public sealed record HcsChoice(HcsChoiceKind Kind, string Path)
{
    /// <summary>What the forms are, for errors and usage texts.</summary>
    public const string Forms = "native, lib:PATH, replay:FILE or sim:DIR";

    /// <summary>This machine's own libraries: the default.</summary>
    public static HcsChoice Native { get; } = new(HcsChoiceKind.Native, "");

    /// <summary>Reads a choice.</summary>
    /// <param name="text">One of the four forms.</param>
    /// <param name="choice">The choice.</param>
    /// <param name="error">What is wrong, as a sentence without a full stop; null when nothing is.</param>
    /// <returns>Whether the text is one of the forms.</returns>
    public static bool TryParse(string? text, [NotNullWhen(true)] out HcsChoice? choice, [NotNullWhen(false)] out string? error)
    {
        choice = null;
        error = null;
        if (text == "native")
        {
            choice = Native;
            return true;
        }

        int colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        HcsChoiceKind? kind = colon < 0 ? null : text.AsSpan(0, colon) switch
        {
            "lib" => HcsChoiceKind.Library,
            "replay" => HcsChoiceKind.Replay,
            "sim" => HcsChoiceKind.Simulator,
            _ => null,
        };
        if (kind is null)
        {
            error = $"'{text}' says no HCS: expected {Forms}";
            return false;
        }

        string path = text![(colon + 1)..];
        if (path.Length == 0 || path.Contains('\0', StringComparison.Ordinal))
        {
            error = $"'{text}' lacks its path: expected {Forms}";
            return false;
        }

        choice = new HcsChoice(kind.Value, path);
        return true;
    }

    /// <summary>Reads a choice.</summary>
    /// <exception cref="FormatException">The text is none of the forms.</exception>
    public static HcsChoice Parse(string text) =>
        TryParse(text, out HcsChoice? choice, out string? error) ? choice : throw new FormatException(error);

    /// <summary>The text form.</summary>
    public override string ToString() => Kind switch
    {
        HcsChoiceKind.Library => "lib:" + Path,
        HcsChoiceKind.Replay => "replay:" + Path,
        HcsChoiceKind.Simulator => "sim:" + Path,
        _ => "native",
    };
}
