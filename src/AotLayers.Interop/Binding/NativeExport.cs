namespace AotLayers.Interop;

/// <summary>One export of a native library: whether it is there is looked up once.</summary>
public sealed class NativeExport
{
    private const int Unknown = -1;

    private readonly NativeLibraryBinding _binding;
    private volatile int _status = Unknown;
    private volatile bool _required;

    internal NativeExport(NativeLibraryBinding binding, string name)
    {
        _binding = binding;
        Name = name;
    }

    /// <summary>Name of the export.</summary>
    public string Name { get; }

    /// <summary>Tells whether the export can be called.</summary>
    public ExportStatus Probe()
    {
        if (_status == Unknown)
        {
            _status = (int)_binding.Look(Name);
        }

        return (ExportStatus)_status;
    }

    /// <summary>To be called before the P/Invoke: returns when the export is there.</summary>
    /// <exception cref="MissingLibraryException">The library could not be loaded.</exception>
    /// <exception cref="MissingExportException">The library does not have the export.</exception>
    public void Require()
    {
        if (_required)
        {
            return;
        }

        MissingExportException.ThrowUnlessPresent(Probe(), _binding.ChosenPath ?? _binding.Library, Name);
        _binding.MarkUsed();
        _required = true;
    }

    internal void Forget() => _status = Unknown;
}
