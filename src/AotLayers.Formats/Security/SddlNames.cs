namespace AotLayers.Formats;

/// <summary>The abbreviations of SDDL: well-known SIDs, rights, ACE types and flags.</summary>
internal static class SddlNames
{
    public const byte MandatoryLabelAce = 0x11;

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

    public static readonly (string Name, uint Mask)[] AceFlags =
    [
        ("OI", 0x1), ("CI", 0x2), ("NP", 0x4), ("IO", 0x8), ("ID", 0x10), ("CR", 0x20), ("SA", 0x40), ("FA", 0x80),
    ];

    public static readonly (string Name, uint Mask)[] AceTypes =
    [
        ("A", 0), ("D", 1), ("AU", 2), ("AL", 3), ("OA", 5), ("OD", 6), ("OU", 7), ("OL", 8),
        ("XA", 9), ("XD", 0xA), ("ZA", 0xB), ("XU", 0xD), ("ML", MandatoryLabelAce), ("RA", 0x12), ("SP", 0x13),
    ];

    /// <summary>SIDs that are the same on every machine. LA, LG, DA and the like depend on a machine or domain and are not among them.</summary>
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
        ("UD", Sid.Create(5, 84, 0, 0, 0, 0, 0)), ("AC", Sid.Create(15, 2, 1)),
        ("LW", Sid.Create(16, 4096)), ("ME", Sid.Create(16, 8192)), ("MP", Sid.Create(16, 8448)), ("HI", Sid.Create(16, 12288)), ("SI", Sid.Create(16, 16384)),
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
