using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Text;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Replay.Tests.Doctor;

/// <summary>A Windows that answers what a test wants to see told.</summary>
internal sealed class FakeHost
{
    /// <summary>Privileges of the token with their attributes.</summary>
    public Dictionary<string, uint> Privileges { get; } = [];

    public bool Elevated { get; set; } = true;

    /// <summary>1 the only token, 2 the full one, 3 the filtered one.</summary>
    public uint ElevationType { get; set; } = 2;

    public bool Administrator { get; set; } = true;

    public string FileSystem { get; set; } = "NTFS";

    public List<string> Filters { get; } = [];

    /// <summary>What FilterFindFirst answers.</summary>
    public int FiltersResult { get; set; }

    public string? Wine { get; set; }

    /// <summary>Tokens and listings that are open.</summary>
    public int Open { get; private set; }

    public WindowsHost Host => new()
    {
        Advapi32 = new Token(this),
        Kernel32 = new Files(this),
        Volumes = new Disks(this),
        Fltlib = new FilterList(this),
        Ntdll = new WineOrNot(this),
    };

    private static int Put(string text, Span<ushort> buffer)
    {
        text.AsSpan().CopyTo(MemoryMarshal.Cast<ushort, char>(buffer));
        buffer[text.Length] = 0;
        return 1;
    }

    private sealed class Token(FakeHost host) : UnsupportedAdvapi32
    {
        private readonly List<string> _names = [];

        public override int OpenProcessToken(nint process, uint access, out nint token)
        {
            host.Open++;
            token = 77;
            return process == -1 && access == 8 ? 1 : 0;
        }

        public override int LookupPrivilegeValueW(string? systemName, string name, out Luid id)
        {
            id = IdOf(name);
            return 1;
        }

        public override int GetTokenInformation(nint token, int infoClass, Span<byte> information, uint length, out uint written)
        {
            written = 4;
            switch (infoClass)
            {
                case 20:
                    BinaryPrimitives.WriteUInt32LittleEndian(information, host.Elevated ? 1u : 0);
                    return 1;
                case 18:
                    BinaryPrimitives.WriteUInt32LittleEndian(information, host.ElevationType);
                    return 1;
                case 3:
                    BinaryPrimitives.WriteInt32LittleEndian(information, host.Privileges.Count);
                    foreach ((string name, uint attributes) in host.Privileges)
                    {
                        BinaryPrimitives.WriteUInt32LittleEndian(information[(int)written..], IdOf(name).Low);
                        BinaryPrimitives.WriteInt32LittleEndian(information[((int)written + 4)..], IdOf(name).High);
                        BinaryPrimitives.WriteUInt32LittleEndian(information[((int)written + 8)..], attributes);
                        written += 12;
                    }

                    return 1;
                default:
                    return 0;
            }
        }

        public override int CheckTokenMembership(nint token, ReadOnlySpan<byte> sid, out int isMember)
        {
            // S-1-5-32-544, as whoami /groups prints the group's SID.
            isMember = Convert.ToHexString(sid) == "01020000000000052000000020020000" && host.Administrator ? 1 : 0;
            return 1;
        }

        public override int RegGetNumber(
            nint rootKey, string key, string value, uint flags, out uint type, out uint number, ref uint size)
        {
            (type, number) = (4, 4652);
            return value == "UBR" && rootKey == unchecked((int)0x80000002) && size == 4 ? 0 : 2;
        }

        private Luid IdOf(string name)
        {
            if (!_names.Contains(name))
            {
                _names.Add(name);
            }

            return new Luid { Low = 100 + (uint)_names.IndexOf(name), High = -1 };
        }
    }

    private sealed class Files(FakeHost host) : UnsupportedKernel32
    {
        public override int CloseHandle(nint handle)
        {
            host.Open--;
            return 1;
        }

        public override uint GetTempPathW(uint length, Span<ushort> buffer)
        {
            Put(@"C:\Temp\", buffer);
            return 8;
        }
    }

    private sealed class Disks(FakeHost host) : UnsupportedVolumes
    {
        public override int GetVolumePathNameW(string fileName, Span<ushort> volumePath, uint length) => Put(@"C:\", volumePath);

        public override int GetVolumeInformationW(
            string rootPath,
            Span<ushort> name,
            uint nameLength,
            out uint serial,
            out uint maxComponent,
            out uint flags,
            Span<ushort> fileSystem,
            uint fileSystemLength)
        {
            (serial, maxComponent, flags) = (1, 255, 0);
            return Put(host.FileSystem, fileSystem);
        }

        public override int GetDiskFreeSpaceExW(string folder, out ulong available, out ulong total, out ulong free)
        {
            (available, total, free) = (10UL << 30, 100UL << 30, 11UL << 30);
            return 1;
        }
    }

    private sealed class FilterList(FakeHost host) : UnsupportedFltlib
    {
        private int _next;

        public override ExportStatus Probe(string export) => ExportStatus.Present;

        public override int FilterFindFirst(int infoClass, Span<byte> buffer, uint length, out uint written, out nint find)
        {
            find = 5;
            written = 0;
            if (host.FiltersResult != 0)
            {
                return host.FiltersResult;
            }

            host.Open++;
            return FilterFindNext(find, infoClass, buffer, length, out written);
        }

        public override int FilterFindNext(nint find, int infoClass, Span<byte> buffer, uint length, out uint written)
        {
            written = 0;
            if (_next == host.Filters.Count)
            {
                return unchecked((int)0x80070103);
            }

            byte[] name = Encoding.Unicode.GetBytes(host.Filters[_next++]);
            BinaryPrimitives.WriteUInt16LittleEndian(buffer[12..], (ushort)name.Length);
            name.CopyTo(buffer[14..]);
            written = 14 + (uint)name.Length;
            return 0;
        }

        public override int FilterFindClose(nint find)
        {
            host.Open--;
            return 0;
        }
    }

    private sealed class WineOrNot(FakeHost host) : UnsupportedNtdll
    {
        public override ExportStatus Probe(string export) => host.Wine is null ? ExportStatus.ExportMissing : ExportStatus.Present;

        public override string? WineGetVersion() => host.Wine;
    }
}
