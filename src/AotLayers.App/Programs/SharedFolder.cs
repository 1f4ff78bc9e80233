namespace AotLayers.App;

/// <summary>A folder of the user's alone for what two processes share, in memory where the system has such a place.</summary>
internal sealed class SharedFolder : IDisposable
{
    private const string InMemory = "/dev/shm";

    public SharedFolder()
    {
        string parent = OperatingSystem.IsLinux() && Directory.Exists(InMemory) ? InMemory : System.IO.Path.GetTempPath();
        Path = System.IO.Path.Combine(parent, "aotlayers-" + Guid.NewGuid().ToString("N"));
        if (OperatingSystem.IsWindows())
        {
            Directory.CreateDirectory(Path);
        }
        else
        {
            Directory.CreateDirectory(Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        }
    }

    /// <summary>The folder.</summary>
    public string Path { get; }

    public void Dispose()
    {
        try
        {
            Directory.Delete(Path, recursive: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A process that goes on has it open; on Windows it stays then.
        }
    }
}
