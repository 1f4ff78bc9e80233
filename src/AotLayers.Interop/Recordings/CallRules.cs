using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace AotLayers.Interop;

/// <summary>
/// Rules per parameter: what is not to be in a file, and what is not to be compared. The same rules go to the recorder and to the
/// replayer. Functions, parameters and fields have the names that they have in the recording; a null function means every one.
/// </summary>
public sealed class CallRules
{
    private readonly List<Redaction> _redactions = [];
    private readonly List<Matcher> _matchers = [];

    internal bool HasRedactions => _redactions.Count > 0;

    internal bool HasMatchers => _matchers.Count > 0;

    /// <summary>
    /// Keeps a parameter's value out of the file: a placeholder is written instead. The live call is not touched. A replay writes the
    /// placeholder for the program's value too, so that any value matches, and gives <paramref name="restored"/> where the library gave
    /// the value: as text, or in a buffer of bytes as UTF-8.
    /// </summary>
    /// <param name="function">The function; null for every one.</param>
    /// <param name="parameter">The parameter, in or out, or a field of it after a dot: <c>entry.name</c>.</param>
    /// <param name="placeholder">What is written, as text.</param>
    /// <param name="restored">The text that a replay gives the program; the placeholder itself when it is null.</param>
    public CallRules Redact(string? function, string parameter, string placeholder, string? restored = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(parameter);
        ArgumentNullException.ThrowIfNull(placeholder);
        string json = $"\"{JsonEncodedText.Encode(placeholder, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"";
        _redactions.Add(new Redaction(function, parameter.Split('.'), json, placeholder, restored));
        return this;
    }

    /// <summary>
    /// As <see cref="Redact(string?, string, string, string?)"/> for a number: an id, a time, a size. A replay gives the placeholder.
    /// </summary>
    /// <param name="function">The function; null for every one.</param>
    /// <param name="parameter">The parameter, in or out, or a field of it after a dot: <c>info.lastWriteTime</c>.</param>
    /// <param name="placeholder">What is written.</param>
    public CallRules Redact(string? function, string parameter, long placeholder)
    {
        ArgumentException.ThrowIfNullOrEmpty(parameter);
        string json = placeholder.ToString(CultureInfo.InvariantCulture);
        _redactions.Add(new Redaction(function, parameter.Split('.'), json, Text: null, Restored: null));
        return this;
    }

    /// <summary>Does not compare a parameter when replaying: a time, a process id, a temporary name.</summary>
    /// <param name="function">The function; null for every one.</param>
    /// <param name="parameter">The parameter.</param>
    public CallRules Ignore(string? function, string parameter) => Match(function, parameter, static (_, _) => true);

    /// <summary>Compares a parameter in another way than by equality when replaying.</summary>
    /// <param name="function">The function; null for every one.</param>
    /// <param name="parameter">The parameter.</param>
    /// <param name="matches">Says of the recorded and the program's value, in this order, whether they match.</param>
    public CallRules Match(string? function, string parameter, Func<JsonElement, JsonElement, bool> matches)
    {
        ArgumentException.ThrowIfNullOrEmpty(parameter);
        ArgumentNullException.ThrowIfNull(matches);
        _matchers.Add(new Matcher(function, parameter, matches));
        return this;
    }

    /// <summary>The placeholder for a parameter, or for a field of one, as JSON; or null. Empty names are elements of arrays.</summary>
    internal string? Placeholder(string function, ReadOnlySpan<string> path)
    {
        foreach (Redaction rule in _redactions)
        {
            if ((rule.Function is null || rule.Function == function) && IsSame(path, rule.Path))
            {
                return rule.Json;
            }
        }

        return null;
    }

    private static bool IsSame(ReadOnlySpan<string> path, string[] named)
    {
        int matched = 0;
        foreach (string name in path)
        {
            if (name.Length > 0)
            {
                if (matched == named.Length || named[matched] != name)
                {
                    return false;
                }

                matched++;
            }
        }

        return matched == named.Length;
    }

    /// <summary>What a replay gives for a text of the recording.</summary>
    internal string Restore(string text)
    {
        foreach (Redaction rule in _redactions)
        {
            if (rule.Restored is not null && rule.Text == text)
            {
                return rule.Restored;
            }
        }

        return text;
    }

    /// <summary>Whether a rule accepts the program's value.</summary>
    internal bool Accepts(string function, string parameter, BoundedJsonValue recorded, BoundedJsonValue actual)
    {
        foreach (Matcher rule in _matchers)
        {
            if (rule.Parameter == parameter && (rule.Function is null || rule.Function == function)
                && rule.Matches(recorded.ToElement(), actual.ToElement()))
            {
                return true;
            }
        }

        return false;
    }

    private sealed record Redaction(string? Function, string[] Path, string Json, string? Text, string? Restored);

    private sealed record Matcher(string? Function, string Parameter, Func<JsonElement, JsonElement, bool> Matches);
}
