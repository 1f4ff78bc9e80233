using AotLayers.Hcs;

namespace AotLayers.App;

/// <summary>
/// One thing that is done with a layer of a machine: the verbs of <see cref="Layer"/>, with the privileges that each needs and how its
/// result is told. The command line and the C interface have the same ones.
/// </summary>
public sealed class LifecycleVerb
{
    private readonly Func<Layer, LifecycleOutcome> _run;

    private LifecycleVerb(Func<Layer, LifecycleOutcome> run, params string[] privileges) => (_run, Privileges) = (run, privileges);

    /// <summary>Privileges that it needs of the process.</summary>
    public IReadOnlyList<string> Privileges { get; }

    /// <summary>Asks whether the layer is there.</summary>
    public static LifecycleVerb Exists { get; } = new(static layer =>
    {
        bool exists = layer.Exists();
        return new LifecycleOutcome
        {
            Text = exists ? "yes" : "no",
            WriteMembers = json => json.WriteBoolean("exists", exists),
            Answer = exists,
        };
    });

    /// <summary>Mounts the layer.</summary>
    public static LifecycleVerb Mount { get; } = new(static layer => Mounted(layer.Mount()));

    /// <summary>Asks where the layer is mounted.</summary>
    public static LifecycleVerb MountPath { get; } = new(static layer => Mounted(layer.GetMountPath()));

    /// <summary>Unmounts the layer.</summary>
    public static LifecycleVerb Unmount { get; } = new(static layer =>
    {
        layer.Unmount();
        return new LifecycleOutcome { Text = "unmounted " + layer.Location.Path };
    });

    /// <summary>Makes a base layer of the layer's folder.</summary>
    public static LifecycleVerb MakeBase { get; } = new(static layer =>
    {
        layer.MakeBase();
        return new LifecycleOutcome { Text = layer.Location.Path + " is a base layer" };
    });

    /// <summary>Makes the layer as a scratch layer.</summary>
    /// <param name="size">Size of its disk in bytes; null for what Windows gives it.</param>
    public static LifecycleVerb Create(ulong? size) => new(layer =>
    {
        layer.Create(size);
        return new LifecycleOutcome { Text = "created " + layer.Location.Path };
    });

    /// <summary>Removes the layer.</summary>
    /// <param name="force">Also a folder that does not look like a layer.</param>
    public static LifecycleVerb Remove(bool force) => new(
        layer =>
        {
            layer.Remove(force);
            return new LifecycleOutcome { Text = "removed " + layer.Location.Path };
        },
        PrivilegeScope.Backup,
        PrivilegeScope.Restore);

    /// <summary>Sets the size of the layer's disk.</summary>
    /// <param name="size">The size in bytes.</param>
    public static LifecycleVerb Expand(ulong size) => new(layer =>
    {
        layer.Expand(size);
        return new LifecycleOutcome { Text = "expanded " + layer.Location.Path, WriteMembers = json => json.WriteNumber("size", size) };
    });

    /// <summary>Lets a virtual machine open a file.</summary>
    /// <param name="vmId">The virtual machine.</param>
    /// <param name="file">The file; null for the layer's <c>sandbox.vhdx</c>.</param>
    public static LifecycleVerb GrantVm(string vmId, string? file) => new(layer =>
    {
        layer.GrantVmAccess(vmId, file);
        return new LifecycleOutcome { Text = "granted" };
    });

    /// <summary>Does it.</summary>
    internal LifecycleOutcome Run(Layer layer) => _run(layer);

    private static LifecycleOutcome Mounted(string path) =>
        new() { Text = path, WriteMembers = json => json.WriteString("mountPath", path) };
}
