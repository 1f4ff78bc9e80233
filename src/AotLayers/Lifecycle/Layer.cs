using AotLayers.Hcs;

namespace AotLayers;

/// <summary>
/// A layer of a machine and what can be done with it, one method per verb. The methods repeat calls where Windows needs it and take back
/// what they did when a
/// later call fails; <see cref="LayerLifecycleOptions.Log"/> sees each call. Not thread-safe; two objects may be used at a time.
/// </summary>
/// <remarks>
/// Removing and importing need SeBackupPrivilege and SeRestorePrivilege (<see cref="PrivilegeScope"/>); most verbs need an elevated
/// administrator.
/// </remarks>
public sealed partial class Layer
{
    /// <summary>
    /// Held around PrepareLayer, wherever in this process it is called: two at a time make Windows time out
    /// (docs/compatibility.md#two-callers-at-once).
    /// </summary>
    internal static Lock PrepareLock { get; } = new();

    private readonly HcsMachine _machine;
    private readonly LayerLocation _location;
    private readonly LayerLifecycleOptions _options;
    private readonly CancellationToken _cancellationToken;

    /// <summary>Names a layer. No call is made.</summary>
    /// <param name="machine">The calls.</param>
    /// <param name="location">The layer; its parents where the verb needs them.</param>
    /// <param name="options">How the verbs work; null for the defaults.</param>
    /// <param name="cancellationToken">Stops between calls; what was done is taken back.</param>
    /// <exception cref="ArgumentException">A path is empty or holds U+0000.</exception>
    public Layer(
        HcsMachine machine,
        LayerLocation location,
        LayerLifecycleOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(machine);
        ArgumentNullException.ThrowIfNull(location);
        location.Validate();

        // With a separator at the end, Windows answers 0x80070057 or 0x8007007b.
        string id = location.Id.TrimEnd('\\', '/');
        _location = id.Length > 0 ? location with { Id = id } : location;
        _machine = machine;
        _options = options ?? new LayerLifecycleOptions();
        _cancellationToken = cancellationToken;
    }

    /// <summary>The layer.</summary>
    public LayerLocation Location => _location;

    private IVmcompute Vmcompute => _machine.Vmcompute;

    private LayerErrorContext Place => _location.ErrorContext;

    /// <summary>
    /// Tells whether the layer is there (LayerExists). computestorage has no such call: for it a layer is there when its folder is. One
    /// that an import makes, or was making when it was killed, is none yet (docs/formats/import-rules.md#killed-imports).
    /// </summary>
    /// <exception cref="LayerException">A call failed.</exception>
    public bool Exists() => HasAny() && !IsThere(LayerClaim.MarkOf(_location.Path));

    /// <summary>Whether there is a layer, whole or not.</summary>
    private bool HasAny()
    {
        if (_location.Api == StorageApi.Computestorage)
        {
            return IsThere(_location.Path);
        }

        DriverInfo driver = _location.Driver;
        Check("LayerExists", Vmcompute.LayerExists(in driver, _location.Id, out uint exists));
        return exists != 0;
    }

    /// <summary>
    /// Makes the layer as a container's scratch layer on its parents (CreateSandboxLayer): a <c>sandbox.vhdx</c>, with the layer's folder
    /// where that is missing.
    /// </summary>
    /// <param name="sizeBytes">Size of its disk; null leaves what Windows gives it (20 GB).</param>
    /// <exception cref="LayerException">There is no parent, or a call failed; nothing is left of the layer.</exception>
    public void Create(ulong? sizeBytes = null)
    {
        LayerDescriptor[] parents = Parents("a scratch layer");
        DriverInfo driver = _location.Driver;
        bool madeFolder = MakeFolder();
        bool created = false;
        try
        {
            _cancellationToken.ThrowIfCancellationRequested();
            Check("CreateSandboxLayer", Vmcompute.CreateSandboxLayer(in driver, _location.Id, null, parents, (uint)parents.Length));
            created = true;
            if (sizeBytes is { } size)
            {
                Expand(size);
            }
        }
        catch
        {
            if (created)
            {
                Note("DestroyLayer", Vmcompute.DestroyLayer(in driver, _location.Id), "what was made of the layer is removed");
            }

            if (madeFolder)
            {
                RemoveFolder();
            }

            throw;
        }
    }

    /// <summary>Sets the size of a scratch layer's disk, which cannot shrink (ExpandSandboxSize).</summary>
    /// <param name="sizeBytes">The new size in bytes.</param>
    /// <exception cref="LayerException">The call failed.</exception>
    public void Expand(ulong sizeBytes)
    {
        _cancellationToken.ThrowIfCancellationRequested();
        DriverInfo driver = _location.Driver;
        Check("ExpandSandboxSize", Vmcompute.ExpandSandboxSize(in driver, _location.Id, sizeBytes));
    }

    /// <summary>Lets a virtual machine open the files of the layer's folder that it runs from, or another file (GrantVmAccess).</summary>
    /// <param name="vmId">Id of the virtual machine.</param>
    /// <param name="filePath">The file; null for the layer's <c>sandbox.vhdx</c>.</param>
    /// <exception cref="LayerException">The call failed, or the machine does not have it.</exception>
    public void GrantVmAccess(string vmId, string? filePath = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(vmId);
        NativeText.Require(vmId, nameof(vmId));
        string file = NativeText.Require(filePath ?? _location.Path + @"\sandbox.vhdx", nameof(filePath));
        Check("GrantVmAccess", Vmcompute.GrantVmAccess(vmId, file));
    }

    /// <summary>The base images of the machine, as the JSON text that Windows gives (GetBaseImages).</summary>
    /// <param name="machine">The calls.</param>
    /// <exception cref="LayerException">The call failed.</exception>
    public static string GetBaseImages(HcsMachine machine)
    {
        ArgumentNullException.ThrowIfNull(machine);
        LayerErrors.Check("GetBaseImages", machine.Vmcompute.GetBaseImages(out string? json), new LayerErrorContext());
        return json ?? "";
    }

    private LayerDescriptor[] Parents(string what) => _location.Parents.Count > 0
        ? LayerErrors.DescribeParents(Vmcompute, _location)
        : throw new LayerException($"{what} needs at least one parent", Place);

    // Other tools make the folder first, too. Where that fails, CreateSandboxLayer says what is wrong.
    private bool MakeFolder()
    {
        string path = _location.Path;
        if (IsThere(path))
        {
            return false;
        }

        bool made = _machine.Kernel32.CreateDirectoryW(path, 0) != 0;
        Note("CreateDirectoryW", made ? 0 : HResult.FromWin32(Win32Error.Last), null);
        return made;
    }

    private void RemoveFolder() =>
        Note("RemoveDirectoryW", _machine.Kernel32.RemoveDirectoryW(_location.Path) != 0 ? 0 : HResult.FromWin32(Win32Error.Last), null);

    /// <summary>Logs a call and throws when it failed.</summary>
    private void Check(string call, int hr, int attempt = 1)
    {
        Note(call, hr, null, attempt);
        LayerErrors.Check(call, hr, Place);
    }

    private void Note(string call, int hr, string? remark, int attempt = 1) =>
        _options.Log?.Invoke(new LayerStep(call, _location.Path, attempt, (uint)hr, remark));

    private void Pause(TimeSpan delay)
    {
        if (_cancellationToken.WaitHandle.WaitOne(delay))
        {
            _cancellationToken.ThrowIfCancellationRequested();
        }
    }
}
