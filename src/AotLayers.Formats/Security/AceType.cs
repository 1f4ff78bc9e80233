namespace AotLayers.Formats;

/// <summary>Types of access control entries (*_ACE_TYPE of winnt.h), and what follows from a type.</summary>
public static class AceType
{
    /// <summary>ACCESS_ALLOWED_ACE_TYPE, SDDL A.</summary>
    public const byte Allow = 0;

    /// <summary>ACCESS_DENIED_ACE_TYPE, SDDL D.</summary>
    public const byte Deny = 1;

    /// <summary>SYSTEM_AUDIT_ACE_TYPE, SDDL AU.</summary>
    public const byte Audit = 2;

    /// <summary>SYSTEM_ALARM_ACE_TYPE, SDDL AL.</summary>
    public const byte Alarm = 3;

    /// <summary>ACCESS_ALLOWED_OBJECT_ACE_TYPE, SDDL OA.</summary>
    public const byte ObjectAllow = 5;

    /// <summary>ACCESS_DENIED_OBJECT_ACE_TYPE, SDDL OD.</summary>
    public const byte ObjectDeny = 6;

    /// <summary>SYSTEM_AUDIT_OBJECT_ACE_TYPE, SDDL OU.</summary>
    public const byte ObjectAudit = 7;

    /// <summary>SYSTEM_ALARM_OBJECT_ACE_TYPE, SDDL OL.</summary>
    public const byte ObjectAlarm = 8;

    /// <summary>ACCESS_ALLOWED_CALLBACK_ACE_TYPE, SDDL XA: holds under a condition.</summary>
    public const byte CallbackAllow = 9;

    /// <summary>ACCESS_DENIED_CALLBACK_ACE_TYPE, SDDL XD.</summary>
    public const byte CallbackDeny = 0xA;

    /// <summary>ACCESS_ALLOWED_CALLBACK_OBJECT_ACE_TYPE, SDDL ZA.</summary>
    public const byte CallbackObjectAllow = 0xB;

    /// <summary>ACCESS_DENIED_CALLBACK_OBJECT_ACE_TYPE; has no SDDL.</summary>
    public const byte CallbackObjectDeny = 0xC;

    /// <summary>SYSTEM_AUDIT_CALLBACK_ACE_TYPE, SDDL XU.</summary>
    public const byte CallbackAudit = 0xD;

    /// <summary>SYSTEM_ALARM_CALLBACK_ACE_TYPE; has no SDDL.</summary>
    public const byte CallbackAlarm = 0xE;

    /// <summary>SYSTEM_AUDIT_CALLBACK_OBJECT_ACE_TYPE; has no SDDL.</summary>
    public const byte CallbackObjectAudit = 0xF;

    /// <summary>SYSTEM_ALARM_CALLBACK_OBJECT_ACE_TYPE; has no SDDL.</summary>
    public const byte CallbackObjectAlarm = 0x10;

    /// <summary>SYSTEM_MANDATORY_LABEL_ACE_TYPE, SDDL ML.</summary>
    public const byte MandatoryLabel = 0x11;

    /// <summary>SYSTEM_RESOURCE_ATTRIBUTE_ACE_TYPE, SDDL RA.</summary>
    public const byte ResourceAttribute = 0x12;

    /// <summary>SYSTEM_SCOPED_POLICY_ID_ACE_TYPE, SDDL SP.</summary>
    public const byte ScopedPolicy = 0x13;

    /// <summary>SYSTEM_PROCESS_TRUST_LABEL_ACE_TYPE, SDDL TL.</summary>
    public const byte ProcessTrustLabel = 0x14;

    /// <summary>SYSTEM_ACCESS_FILTER_ACE_TYPE, SDDL FL.</summary>
    public const byte AccessFilter = 0x15;

    /// <summary>Whether the layout has object types. A list with such an entry has revision 4, any other one 2.</summary>
    public static bool HasObjectTypes(byte type) =>
        type is (>= ObjectAllow and <= ObjectAlarm)
            or CallbackObjectAllow or CallbackObjectDeny or CallbackObjectAudit or CallbackObjectAlarm;

    /// <summary>Whether the layout is known: a mask, perhaps object types, a SID.</summary>
    public static bool IsKnown(byte type) => type is <= Alarm or (>= ObjectAllow and <= AccessFilter);

    /// <summary>Whether a condition may follow the SID.</summary>
    public static bool HasCondition(byte type) => type is (>= CallbackAllow and <= CallbackObjectAlarm) or AccessFilter;
}
