using System.Buffers.Binary;
using AotLayers.Hcs;

namespace AotLayers;

/// <summary>Reads the process's token (docs/windows/host.md#tokens).</summary>
internal static class AccountExamination
{
    private const nint ThisProcess = -1;
    private const uint TokenQuery = 0x8;
    private const int ClassPrivileges = 3;
    private const int ClassElevationType = 18;
    private const int ClassElevation = 20;
    private const uint LimitedToken = 3;
    private const uint PrivilegeEnabled = 2;
    private const int PrivilegeSize = 12;

    /// <summary>More than a token with every privilege of Windows takes.</summary>
    private const int RoomForPrivileges = 4096;

    /// <summary>S-1-5-32-544.</summary>
    private static readonly byte[] s_administrators = [1, 2, 0, 0, 0, 0, 0, 5, 32, 0, 0, 0, 32, 2, 0, 0];

    public static DoctorAccount Run(WindowsHost host)
    {
        if (host.Advapi32.OpenProcessToken(ThisProcess, TokenQuery, out nint token) == 0)
        {
            return Failed("OpenProcessToken");
        }

        try
        {
            byte[] number = new byte[4];
            if (host.Advapi32.GetTokenInformation(token, ClassElevation, number, (uint)number.Length, out _) == 0)
            {
                return Failed("GetTokenInformation");
            }

            bool elevated = BinaryPrimitives.ReadUInt32LittleEndian(number) != 0;
            if (host.Advapi32.GetTokenInformation(token, ClassElevationType, number, (uint)number.Length, out _) == 0)
            {
                return Failed("GetTokenInformation");
            }

            bool filtered = BinaryPrimitives.ReadUInt32LittleEndian(number) == LimitedToken;
            byte[] privileges = new byte[RoomForPrivileges];
            if (host.Advapi32.GetTokenInformation(token, ClassPrivileges, privileges, (uint)privileges.Length, out uint written) == 0)
            {
                return Failed("GetTokenInformation");
            }

            return host.Advapi32.CheckTokenMembership(0, s_administrators, out int administrator) == 0
                ? Failed("CheckTokenMembership")
                : new DoctorAccount
                {
                    Elevated = elevated,
                    Filtered = filtered,
                    Administrator = administrator != 0,
                    Privileges = Privileges(host.Advapi32, privileges.AsSpan(0, (int)Math.Min(written, RoomForPrivileges))),
                };
        }
        finally
        {
            host.Kernel32.CloseHandle(token);
        }
    }

    private static List<DoctorPrivilege> Privileges(IAdvapi32 advapi32, ReadOnlySpan<byte> held)
    {
        var list = new List<DoctorPrivilege>();
        Add(list, advapi32, held, PrivilegeScope.Backup, "reading, writing and removing layers");
        Add(list, advapi32, held, PrivilegeScope.Restore, "writing and removing layers");
        Add(list, advapi32, held, "SeManageVolumePrivilege", "mounting layers, making base layers, growing disks");
        Add(list, advapi32, held, "SeSecurityPrivilege", "writing layers with audit rules");
        return list;
    }

    private static void Add(List<DoctorPrivilege> list, IAdvapi32 advapi32, ReadOnlySpan<byte> held, string name, string purpose)
    {
        uint? attributes = advapi32.LookupPrivilegeValueW(null, name, out Luid id) == 0 ? null : Find(held, id);
        list.Add(new DoctorPrivilege
        {
            Name = name,
            Purpose = purpose,
            Held = attributes is not null,
            Enabled = (attributes & PrivilegeEnabled) == PrivilegeEnabled,
        });
    }

    /// <summary>Attributes of a privilege in TOKEN_PRIVILEGES; null when it is not there.</summary>
    private static uint? Find(ReadOnlySpan<byte> privileges, Luid id)
    {
        for (int at = 4; at + PrivilegeSize <= privileges.Length; at += PrivilegeSize)
        {
            if (BinaryPrimitives.ReadUInt32LittleEndian(privileges[at..]) == id.Low
                && BinaryPrimitives.ReadInt32LittleEndian(privileges[(at + 4)..]) == id.High)
            {
                return BinaryPrimitives.ReadUInt32LittleEndian(privileges[(at + 8)..]);
            }
        }

        return null;
    }

    private static DoctorAccount Failed(string call) =>
        new() { Problem = HcsException.FromWin32(call, Win32Error.Last).Message };
}
