using AotLayers.Hcs;
using AotLayers.Replay.Tests.Layers;
using Xunit;

namespace AotLayers.Replay.Tests.Hcs;

/// <summary>
/// Privileges are enabled for as long as somebody needs them and put back to what they were (docs/windows/privileges.md#sharing).
/// </summary>
public sealed class PrivilegeScopeTests
{
    private readonly FakeAdvapi32 _token = new();
    private readonly HcsMachine _machine;

    public PrivilegeScopeTests() => _machine = Machines.Samples() with { Advapi32 = _token };

    [Fact]
    public void Enabled_by_the_first_and_put_back_by_the_last()
    {
        _token.Held[PrivilegeScope.Backup] = false;
        var first = PrivilegeScope.Enable(_machine, PrivilegeScope.Backup);
        var second = PrivilegeScope.Enable(_machine, PrivilegeScope.Backup);
        Assert.True(_token.Held[PrivilegeScope.Backup]);
        first.Dispose();
        first.Dispose();
        Assert.True(_token.Held[PrivilegeScope.Backup]);
        second.Dispose();
        Assert.False(_token.Held[PrivilegeScope.Backup]);
    }

    [Fact]
    public void What_was_enabled_stays_enabled()
    {
        _token.Held[PrivilegeScope.Backup] = true;
        PrivilegeScope.Enable(_machine, PrivilegeScope.Backup).Dispose();
        Assert.True(_token.Held[PrivilegeScope.Backup]);
    }

    [Fact]
    public void The_error_names_the_missing_one_and_gives_back_the_others()
    {
        _token.Held[PrivilegeScope.Backup] = false;
        HcsException e = Assert.Throws<HcsException>(() => PrivilegeScope.Enable(_machine, PrivilegeScope.Backup, PrivilegeScope.Restore));
        Assert.Contains("Could not enable privilege \"SeRestorePrivilege\"", e.Message, StringComparison.Ordinal);
        Assert.Equal(0x80070514u, e.Code);
        Assert.Contains("elevated", e.Hint, StringComparison.Ordinal);
        Assert.False(_token.Held[PrivilegeScope.Backup]);
    }

    [Fact]
    public void A_machine_without_a_token_needs_none() =>
        PrivilegeScope.Enable(Machines.Samples(), PrivilegeScope.Backup, PrivilegeScope.Restore).Dispose();
}
