using System.Globalization;
using System.Runtime.CompilerServices;

namespace VerifyTests;

/// <summary>Where a snapshot lies and what its file is called.</summary>
public class VerifySettings
{
    /// <summary>Copies settings.</summary>
    public VerifySettings(VerifySettings? settings = null)
    {
        Directory = settings?.Directory;
        MethodName = settings?.MethodName;
        ParametersText = settings?.ParametersText;
    }

    internal string? Directory { get; private set; }

    internal string? MethodName { get; private set; }

    internal string? ParametersText { get; private set; }

    /// <summary>A directory relative to that of the test's source file.</summary>
    public void UseDirectory(string directory) => Directory = directory;

    /// <summary>A name in place of the test method's.</summary>
    public void UseMethodName(string name) => MethodName = name;

    /// <summary>The text for the arguments in the file name.</summary>
    public void UseTextForParameters(string parametersText) => ParametersText = parametersText;
}

/// <summary>A comparison that runs when it is awaited; its settings can still be changed.</summary>
public class SettingsTask
{
    private readonly VerifySettings _settings;
    private readonly Func<VerifySettings, Task> _compare;
    private Task? _task;

    internal SettingsTask(VerifySettings? settings, Func<VerifySettings, Task> compare) => (_settings, _compare) = (new VerifySettings(settings), compare);

    /// <inheritdoc cref="VerifySettings.UseDirectory"/>
    public SettingsTask UseDirectory(string directory)
    {
        _settings.UseDirectory(directory);
        return this;
    }

    /// <inheritdoc cref="VerifySettings.UseMethodName"/>
    public SettingsTask UseMethodName(string name)
    {
        _settings.UseMethodName(name);
        return this;
    }

    /// <inheritdoc cref="VerifySettings.UseTextForParameters"/>
    public SettingsTask UseTextForParameters(string parametersText)
    {
        _settings.UseTextForParameters(parametersText);
        return this;
    }

    /// <summary>Runs the comparison.</summary>
    public Task ToTask() => _task ??= _compare(_settings);

    /// <summary>Runs the comparison.</summary>
    public TaskAwaiter GetAwaiter() => ToTask().GetAwaiter();
}

/// <summary>A snapshot differs, or is new.</summary>
public class VerifyException(string message) : Exception(message);

internal static class Snapshot
{
    public static async Task CompareAsync(string target, string extension, VerifySettings settings, string sourceFile, string method)
    {
        string folder = Path.Combine(Path.GetDirectoryName(sourceFile)!, settings.Directory ?? "");
        string name = $"{Path.GetFileNameWithoutExtension(sourceFile)}.{settings.MethodName ?? method}{(settings.ParametersText is { } text ? "_" + text : "")}";
        string verified = Path.Combine(folder, $"{name}.verified.{extension}");
        string received = Path.Combine(folder, $"{name}.received.{extension}");
        string actual = Normalise(target);
        string? expected = File.Exists(verified) ? Normalise(await File.ReadAllTextAsync(verified).ConfigureAwait(false)) : null;
        if (actual == expected)
        {
            File.Delete(received);
            return;
        }

        Directory.CreateDirectory(folder);
        await File.WriteAllTextAsync(received, actual).ConfigureAwait(false);
        throw new VerifyException(expected is null
            ? $"New snapshot: compare {received} with what it should be and rename it to {Path.GetFileName(verified)}"
            : $"Snapshot differs: {verified}\n{Difference(expected, actual)}");
    }

    private static string Normalise(string text) => text.Replace("\r\n", "\n", StringComparison.Ordinal).TrimStart('\ufeff').TrimEnd('\n');

    private static string Difference(string expected, string actual)
    {
        string[] left = expected.Split('\n');
        string[] right = actual.Split('\n');
        int line = 0;
        while (line < left.Length && line < right.Length && left[line] == right[line])
        {
            line++;
        }

        string At(string[] lines) => line < lines.Length ? lines[line] : "(end)";
        return string.Create(CultureInfo.InvariantCulture, $"line {line + 1}\n  expected: {At(left)}\n  actual:   {At(right)}");
    }
}
