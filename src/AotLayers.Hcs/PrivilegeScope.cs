using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace AotLayers.Hcs;

/// <summary>
/// Holds privileges of the process enabled for as long as anybody needs them (docs/windows/privileges.md#sharing). Scopes nest and
/// overlap: a privilege is enabled by the first and put back to what it was by the last. Process-wide, because layer calls use threads of
/// their own.
/// </summary>
public sealed class PrivilegeScope : IDisposable
{
    /// <summary>Needed to read layers.</summary>
    public const string Backup = "SeBackupPrivilege";

    /// <summary>Needed, with <see cref="Backup"/>, to write layers.</summary>
    public const string Restore = "SeRestorePrivilege";

    private const uint TokenAdjustPrivileges = 0x20;
    private const uint TokenQuery = 0x8;
    private const uint Enabled = 0x2;
    private const uint NotAllAssigned = 1300;

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<string, Holding> s_held = new(StringComparer.Ordinal);

    private readonly List<string> _names = [];
    private bool _disposed;

    private PrivilegeScope()
    {
    }

    /// <summary>Enables privileges; <see cref="Dispose"/> gives them back.</summary>
    /// <param name="machine">The calls to use. Without <see cref="HcsMachine.Advapi32"/> (replay, simulator) nothing needs to be
    /// enabled.</param>
    /// <param name="names">Names such as <see cref="Backup"/>.</param>
    /// <exception cref="HcsException">A privilege is not held. The message names it; the hint says how to get it.</exception>
    public static PrivilegeScope Enable(HcsMachine machine, params ReadOnlySpan<string> names)
    {
        ArgumentNullException.ThrowIfNull(machine);
        var scope = new PrivilegeScope();
        if (machine.Advapi32 is null)
        {
            return scope;
        }

        try
        {
            foreach (string name in names)
            {
                lock (s_lock)
                {
                    if (s_held.TryGetValue(name, out Holding? holding))
                    {
                        holding.Count++;
                    }
                    else
                    {
                        s_held.Add(name, new Holding(machine, Adjust(machine, name, Enabled)));
                    }
                }

                scope._names.Add(name);
            }
        }
        catch
        {
            scope.Dispose();
            throw;
        }

        return scope;
    }

    /// <summary>Gives the privileges back. Calling it again does nothing.</summary>
    public void Dispose()
    {
        if (_disposed)
        {
            return;
        }

        _disposed = true;
        lock (s_lock)
        {
            foreach (string name in _names)
            {
                Holding holding = s_held[name];
                if (--holding.Count == 0)
                {
                    s_held.Remove(name);
                    if (holding.WasDisabled)
                    {
                        Adjust(holding.Machine, name, 0);
                    }
                }
            }
        }
    }

    /// <summary>Sets the attributes of one privilege. One at a time, so that the error can name the missing one.</summary>
    /// <returns>Whether the privilege had other attributes before.</returns>
    private static bool Adjust(HcsMachine machine, string name, uint attributes)
    {
        IAdvapi32 advapi32 = machine.Advapi32!;
        if (advapi32.OpenProcessToken(-1, TokenAdjustPrivileges | TokenQuery, out nint token) == 0)
        {
            throw Failed("OpenProcessToken", name);
        }

        try
        {
            if (advapi32.LookupPrivilegeValueW(null, name, out Luid id) == 0)
            {
                throw Failed("LookupPrivilegeValueW", name);
            }

            var wanted = new TokenPrivilege { Count = 1, Id = id, Attributes = attributes };
            int done = advapi32.AdjustTokenPrivileges(
                token,
                0,
                in wanted,
                (uint)Unsafe.SizeOf<TokenPrivilege>(),
                out TokenPrivilege previous,
                out _);

            // The call succeeds although it did nothing; only the last error tells (docs/windows/privileges.md#enabling).
            return done == 0 || Marshal.GetLastPInvokeError() == NotAllAssigned
                ? throw Failed("AdjustTokenPrivileges", name)
                : previous.Count != 0;
        }
        finally
        {
            machine.Kernel32.CloseHandle(token);
        }
    }

    private static HcsException Failed(string call, string name) =>
        HcsException.FromWin32(call, (uint)Marshal.GetLastPInvokeError(), $"Could not enable privilege \"{name}\"");

    private sealed class Holding(HcsMachine machine, bool wasDisabled)
    {
        public HcsMachine Machine { get; } = machine;

        public bool WasDisabled { get; } = wasDisabled;

        public int Count { get; set; } = 1;
    }
}
