namespace AotLayers.Cli;

/// <summary>What the process returns.</summary>
internal static class ExitStatus
{
    /// <summary>All was done.</summary>
    public const int Done = 0;

    /// <summary>It failed, or was interrupted.</summary>
    public const int Failed = 1;

    /// <summary>The command line is wrong; nothing was tried.</summary>
    public const int Usage = 2;

    /// <summary>What was to be checked was read, and has something wrong with it.</summary>
    public const int Findings = 3;
}
