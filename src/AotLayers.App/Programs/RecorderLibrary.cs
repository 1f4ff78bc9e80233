namespace AotLayers.App;

/// <summary>The library that is put inside other programs.</summary>
internal static class RecorderLibrary
{
    /// <summary>Its name beside the program: one that no library of the system has.</summary>
    public static string Name => OperatingSystem.IsWindows() ? "aotlayers-recorder.dll" : "libaotlayers-recorder.so";

    /// <summary>Its path.</summary>
    /// <param name="chosen">The user's choice, or null.</param>
    /// <exception cref="FileNotFoundException">It is not there.</exception>
    public static string Find(string? chosen)
    {
        string path = Path.GetFullPath(chosen ?? Path.Combine(AppContext.BaseDirectory, Name));
        return File.Exists(path)
            ? path
            : throw new FileNotFoundException(
                $"the recorder {path} is missing: it belongs beside aotlayers, or name it with --recorder", path);
    }
}
