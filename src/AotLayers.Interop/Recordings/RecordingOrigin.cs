using System.Runtime.InteropServices;

namespace AotLayers.Interop;

/// <summary>Where the calls of a recording come from. Names neither the user nor the machine.</summary>
/// <param name="Kind"><see cref="Live"/> or <see cref="Simulated"/>.</param>
/// <param name="Os">Operating system and its version, for example <c>windows 10.0.20348</c> or <c>linux 6.1</c>.</param>
/// <param name="Arch">Process architecture, for example <c>x64</c>.</param>
/// <param name="Tool">The recorder and its version.</param>
/// <param name="Program">File name of the recorded program, when it is not the tool itself.</param>
public sealed record RecordingOrigin(string Kind, string Os, string Arch, string Tool, string? Program = null)
{
    /// <summary>The calls went to a real library.</summary>
    public const string Live = "live";

    /// <summary>The calls were answered by a simulator.</summary>
    public const string Simulated = "simulated";

    /// <summary>The origin that this process would write.</summary>
    /// <param name="kind"><see cref="Live"/> or <see cref="Simulated"/>.</param>
    /// <param name="program">File name of the recorded program, when it is not the tool itself.</param>
    public static RecordingOrigin Current(string kind, string? program = null)
    {
        Version os = Environment.OSVersion.Version;
        string name = OperatingSystem.IsWindows() ? $"windows {os.Major}.{os.Minor}.{os.Build}"
            : OperatingSystem.IsLinux() ? $"linux {os.Major}.{os.Minor}"
            : OperatingSystem.IsMacOS() ? $"macos {os.Major}.{os.Minor}"
            : $"unix {os.Major}.{os.Minor}";
        Version? version = typeof(RecordingOrigin).Assembly.GetName().Version;
        string arch = RuntimeInformation.ProcessArchitecture switch
        {
            Architecture.X64 => "x64",
            Architecture.X86 => "x86",
            Architecture.Arm64 => "arm64",
            Architecture.Arm => "arm",
            Architecture other => other.ToString(),
        };
        return new RecordingOrigin(kind, name, arch, $"aotlayers {version?.ToString(3)}", program);
    }
}
