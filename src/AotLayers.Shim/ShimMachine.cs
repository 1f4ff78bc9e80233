using AotLayers.App;
using AotLayers.Hcs;

namespace AotLayers.Shim;

/// <summary>The machine that answers, opened by the first call and kept for the life of the process.</summary>
internal static class ShimMachine
{
    /// <summary>Environment variable that names the machine: <c>replay:FILE</c> or <c>sim:DIR</c>.</summary>
    public const string Variable = "AOTLAYERS_HCS";

    private static readonly Lock s_lock = new();
    private static HcsSession? s_session;
    private static HcsMachine? s_machine;

    /// <summary>The machine. A failure to open it is not kept: it is reported by each call until the environment is right.</summary>
    /// <exception cref="ShimConfigurationException">The variable is not set, or names something that this library cannot be.</exception>
    public static HcsMachine Current
    {
        get
        {
            lock (s_lock)
            {
                if (s_machine is null)
                {
                    s_session = Open();
                    s_machine = ShimReplay.Watch(s_session.Machine);
                }

                return s_machine;
            }
        }
    }

    private static HcsSession Open()
    {
        string? text = Environment.GetEnvironmentVariable(Variable);
        if (string.IsNullOrEmpty(text))
        {
            throw new ShimConfigurationException($"{Variable} is not set: set it to replay:FILE or sim:DIR");
        }

        if (!HcsChoice.TryParse(text, out HcsChoice? choice, out string? error))
        {
            throw new ShimConfigurationException($"{Variable}: {error}");
        }

        // native and lib: would make this library load itself, or another that it stands in for.
        if (choice.Kind is not (HcsChoiceKind.Replay or HcsChoiceKind.Simulator))
        {
            throw new ShimConfigurationException($"{Variable}={text}: this library answers from replay:FILE or sim:DIR only");
        }

        try
        {
            return HcsSession.Open(new HcsSessionOptions { Choice = choice, ReplayOrder = ShimReplay.Order });
        }
        catch (FormatException e)
        {
            throw new ShimConfigurationException($"{Variable}={text}: {e.Message}");
        }
    }

    /// <summary>
    /// What to tell about a failure of a call: where the program left the recording first, when that is behind it; and the code that
    /// stands for it.
    /// </summary>
    public static Exception Explain(Exception exception)
    {
        lock (s_lock)
        {
            return s_session?.Departure ?? exception;
        }
    }
}
