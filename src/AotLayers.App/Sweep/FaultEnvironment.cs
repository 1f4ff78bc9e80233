using AotLayers.Interop;

namespace AotLayers.App;

/// <summary>The environment variables by which faults reach a program (docs/commands/sweep.md#environment).</summary>
public static class FaultEnvironment
{
    /// <summary>The faults, as <c>--fault</c> takes them, with semicolons between.</summary>
    public const string Plan = "AOTLAYERS_FAULT";

    /// <summary>A file that comes to be when a fault happens.</summary>
    public const string Fired = "AOTLAYERS_FAULT_FIRED";

    /// <summary>A file that the calls are recorded to, lengths of contents only, when nothing else is recorded.</summary>
    public const string Calls = "AOTLAYERS_FAULT_CALLS";

    /// <summary>The faults of options and environment together; null when there are none.</summary>
    /// <param name="faults">Those of the options.</param>
    /// <exception cref="FormatException">One is none.</exception>
    public static FaultPlan? Read(IReadOnlyList<string> faults)
    {
        ArgumentNullException.ThrowIfNull(faults);
        string[] more = Environment.GetEnvironmentVariable(Plan)
            ?.Split(';', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries) ?? [];
        if (faults.Count + more.Length == 0)
        {
            return null;
        }

        FaultPlan plan = new();
        foreach (string fault in faults)
        {
            plan.Add(fault);
        }

        foreach (string fault in more)
        {
            try
            {
                plan.Add(fault);
            }
            catch (FormatException e)
            {
                throw new FormatException($"{Plan}: {e.Message}", e);
            }
        }

        if (Environment.GetEnvironmentVariable(Fired) is { Length: > 0 } file)
        {
            plan.Happened = fault => Note(file, fault);
        }

        return plan;
    }

    private static void Note(string file, string fault)
    {
        try
        {
            File.AppendAllText(file, fault + "\n");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The fault is what matters; that it cannot be noted must not be another one.
        }
    }
}
