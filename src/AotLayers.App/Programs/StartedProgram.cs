namespace AotLayers.App;

/// <summary>A program that was started with something inside it.</summary>
internal abstract class StartedProgram : IDisposable
{
    /// <summary>The process.</summary>
    public abstract int Id { get; }

    /// <summary>What it ended with.</summary>
    public abstract int ExitStatus { get; }

    /// <summary>It was ended from outside, or by a fault of its own.</summary>
    public abstract bool WasCut { get; }

    /// <summary>Why the library is not inside; null when it is. The program runs all the same.</summary>
    public virtual string? Failure => null;

    /// <summary>Waits for its end.</summary>
    /// <returns>Whether it has ended.</returns>
    public abstract bool Wait(int milliseconds);

    /// <summary>Starts a program with this one's standard streams, current directory and environment.</summary>
    /// <param name="path">The program.</param>
    /// <param name="arguments">Its arguments.</param>
    /// <param name="library">The library to put inside.</param>
    /// <param name="folder">A folder for as long as the program runs.</param>
    /// <param name="variables">Added to the environment.</param>
    /// <param name="settings">What the library is told where it does not see the environment: a line each.</param>
    public static StartedProgram Start(
        string path,
        IReadOnlyList<string> arguments,
        string library,
        string folder,
        IReadOnlyDictionary<string, string> variables,
        string settings) => OperatingSystem.IsWindows() ? SuspendedProgram.Start(path, arguments, library, settings)
        : OperatingSystem.IsLinux() ? new PreloadedProgram(path, arguments, library, folder, variables)
        : throw new PlatformNotSupportedException("programs are recorded on Windows and Linux only");

    /// <inheritdoc/>
    public abstract void Dispose();
}
