using System.Runtime.CompilerServices;

namespace AotLayers.Simulator;

/// <summary>One call at a time on a machine, also where several processes are one machine, and which call it is.</summary>
internal sealed class MachineLock
{
    private readonly Lock _lock = new();

    /// <summary>The state that processes share; null for a machine of this process alone.</summary>
    public MachineState? State { get; set; }

    /// <summary>The call that is being answered.</summary>
    public string Call { get; private set; } = "";

    /// <summary>Begins a call on layers: no other process is at one. Disposing of the result ends it.</summary>
    /// <exception cref="IOException">The state cannot be read, or another process does not let go of it.</exception>
    public Scope Enter([CallerMemberName] string call = "")
    {
        Lock.Scope scope = _lock.EnterScope();
        Call = call;
        try
        {
            State?.Enter();
        }
        catch
        {
            scope.Dispose();
            throw;
        }

        return new Scope(scope, State);
    }

    /// <summary>Begins a call on files: it sees the layers as they are now.</summary>
    public Scope EnterFiles([CallerMemberName] string call = "")
    {
        Scope scope = EnterHandle(call);
        try
        {
            State?.Refresh();
            return scope;
        }
        catch
        {
            scope.Dispose();
            throw;
        }
    }

    /// <summary>Begins a call on something that is open in this process.</summary>
    public Scope EnterHandle([CallerMemberName] string call = "")
    {
        Lock.Scope scope = _lock.EnterScope();
        Call = call;
        return new Scope(scope, null);
    }

    /// <summary>A call under way.</summary>
    public ref struct Scope
    {
        private Lock.Scope _inner;
        private readonly MachineState? _state;

        internal Scope(Lock.Scope inner, MachineState? state)
        {
            _inner = inner;
            _state = state;
        }

        /// <summary>Ends the call.</summary>
        public void Dispose()
        {
            _state?.Leave();
            _inner.Dispose();
        }
    }
}
