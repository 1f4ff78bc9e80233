namespace AotLayers.Formats;

/// <summary>Tokens of the conditions in callback entries ([MS-DTYP] 2.4.4.17): their codes, and how SDDL spells the operators.</summary>
internal static class ConditionToken
{
    public const byte Padding = 0;
    public const byte Int8 = 0x01;
    public const byte Int64 = 0x04;
    public const byte Text = 0x10;
    public const byte Octets = 0x18;
    public const byte Composite = 0x50;
    public const byte SidLiteral = 0x51;
    public const byte Equal = 0x80;
    public const byte NotEqual = 0x81;
    public const byte Less = 0x82;
    public const byte LessOrEqual = 0x83;
    public const byte Greater = 0x84;
    public const byte GreaterOrEqual = 0x85;
    public const byte Contains = 0x86;
    public const byte Exists = 0x87;
    public const byte AnyOf = 0x88;
    public const byte NotExists = 0x8D;
    public const byte NotContains = 0x8E;
    public const byte NotAnyOf = 0x8F;
    public const byte And = 0xA0;
    public const byte Or = 0xA1;
    public const byte Not = 0xA2;
    public const byte LocalAttribute = 0xF8;
    public const byte UserAttribute = 0xF9;
    public const byte ResourceAttribute = 0xFA;
    public const byte DeviceAttribute = 0xFB;

    /// <summary>Sign of an integer literal, as it was spelled.</summary>
    public const byte SignPlus = 1;
    public const byte SignMinus = 2;
    public const byte SignNone = 3;

    /// <summary>Radix of an integer literal, as it was spelled.</summary>
    public const byte Octal = 1;
    public const byte Decimal = 2;
    public const byte Hexadecimal = 3;

    /// <summary>Deepest nesting that is accepted. Windows itself compiles no deeper ones that anybody would write.</summary>
    public const int MaxDepth = 300;

    /// <summary>Operators before a SID or a list of SIDs, as Windows spells them; read without regard to case.</summary>
    public static readonly (string Name, byte Code)[] Membership =
    [
        ("Member_of", 0x89), ("Device_Member_of", 0x8A), ("Member_of_any", 0x8B), ("Device_Member_of_any", 0x8C),
        ("Not_Member_of", 0x90), ("Not_Device_Member_of", 0x91), ("Not_Member_of_any", 0x92), ("Not_Device_Member_of_any", 0x93),
    ];

    public static readonly (string Name, byte Code)[] Existence = [("Exists", Exists), ("Not_Exists", NotExists)];

    /// <summary>Operators between an attribute and a value; longer ones first where one begins like another.</summary>
    public static readonly (string Name, byte Code)[] Relations =
    [
        ("==", Equal), ("!=", NotEqual), ("<=", LessOrEqual), (">=", GreaterOrEqual), ("<", Less), (">", Greater),
        ("Contains", Contains), ("Any_of", AnyOf), ("Not_Contains", NotContains), ("Not_Any_of", NotAnyOf),
    ];

    public static readonly (string Name, byte Code)[] Attributes =
        [("@USER.", UserAttribute), ("@RESOURCE.", ResourceAttribute), ("@DEVICE.", DeviceAttribute)];

    /// <summary>What a condition starts with.</summary>
    public static ReadOnlySpan<byte> Signature => "artx"u8;

    public static bool TryFind((string Name, byte Code)[] table, ReadOnlySpan<char> name, out byte code)
    {
        foreach ((string known, byte value) in table)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                code = value;
                return true;
            }
        }

        code = 0;
        return false;
    }

    public static string? NameOf((string Name, byte Code)[] table, byte code)
    {
        foreach ((string known, byte value) in table)
        {
            if (value == code)
            {
                return known;
            }
        }

        return null;
    }

    /// <summary>Whether a character may be in the name of an attribute without a prefix, and in a word.</summary>
    public static bool IsWordCharacter(char c) => char.IsAsciiLetterOrDigit(c) || c is ':' or '.' or '/' or '_';
}
