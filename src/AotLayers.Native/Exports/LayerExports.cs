using System.Globalization;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using AotLayers.App;
using AotLayers.Formats;

namespace AotLayers.Native;

/// <summary>
/// Exported functions that do one thing with a layer of a machine. Options are those of aotl_layer_create; results as JSON are those of
/// the command of the same name.
/// </summary>
[CSection(5, "Layers of a machine")]
public static unsafe class LayerExports
{
    /// <summary>
    /// Makes a container's scratch layer on its parents (CreateSandboxLayer). After a failure nothing is left of it.
    /// </summary>
    /// <param name="layer">Path of the layer's folder, or with "home" its bare id.</param>
    /// <param name="optionsJson">
    /// NULL, or a JSON object. A key that is not known is an error that names it.
    /// <para>- "hcs": which Host Compute Service, as in aotl_open; "native" by default</para>
    /// <para>- "parents": array of paths, nearest first, base layer last; aotl_layer_create and aotl_layer_mount need them</para>
    /// <para>- "home", "flavour", "record", "recordData", "replayOrder": as in aotl_open</para>
    /// </param>
    /// <param name="size">Size of its disk in bytes; 0 leaves what Windows gives it.</param>
    /// <param name="steps">Called after each native call; NULL for none.</param>
    /// <param name="user">Passed to steps.</param>
    /// <returns>AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_layer_create", CallConvs = [typeof(CallConvCdecl)])]
    public static int Create(
        byte* layer,
        byte* optionsJson,
        ulong size,
        [CType("aotl_step_callback")] delegate* unmanaged[Cdecl]<void*, AotlStep*, int> steps,
        void* user) =>
        Run(layer, optionsJson, () => LifecycleVerb.Create(size == 0 ? null : size), steps, user);

    /// <summary>
    /// Mounts a layer (ActivateLayer, PrepareLayer), up to five times while Windows says that the device is not ready. The result as JSON
    /// has the "mountPath"; aotl_layer_mount_path copies it.
    /// </summary>
    /// <param name="layer">Path of the layer's folder, or with "home" its bare id.</param>
    /// <param name="optionsJson">As in aotl_layer_create.</param>
    /// <param name="steps">Called after each native call; NULL for none.</param>
    /// <param name="user">Passed to steps.</param>
    /// <returns>AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_layer_mount", CallConvs = [typeof(CallConvCdecl)])]
    public static int Mount(
        byte* layer,
        byte* optionsJson,
        [CType("aotl_step_callback")] delegate* unmanaged[Cdecl]<void*, AotlStep*, int> steps,
        void* user) =>
        Run(layer, optionsJson, static () => LifecycleVerb.Mount, steps, user);

    /// <summary>Where a layer is mounted (GetLayerMountPath).</summary>
    /// <param name="layer">Path of the layer's folder, or with "home" its bare id.</param>
    /// <param name="optionsJson">As in aotl_layer_create.</param>
    /// <param name="buffer">Gets the path and a NUL; may be NULL when capacity is 0.</param>
    /// <param name="capacity">Size of the buffer in bytes.</param>
    /// <param name="length">Gets the length of the path in bytes, without the NUL; may be NULL.</param>
    /// <returns>AOTL_OK, or what failed; AOTL_E_INSUFFICIENT_BUFFER when the path and its NUL do not fit: length says what is
    /// needed.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_layer_mount_path", CallConvs = [typeof(CallConvCdecl)])]
    public static int GetMountPath(byte* layer, byte* optionsJson, [CType("char *")] byte* buffer, nuint capacity, nuint* length)
    {
        try
        {
            byte[] path = Wtf8.GetBytes(Do(layer, optionsJson, LifecycleVerb.MountPath, new StepReporter(null, null)).Text);
            if (length is not null)
            {
                *length = (nuint)path.Length;
            }

            if (capacity <= (nuint)path.Length)
            {
                throw new NativeCallException(
                    ResultCodes.InsufficientBuffer,
                    string.Create(CultureInfo.InvariantCulture, $"the path takes {path.Length + 1} bytes; buffer has {capacity}"));
            }

            NativeCallException.ThrowIfNull(buffer, "buffer");
            path.CopyTo(new Span<byte>(buffer, path.Length));
            buffer[path.Length] = 0;
            return ResultCodes.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    /// <summary>Unmounts a layer (UnprepareLayer, DeactivateLayer).</summary>
    /// <param name="layer">Path of the layer's folder, or with "home" its bare id.</param>
    /// <param name="optionsJson">As in aotl_layer_create.</param>
    /// <param name="steps">Called after each native call; NULL for none.</param>
    /// <param name="user">Passed to steps.</param>
    /// <returns>AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_layer_unmount", CallConvs = [typeof(CallConvCdecl)])]
    public static int Unmount(
        byte* layer,
        byte* optionsJson,
        [CType("aotl_step_callback")] delegate* unmanaged[Cdecl]<void*, AotlStep*, int> steps,
        void* user) =>
        Run(layer, optionsJson, static () => LifecycleVerb.Unmount, steps, user);

    /// <summary>
    /// Removes a layer and its folder for ever (DestroyLayer), up to three times while something holds it, and makes sure that it has
    /// gone.
    /// </summary>
    /// <param name="layer">Path of the layer's folder, or with "home" its bare id.</param>
    /// <param name="optionsJson">As in aotl_layer_create, and "api" as in aotl_open.</param>
    /// <param name="force">Not 0: also a folder that does not look like a layer.</param>
    /// <param name="steps">Called after each native call; NULL for none.</param>
    /// <param name="user">Passed to steps.</param>
    /// <returns>AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_layer_remove", CallConvs = [typeof(CallConvCdecl)])]
    public static int Remove(
        byte* layer,
        byte* optionsJson,
        int force,
        [CType("aotl_step_callback")] delegate* unmanaged[Cdecl]<void*, AotlStep*, int> steps,
        void* user) =>
        Run(layer, optionsJson, () => LifecycleVerb.Remove(force != 0), steps, user, JsonOptions.ApiKeys);

    /// <summary>Sets the size of a scratch layer's disk, which cannot shrink (ExpandSandboxSize).</summary>
    /// <param name="layer">Path of the layer's folder, or with "home" its bare id.</param>
    /// <param name="optionsJson">As in aotl_layer_create.</param>
    /// <param name="size">The new size in bytes.</param>
    /// <param name="steps">Called after each native call; NULL for none.</param>
    /// <param name="user">Passed to steps.</param>
    /// <returns>AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_layer_expand", CallConvs = [typeof(CallConvCdecl)])]
    public static int Expand(
        byte* layer,
        byte* optionsJson,
        ulong size,
        [CType("aotl_step_callback")] delegate* unmanaged[Cdecl]<void*, AotlStep*, int> steps,
        void* user) =>
        Run(
            layer,
            optionsJson,
            () => size > 0 ? LifecycleVerb.Expand(size) : throw new NativeCallException(ResultCodes.InvalidArgument, "size is 0"),
            steps,
            user);

    /// <summary>Tells whether a layer is there (LayerExists; with the api "computestorage", its folder).</summary>
    /// <param name="layer">Path of the layer's folder, or with "home" its bare id.</param>
    /// <param name="optionsJson">As in aotl_layer_create, and "api" as in aotl_open.</param>
    /// <param name="exists">Gets 1 or 0.</param>
    /// <returns>AOTL_OK, or what failed.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_layer_exists", CallConvs = [typeof(CallConvCdecl)])]
    public static int Exists(byte* layer, byte* optionsJson, int* exists)
    {
        try
        {
            NativeCallException.ThrowIfNull(exists, "exists");
            LifecycleOutcome outcome = Do(layer, optionsJson, LifecycleVerb.Exists, new StepReporter(null, null), JsonOptions.ApiKeys);
            *exists = outcome.Answer == true ? 1 : 0;
            return ResultCodes.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    /// <summary>
    /// Finishes a folder with Files as a base layer (ProcessBaseImage), and its utility VM (ProcessUtilityImage).
    /// </summary>
    /// <param name="layer">Path of the layer's folder, or with "home" its bare id.</param>
    /// <param name="optionsJson">As in aotl_layer_create.</param>
    /// <param name="steps">Called after each native call; NULL for none.</param>
    /// <param name="user">Passed to steps.</param>
    /// <returns>AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_layer_make_base", CallConvs = [typeof(CallConvCdecl)])]
    public static int MakeBase(
        byte* layer,
        byte* optionsJson,
        [CType("aotl_step_callback")] delegate* unmanaged[Cdecl]<void*, AotlStep*, int> steps,
        void* user) =>
        Run(layer, optionsJson, static () => LifecycleVerb.MakeBase, steps, user);

    /// <summary>Lets a virtual machine open a layer's disk, or another file (GrantVmAccess).</summary>
    /// <param name="layer">Path of the layer's folder, or with "home" its bare id.</param>
    /// <param name="optionsJson">As in aotl_layer_create.</param>
    /// <param name="vmId">Id of the virtual machine.</param>
    /// <param name="file">The file; NULL for the layer's sandbox.vhdx.</param>
    /// <param name="steps">Called after each native call; NULL for none.</param>
    /// <param name="user">Passed to steps.</param>
    /// <returns>AOTL_OK, or what failed; AOTL_E_CANCELLED when steps asked to stop.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_layer_grant_vm", CallConvs = [typeof(CallConvCdecl)])]
    public static int GrantVm(
        byte* layer,
        byte* optionsJson,
        byte* vmId,
        byte* file,
        [CType("aotl_step_callback")] delegate* unmanaged[Cdecl]<void*, AotlStep*, int> steps,
        void* user) =>
        Run(
            layer,
            optionsJson,
            () => LifecycleVerb.GrantVm(NativeString.Read(vmId, "vm_id"), NativeString.ReadOptional(file, "file")),
            steps,
            user);

    /// <summary>Lists the base images of a machine (GetBaseImages). aotl_last_result_json() has them, as "baseImages".</summary>
    /// <param name="optionsJson">As in aotl_layer_create; of these, "hcs", "record", "recordData" and "replayOrder" have an effect.</param>
    /// <returns>AOTL_OK, or what failed.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_layer_list", CallConvs = [typeof(CallConvCdecl)])]
    public static int List(byte* optionsJson)
    {
        try
        {
            LifecycleTask.List(
                Requests.ReadMachine(null, optionsJson, JsonOptions.HcsKeys), images => LastError.SetResult(images.WriteMembers));
            return ResultCodes.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    /// <summary>
    /// Tells what a machine has of what layers need, and what would work on it, without changing anything: libraries and exports, rights,
    /// volumes, filters, a layer's folder. aotl_last_result_json() has it, as "aotlayers doctor --json" prints it.
    /// </summary>
    /// <param name="layer">Path of a layer's folder to look at as well; NULL for none.</param>
    /// <param name="optionsJson">As in aotl_layer_create.</param>
    /// <returns>AOTL_OK, or what failed. A machine without anything is no failure.</returns>
    [UnmanagedCallersOnly(EntryPoint = "aotl_doctor", CallConvs = [typeof(CallConvCdecl)])]
    public static int Examine(byte* layer, byte* optionsJson)
    {
        try
        {
            DoctorTask.Run(Requests.ReadMachine(layer, optionsJson), result => LastError.SetResult(result.WriteMembers));
            return ResultCodes.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    private static int Run(
        byte* layer,
        byte* optionsJson,
        Func<LifecycleVerb> verb,
        delegate* unmanaged[Cdecl]<void*, AotlStep*, int> steps,
        void* user,
        string keys = JsonOptions.MachineKeys)
    {
        try
        {
            Do(layer, optionsJson, verb(), new StepReporter(steps, user), keys);
            return ResultCodes.Ok;
        }
        catch (Exception e)
        {
            return LastError.Set(e);
        }
    }

    /// <summary>Does a verb, and keeps its result. The reporter is disposed of.</summary>
    private static LifecycleOutcome Do(
        byte* layer, byte* optionsJson, LifecycleVerb verb, StepReporter reporter, string keys = JsonOptions.MachineKeys)
    {
        using (reporter)
        {
            NativeCallException.ThrowIfNull(layer, "layer");
            LayerRequest request = Requests.ReadMachine(layer, optionsJson, keys);
            try
            {
                LifecycleOutcome? outcome = null;
                LifecycleTask.Run(
                    request,
                    verb,
                    reporter.Report,
                    result =>
                    {
                        outcome = result.Outcome;
                        LastError.SetResult(result.WriteMembers);
                    },
                    reporter.Token);
                return outcome!;
            }
            catch (OperationCanceledException)
            {
                throw new NativeCallException(
                    ResultCodes.Cancelled,
                    $"what was to be done with {request.Source} was stopped by the callback, and taken back");
            }
        }
    }
}
