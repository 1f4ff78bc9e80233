using System.Runtime.InteropServices;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Replay.Tests.Hcs;

/// <summary>A token that holds some privileges, all disabled at first.</summary>
internal sealed class FakeAdvapi32 : UnsupportedAdvapi32
{
    private readonly List<string> _known = [];

    public Dictionary<string, bool> Held { get; } = [];

    public override ExportStatus Probe(string export) => ExportStatus.Present;

    public override int OpenProcessToken(nint process, uint access, out nint token)
    {
        token = 77;
        return process == -1 && access == 0x28 ? 1 : 0;
    }

    public override int LookupPrivilegeValueW(string? systemName, string name, out Luid id)
    {
        _known.Add(name);
        id = new Luid { Low = (uint)_known.Count };
        return 1;
    }

    public override int AdjustTokenPrivileges(
        nint token,
        int disableAll,
        in TokenPrivilege newState,
        uint length,
        out TokenPrivilege previous,
        out uint previousLength)
    {
        string name = _known[(int)newState.Id.Low - 1];
        previous = default;
        previousLength = 4;
        if (!Held.TryGetValue(name, out bool enabled))
        {
            Marshal.SetLastPInvokeError(1300);
            return 1;
        }

        bool wanted = newState.Attributes == 2;
        Marshal.SetLastPInvokeError(0);
        Held[name] = wanted;
        if (wanted != enabled)
        {
            previous = newState with { Attributes = enabled ? 2u : 0 };
            previousLength = length;
        }

        return 1;
    }
}
