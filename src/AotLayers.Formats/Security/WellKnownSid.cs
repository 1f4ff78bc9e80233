namespace AotLayers.Formats;

/// <summary>Names of SIDs that mean the same everywhere, as Windows shows them.</summary>
public static class WellKnownSid
{
    private static readonly Dictionary<string, string> s_names = new(StringComparer.Ordinal)
    {
        ["S-1-0-0"] = "NULL SID",
        ["S-1-1-0"] = "Everyone",
        ["S-1-2-0"] = "LOCAL",
        ["S-1-2-1"] = "CONSOLE LOGON",
        ["S-1-3-0"] = "CREATOR OWNER",
        ["S-1-3-1"] = "CREATOR GROUP",
        ["S-1-3-4"] = "OWNER RIGHTS",
        ["S-1-5-1"] = @"NT AUTHORITY\DIALUP",
        ["S-1-5-2"] = @"NT AUTHORITY\NETWORK",
        ["S-1-5-3"] = @"NT AUTHORITY\BATCH",
        ["S-1-5-4"] = @"NT AUTHORITY\INTERACTIVE",
        ["S-1-5-6"] = @"NT AUTHORITY\SERVICE",
        ["S-1-5-7"] = @"NT AUTHORITY\ANONYMOUS LOGON",
        ["S-1-5-9"] = @"NT AUTHORITY\ENTERPRISE DOMAIN CONTROLLERS",
        ["S-1-5-10"] = @"NT AUTHORITY\SELF",
        ["S-1-5-11"] = @"NT AUTHORITY\Authenticated Users",
        ["S-1-5-12"] = @"NT AUTHORITY\RESTRICTED",
        ["S-1-5-13"] = @"NT AUTHORITY\TERMINAL SERVER USER",
        ["S-1-5-14"] = @"NT AUTHORITY\REMOTE INTERACTIVE LOGON",
        ["S-1-5-17"] = @"NT AUTHORITY\IUSR",
        ["S-1-5-18"] = @"NT AUTHORITY\SYSTEM",
        ["S-1-5-19"] = @"NT AUTHORITY\LOCAL SERVICE",
        ["S-1-5-20"] = @"NT AUTHORITY\NETWORK SERVICE",
        ["S-1-5-32-544"] = @"BUILTIN\Administrators",
        ["S-1-5-32-545"] = @"BUILTIN\Users",
        ["S-1-5-32-546"] = @"BUILTIN\Guests",
        ["S-1-5-32-547"] = @"BUILTIN\Power Users",
        ["S-1-5-32-551"] = @"BUILTIN\Backup Operators",
        ["S-1-5-32-552"] = @"BUILTIN\Replicator",
        ["S-1-5-32-555"] = @"BUILTIN\Remote Desktop Users",
        ["S-1-5-32-556"] = @"BUILTIN\Network Configuration Operators",
        ["S-1-5-32-558"] = @"BUILTIN\Performance Monitor Users",
        ["S-1-5-32-559"] = @"BUILTIN\Performance Log Users",
        ["S-1-5-32-568"] = @"BUILTIN\IIS_IUSRS",
        ["S-1-5-32-569"] = @"BUILTIN\Cryptographic Operators",
        ["S-1-5-32-573"] = @"BUILTIN\Event Log Readers",
        ["S-1-5-32-574"] = @"BUILTIN\Certificate Service DCOM Access",
        ["S-1-5-32-578"] = @"BUILTIN\Hyper-V Administrators",
        ["S-1-5-32-579"] = @"BUILTIN\Access Control Assistance Operators",
        ["S-1-5-32-580"] = @"BUILTIN\Remote Management Users",
        ["S-1-5-33"] = @"NT AUTHORITY\WRITE RESTRICTED",
        ["S-1-5-80-0"] = @"NT SERVICE\ALL SERVICES",
        ["S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464"] = @"NT SERVICE\TrustedInstaller",
        ["S-1-5-83-0"] = @"NT VIRTUAL MACHINE\Virtual Machines",
        ["S-1-5-84-0-0-0-0-0"] = "User mode drivers",
        ["S-1-5-93-2-1"] = @"User Manager\ContainerAdministrator",
        ["S-1-5-93-2-2"] = @"User Manager\ContainerUser",
        ["S-1-5-113"] = @"NT AUTHORITY\Local account",
        ["S-1-5-114"] = @"NT AUTHORITY\Local account and member of Administrators group",
        ["S-1-15-2-1"] = @"APPLICATION PACKAGE AUTHORITY\ALL APPLICATION PACKAGES",
        ["S-1-15-2-2"] = @"APPLICATION PACKAGE AUTHORITY\ALL RESTRICTED APPLICATION PACKAGES",
        ["S-1-16-0"] = @"Mandatory Label\Untrusted Mandatory Level",
        ["S-1-16-4096"] = @"Mandatory Label\Low Mandatory Level",
        ["S-1-16-8192"] = @"Mandatory Label\Medium Mandatory Level",
        ["S-1-16-8448"] = @"Mandatory Label\Medium Plus Mandatory Level",
        ["S-1-16-12288"] = @"Mandatory Label\High Mandatory Level",
        ["S-1-16-16384"] = @"Mandatory Label\System Mandatory Level",
        ["S-1-18-1"] = "Authentication authority asserted identity",
        ["S-1-18-2"] = "Service asserted identity",
    };

    private static readonly Dictionary<uint, string> s_accounts = new()
    {
        [500] = "Administrator",
        [501] = "Guest",
        [502] = "krbtgt",
        [503] = "DefaultAccount",
        [504] = "WDAGUtilityAccount",
        [512] = "Domain Admins",
        [513] = "Domain Users",
        [514] = "Domain Guests",
        [515] = "Domain Computers",
        [516] = "Domain Controllers",
        [517] = "Cert Publishers",
        [518] = "Schema Admins",
        [519] = "Enterprise Admins",
        [520] = "Group Policy Creator Owners",
    };

    /// <summary>The name of a SID; of an account of some machine or domain its role there.</summary>
    /// <param name="sid">The SID.</param>
    /// <returns>The name, null when it has none that is the same everywhere.</returns>
    public static string? NameOf(Sid sid)
    {
        ArgumentNullException.ThrowIfNull(sid);
        if (s_names.TryGetValue(sid.ToString(), out string? name))
        {
            return name;
        }

        return sid.Authority == 5 && sid.SubAuthorityCount == 5 && sid.SubAuthority(0) == 21
            && s_accounts.TryGetValue(sid.SubAuthority(4), out string? account)
            ? account + " of a machine or domain"
            : null;
    }

    /// <summary>Name and number, or the number alone.</summary>
    public static string Describe(Sid sid) => NameOf(sid) is { } name ? $"{name} ({sid})" : sid.ToString();
}
