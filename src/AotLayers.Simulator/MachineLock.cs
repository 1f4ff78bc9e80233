using System.Runtime.CompilerServices;

namespace AotLayers.Simulator;

/// <summary>One call at a time on a machine, and which one it is.</summary>
internal sealed class MachineLock
{
    private readonly Lock _lock = new();

    /// <summary>The call that is being answered.</summary>
    public string Call { get; private set; } = "";

    /// <summary>Begins a call; disposing of the result ends it.</summary>
    public Lock.Scope Enter([CallerMemberName] string call = "")
    {
        var scope = _lock.EnterScope();
        Call = call;
        return scope;
    }
}
