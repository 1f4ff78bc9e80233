namespace AotLayers.Native.Tests.Harness;

/// <summary>
/// A new folder that is gone after the test. Its name has a space and a letter outside ASCII, which paths of users have too.
/// </summary>
internal sealed class TempFolder : IDisposable
{
    public TempFolder() => Path = Directory.CreateTempSubdirectory("aotlayers tést ").FullName;

    public string Path { get; }

    public string File(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
