using System.Runtime.InteropServices;
using AotLayers.Hcs;
using AotLayers.Interop;

namespace AotLayers.Shim;

/// <summary>
/// Puts the entry points before a library's own functions on Windows (docs/decisions/ring.md#inside-the-program): in its export address
/// table, which GetProcAddress reads, and in the import tables of what is linked with it. No code is changed. Libraries that are loaded
/// later are seen as they are loaded.
/// </summary>
internal static unsafe class Installer
{
    // An entry of the export table is 32 bits wide, from where the library lies: what it leads to has to lie above it, within 4 GiB.
    private const ulong Reach = 1UL << 32;
    private const ulong Granularity = 65536;
    private const int TrampolineSize = 16;

    private static readonly Lock s_lock = new();
    private static readonly Dictionary<string, nint> s_entries = new(StringComparer.Ordinal);

    /// <summary>
    /// Called by a thread that the recording process started here, before the program's own first one.
    /// </summary>
    /// <param name="settings">UTF-16: path of the shared memory, names of APIs, mode; a line each.</param>
    /// <returns>0, or what went wrong as an HRESULT.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotlayers_install")]
    private static uint Install(char* settings)
    {
        if (settings is null)
        {
            return unchecked((uint)NativeExportFailure.NullPointer);
        }

        try
        {
            string[] lines = new string(settings).Split('\n');
            int failure = ShimRecorder.Start(lines[0], lines[1]);
            if (failure != 0 || !OperatingSystem.IsWindows())
            {
                return unchecked((uint)failure);
            }

            // Before looking at what is there: nothing may come in between unseen.
            ProcessCalls.RegisterDllNotification(0, &OnModule, 0, out _);
            nint[] modules = Modules();
            foreach (nint module in modules)
            {
                PutBeforeExports(module, Path(module));
            }

            foreach (nint module in modules)
            {
                PutIntoImports(module);
            }

            return 0;
        }
#pragma warning disable CA1031 // Nothing leaves an entry point.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ShimLog.Write("recorder", e);
            return unchecked((uint)NativeExportFailure.HResult(e));
        }
    }

    [UnmanagedCallersOnly]
    private static void OnModule(uint reason, DllNotification* data, nint context)
    {
        if (reason != DllNotification.Loaded || data is null || data->BaseName is null)
        {
            return;
        }

        try
        {
            PutBeforeExports(data->Module, data->BaseName->Text);
            PutIntoImports(data->Module);
        }
#pragma warning disable CA1031 // The loader called; the program goes on without a recorder.
        catch (Exception e)
#pragma warning restore CA1031
        {
            ShimLog.Write("recorder", e);
        }
    }

    private static bool IsServed(string library) =>
        HcsExports.Apis.Any(api => ShimRecorder.IsChosen(api) && LibraryName.Equal(library, api.Library));

    private static void PutBeforeExports(nint module, string name)
    {
        if (!IsServed(name))
        {
            return;
        }

        LoadedImage image = new(module);
        if (!image.IsSupported)
        {
            return;
        }

        lock (s_lock)
        {
            List<NamedExport> exports = image.Exports();
            nint Lookup(string export)
            {
                int index = exports.FindIndex(e => e.Name == export);
                return index < 0 ? 0 : exports[index].IsForwarded
                    ? NativeLibrary.GetExport(module, export)
                    : module + (nint)(*exports[index].Address);
            }

            // All are looked up before the first is changed.
            List<(NamedExport Export, nint Entry)> changes = [];
            foreach (NamedExport export in exports)
            {
                if (ShimRecorder.Find(name, export.Name) is null)
                {
                    continue;
                }

                nint function = Lookup(export.Name);
                nint entry = ShimRecorder.Redirect(name, export.Name, function, Lookup);
                if (entry != function)
                {
                    changes.Add((export, entry));
                    s_entries[export.Name] = entry;
                }
            }

            if (changes.Count > 0)
            {
                Change(image, changes);
            }
        }
    }

    private static void Change(LoadedImage image, List<(NamedExport Export, nint Entry)> changes)
    {
        byte* page = (byte*)AllocateAbove(image, (nuint)(changes.Count * TrampolineSize));
        for (int i = 0; i < changes.Count; i++)
        {
            // mov rax, entry; jmp rax
            byte* trampoline = page + (i * TrampolineSize);
            *(ushort*)trampoline = 0xB848;
            *(nint*)(trampoline + 2) = changes[i].Entry;
            *(ushort*)(trampoline + 10) = 0xE0FF;
        }

        ProcessCalls.VirtualProtect((nint)page, (nuint)(changes.Count * TrampolineSize), ProcessCalls.ExecuteRead, out _);
        for (int i = 0; i < changes.Count; i++)
        {
            uint* address = changes[i].Export.Address;
            if (ProcessCalls.VirtualProtect((nint)address, sizeof(uint), ProcessCalls.ReadWrite, out uint old) != 0)
            {
                Volatile.Write(ref *address, (uint)((ulong)(page + (i * TrampolineSize)) - (ulong)image.Module));
                ProcessCalls.VirtualProtect((nint)address, sizeof(uint), old, out _);
            }
        }
    }

    private static nint AllocateAbove(LoadedImage image, nuint size)
    {
        ulong start = (ulong)image.Module;
        for (ulong at = (start + image.Size + Granularity - 1) & ~(Granularity - 1); at + size < start + Reach; at += Granularity)
        {
            nint page = ProcessCalls.VirtualAlloc((nint)at, size, ProcessCalls.CommitAndReserve, ProcessCalls.ReadWrite);
            if (page != 0)
            {
                return page;
            }
        }

        throw new InsufficientMemoryException("There is no room within 4 GiB above the library.");
    }

    private static void PutIntoImports(nint module)
    {
        LoadedImage image = new(module);
        if (!image.IsSupported)
        {
            return;
        }

        lock (s_lock)
        {
            foreach (NamedImport import in image.Imports(IsServed))
            {
                if (s_entries.TryGetValue(import.Name, out nint entry)
                    && ProcessCalls.VirtualProtect((nint)import.Address, (nuint)sizeof(nint), ProcessCalls.ReadWrite, out uint old) != 0)
                {
                    Volatile.Write(ref *import.Address, entry);
                    ProcessCalls.VirtualProtect((nint)import.Address, (nuint)sizeof(nint), old, out _);
                }
            }
        }
    }

    private static nint[] Modules()
    {
        nint[] modules = new nint[256];
        while (true)
        {
            fixed (nint* first = modules)
            {
                uint room = (uint)(modules.Length * sizeof(nint));
                if (ProcessCalls.EnumProcessModules(CurrentProcess, first, room, out uint needed) == 0)
                {
                    return [];
                }

                if (needed <= room)
                {
                    return modules[..(int)(needed / (uint)sizeof(nint))];
                }

                modules = new nint[(needed / (uint)sizeof(nint)) + 16];
            }
        }
    }

    private static string Path(nint module)
    {
        const int Most = 1024;
        char* path = stackalloc char[Most];
        return new string(path, 0, (int)ProcessCalls.GetModuleFileName(CurrentProcess, module, path, Most));
    }

    private static nint CurrentProcess => -1;
}
