using System.Globalization;

namespace VerifyTests;

/// <summary>Where a snapshot is kept and how its text is cleaned, as in the Verify package.</summary>
public class VerifySettings
{
    /// <summary>Makes settings with nothing set.</summary>
    public VerifySettings()
    {
    }

    /// <summary>Copies settings.</summary>
    public VerifySettings(VerifySettings? settings)
    {
        if (settings is not null)
        {
            FileName = settings.FileName;
            Directory = settings.Directory;
            TypeName = settings.TypeName;
            MethodName = settings.MethodName;
            Parameters = settings.Parameters;
            ParametersText = settings.ParametersText;
            Scrubbers.AddRange(settings.Scrubbers);
        }
    }

    internal string? FileName { get; private set; }

    internal string? Directory { get; private set; }

    internal string? TypeName { get; private set; }

    internal string? MethodName { get; private set; }

    internal object?[]? Parameters { get; private set; }

    internal string? ParametersText { get; private set; }

    internal List<Func<string, string>> Scrubbers { get; } = [];

    /// <summary>Names the file, instead of <c>Class.Method</c> and the parameters.</summary>
    public void UseFileName(string fileName) => FileName = fileName;

    /// <summary>Keeps the file in another directory, relative to the source file.</summary>
    public void UseDirectory(string directory) => Directory = directory;

    /// <summary>Names the class part of the file.</summary>
    public void UseTypeName(string name) => TypeName = name;

    /// <summary>Names the method part of the file.</summary>
    public void UseMethodName(string name) => MethodName = name;

    /// <summary>Takes the parameters of a theory into the file name: <c>_name=value</c> each.</summary>
    public void UseParameters(params object?[] parameters) => Parameters = parameters;

    /// <summary>Takes a text into the file name instead of the parameters.</summary>
    public void UseTextForParameters(string parametersText) => ParametersText = parametersText;

    /// <summary>Replaces every line; null removes it.</summary>
    public void ScrubLinesWithReplace(Func<string, string?> replaceLine) =>
        Scrubbers.Add(text => string.Join('\n', text.Split('\n').Select(replaceLine).Where(line => line is not null)));

    /// <summary>Removes lines that contain one of the texts.</summary>
    public void ScrubLinesContaining(params string[] stringToMatch) =>
        ScrubLinesWithReplace(line => stringToMatch.Any(s => line.Contains(s, StringComparison.OrdinalIgnoreCase)) ? null : line);

    internal static string FormatParameter(object? value) => value switch
    {
        null => "null",
        bool flag => flag ? "True" : "False",
        IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "null",
    };
}
