using System.Diagnostics.CodeAnalysis;

namespace AotLayers.Formats;

/// <summary>The abbreviations of SDDL: well-known SIDs, rights, ACE types and flags.</summary>
internal static class SddlNames
{
    /// <summary>Bits of an access mask, ascending: the order in which Windows lists them.</summary>
    public static readonly (string Name, uint Mask)[] RightBits =
    [
        ("CC", 0x1), ("DC", 0x2), ("LC", 0x4), ("SW", 0x8), ("RP", 0x10), ("WP", 0x20), ("DT", 0x40), ("LO", 0x80), ("CR", 0x100),
        ("SD", 0x10000), ("RC", 0x20000), ("WD", 0x40000), ("WO", 0x80000),
        ("GA", 0x10000000), ("GX", 0x20000000), ("GW", 0x40000000), ("GR", 0x80000000),
    ];

    /// <summary>Whole access masks with a name; the first of equal ones is written.</summary>
    public static readonly (string Name, uint Mask)[] WholeRights =
    [
        ("FA", 0x1F01FF), ("FR", 0x120089), ("FW", 0x120116), ("FX", 0x1200A0),
        ("KA", 0xF003F), ("KR", 0x20019), ("KW", 0x20006), ("KX", 0x20019),
    ];

    /// <summary>Bits of the access mask of a mandatory label.</summary>
    public static readonly (string Name, uint Mask)[] LabelBits = [("NW", 0x1), ("NR", 0x2), ("NX", 0x4)];

    /// <summary>Flags of an entry. SA of audit entries and TP of access filters are the same bit.</summary>
    public static readonly (string Name, uint Mask)[] AceFlags =
    [
        ("OI", 0x1), ("CI", 0x2), ("NP", 0x4), ("IO", 0x8), ("ID", 0x10), ("CR", 0x20), ("SA", 0x40), ("FA", 0x80),
    ];

    /// <summary>The bit that is called SA in audit entries.</summary>
    public static readonly (string Name, uint Mask)[] FilterFlags = [("TP", 0x40)];

    /// <summary>Types that an access list may have.</summary>
    public static readonly (string Name, uint Mask)[] DaclTypes =
    [
        ("A", AceType.Allow), ("D", AceType.Deny), ("OA", AceType.ObjectAllow), ("OD", AceType.ObjectDeny),
        ("XA", AceType.CallbackAllow), ("XD", AceType.CallbackDeny), ("ZA", AceType.CallbackObjectAllow),
    ];

    /// <summary>Types that an audit list may have.</summary>
    public static readonly (string Name, uint Mask)[] SaclTypes =
    [
        ("AU", AceType.Audit), ("AL", AceType.Alarm), ("OU", AceType.ObjectAudit), ("OL", AceType.ObjectAlarm),
        ("XU", AceType.CallbackAudit),
        ("ML", AceType.MandatoryLabel), ("RA", AceType.ResourceAttribute), ("SP", AceType.ScopedPolicy), ("TL", AceType.ProcessTrustLabel),
        ("FL", AceType.AccessFilter),
    ];

    /// <summary>SIDs that depend on a machine (LA, LG), a domain or a forest: the number that follows its SID.</summary>
    public static readonly (string Name, uint Mask)[] DomainSids =
    [
        ("LA", 500), ("LG", 501), ("DA", 512), ("DU", 513), ("DG", 514), ("DC", 515), ("DD", 516), ("CA", 517), ("SA", 518), ("EA", 519),
        ("PA", 520), ("CN", 522), ("AP", 525), ("KA", 526), ("EK", 527), ("RO", 498), ("RS", 553),
    ];

    /// <summary>SIDs that are the same on every machine.</summary>
    public static readonly (string Name, Sid Sid)[] Sids =
    [
        ("WD", Sid.Create(1, 0)), ("CO", Sid.Create(3, 0)), ("CG", Sid.Create(3, 1)), ("OW", Sid.Create(3, 4)),
        ("NU", Sid.Create(5, 2)), ("IU", Sid.Create(5, 4)), ("SU", Sid.Create(5, 6)), ("AN", Sid.Create(5, 7)),
        ("ED", Sid.Create(5, 9)), ("PS", Sid.Create(5, 10)), ("AU", Sid.Create(5, 11)), ("RC", Sid.Create(5, 12)),
        ("SY", Sid.Create(5, 18)), ("LS", Sid.Create(5, 19)), ("NS", Sid.Create(5, 20)), ("WR", Sid.Create(5, 33)),
        ("BA", Sid.Create(5, 32, 544)), ("BU", Sid.Create(5, 32, 545)), ("BG", Sid.Create(5, 32, 546)), ("PU", Sid.Create(5, 32, 547)),
        ("AO", Sid.Create(5, 32, 548)), ("SO", Sid.Create(5, 32, 549)), ("PO", Sid.Create(5, 32, 550)), ("BO", Sid.Create(5, 32, 551)),
        ("RE", Sid.Create(5, 32, 552)), ("RU", Sid.Create(5, 32, 554)), ("RD", Sid.Create(5, 32, 555)), ("NO", Sid.Create(5, 32, 556)),
        ("MU", Sid.Create(5, 32, 558)), ("LU", Sid.Create(5, 32, 559)), ("IS", Sid.Create(5, 32, 568)), ("CY", Sid.Create(5, 32, 569)),
        ("ER", Sid.Create(5, 32, 573)), ("CD", Sid.Create(5, 32, 574)), ("RA", Sid.Create(5, 32, 575)), ("ES", Sid.Create(5, 32, 576)),
        ("MS", Sid.Create(5, 32, 577)), ("HA", Sid.Create(5, 32, 578)), ("AA", Sid.Create(5, 32, 579)), ("RM", Sid.Create(5, 32, 580)),
        ("HO", Sid.Create(5, 32, 584)),
        ("UD", Sid.Create(5, 84, 0, 0, 0, 0, 0)), ("AC", Sid.Create(15, 2, 1)),
        ("LW", Sid.Create(16, 4096)), ("ME", Sid.Create(16, 8192)), ("MP", Sid.Create(16, 8448)),
        ("HI", Sid.Create(16, 12288)), ("SI", Sid.Create(16, 16384)),
        ("AS", Sid.Create(18, 1)), ("SS", Sid.Create(18, 2)),
    ];

    public static string NameOf(Sid sid)
    {
        foreach ((string name, Sid known) in Sids)
        {
            if (known.Equals(sid))
            {
                return name;
            }
        }

        return sid.ToString();
    }

    public static bool TryFindSid(ReadOnlySpan<char> name, [NotNullWhen(true)] out Sid? sid)
    {
        foreach ((string known, Sid value) in Sids)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                sid = value;
                return true;
            }
        }

        sid = null;
        return false;
    }

    public static bool TryFind((string Name, uint Mask)[] table, ReadOnlySpan<char> name, out uint mask)
    {
        foreach ((string known, uint value) in table)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                mask = value;
                return true;
            }
        }

        mask = 0;
        return false;
    }
}
