using System.Reflection;
using System.Runtime.InteropServices;

namespace AotLayers.Interop;

/// <summary>
/// Which file a native library is loaded from, and which of its exports are there. The choice is process-wide because a P/Invoke binds
/// once. A missing library and a missing export are told apart by asking the loader, never by catching what a P/Invoke throws
/// (docs/decisions/optional-exports.md).
/// </summary>
public sealed class NativeLibraryBinding
{
    private static readonly Lock s_lock = new();
    private static readonly Dictionary<Assembly, Dictionary<string, NativeLibraryBinding>> s_bindings = [];

    private readonly Assembly _assembly;
    private readonly DllImportSearchPath? _searchPath;
    private readonly Dictionary<string, NativeExport> _exports = new(StringComparer.Ordinal);
    private string? _chosenPath;
    private nint _handle;
    private bool _loadTried;
    private bool _used;

    private NativeLibraryBinding(Assembly assembly, string library, DllImportSearchPath? searchPath)
    {
        _assembly = assembly;
        Library = library;
        _searchPath = searchPath;
    }

    /// <summary>The library as the declarations name it.</summary>
    public string Library { get; }

    /// <summary>The file chosen by <see cref="UseLibrary"/>, or null.</summary>
    public string? ChosenPath => _chosenPath;

    /// <summary>The binding of a library for the declarations of an assembly; the same object every time.</summary>
    /// <param name="assembly">The assembly that holds the <c>[LibraryImport]</c> methods.</param>
    /// <param name="library">The library as these methods name it.</param>
    /// <param name="searchPath">Where it is searched; null for what a plain <c>[LibraryImport]</c> does: beside the program, then where
    /// the system looks.</param>
    /// <exception cref="InvalidOperationException">The assembly has set a <see cref="NativeLibrary"/> resolver of its own.</exception>
    public static NativeLibraryBinding For(Assembly assembly, string library, DllImportSearchPath? searchPath = null)
    {
        lock (s_lock)
        {
            if (!s_bindings.TryGetValue(assembly, out Dictionary<string, NativeLibraryBinding>? libraries))
            {
                libraries = new Dictionary<string, NativeLibraryBinding>(StringComparer.Ordinal);
                s_bindings.Add(assembly, libraries);
                NativeLibrary.SetDllImportResolver(assembly, Resolve);
            }

            if (!libraries.TryGetValue(library, out NativeLibraryBinding? binding))
            {
                binding = new NativeLibraryBinding(assembly, library, searchPath);
                libraries.Add(library, binding);
            }

            return binding;
        }
    }

    /// <summary>Chooses the file that the library is loaded from, before the first call.</summary>
    /// <exception cref="MissingLibraryException">The file does not load.</exception>
    /// <exception cref="InvalidOperationException">Another file is already bound, or the library is linked into the program.</exception>
    public void UseLibrary(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        string full = Path.GetFullPath(path);
        lock (s_lock)
        {
            if (_chosenPath == full)
            {
                return;
            }

            if (_chosenPath is not null)
            {
                throw new InvalidOperationException(
                    $"{Library} is already bound to {_chosenPath}; one process binds one library, so {full} needs another process.");
            }

            if (LinkedLibraries.Has(Library))
            {
                throw new InvalidOperationException($"{Library} is linked into the program (DirectPInvoke); no file can be chosen for it.");
            }

            if (_used)
            {
                throw new InvalidOperationException($"{Library} has already been called; choose the library before the first call.");
            }

            nint handle;
            try
            {
                handle = NativeLibrary.Load(full);
            }
            catch (Exception e) when (e is DllNotFoundException or BadImageFormatException)
            {
                throw new MissingLibraryException(full, e.Message, e);
            }

            _handle = handle;
            _loadTried = true;
            _chosenPath = full;
            foreach (NativeExport export in _exports.Values)
            {
                export.Forget();
            }
        }
    }

    /// <summary>The named export, for a generated binding to keep; the same object every time.</summary>
    public NativeExport Export(string name)
    {
        lock (s_lock)
        {
            if (!_exports.TryGetValue(name, out NativeExport? export))
            {
                export = new NativeExport(this, name);
                _exports.Add(name, export);
            }

            return export;
        }
    }

    /// <summary>Tells whether an export can be called.</summary>
    public ExportStatus Probe(string export) => Export(export).Probe();

    internal ExportStatus Look(string export)
    {
        lock (s_lock)
        {
            return LinkedLibraries.Has(Library, export) ? ExportStatus.Present
                : Load() == 0 ? ExportStatus.LibraryMissing
                : NativeLibrary.TryGetExport(_handle, export, out _) ? ExportStatus.Present
                : ExportStatus.ExportMissing;
        }
    }

    internal void MarkUsed()
    {
        lock (s_lock)
        {
            _used = true;
        }
    }

    private static nint Resolve(string library, Assembly assembly, DllImportSearchPath? searchPath)
    {
        lock (s_lock)
        {
            return s_bindings.TryGetValue(assembly, out Dictionary<string, NativeLibraryBinding>? libraries)
                && libraries.TryGetValue(library, out NativeLibraryBinding? binding)
                    ? binding.Load()
                    // Zero lets the runtime search as if there were no resolver.
                    : 0;
        }
    }

    private nint Load()
    {
        if (!_loadTried)
        {
            _loadTried = true;
            if (!NativeLibrary.TryLoad(Library, _assembly, _searchPath, out _handle))
            {
                _handle = 0;
            }
        }

        return _handle;
    }
}
