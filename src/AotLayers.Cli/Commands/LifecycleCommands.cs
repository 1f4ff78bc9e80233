using System.CommandLine;
using AotLayers.App;
using AotLayers.Cli.Options;

namespace AotLayers.Cli.Commands;

/// <summary>The verbs of a layer's life, one command each: <c>create</c>, <c>mount</c>, <c>unmount</c>, <c>remove</c> and so on.</summary>
/// <param name="interrupted">Cancelled when the user wants the command to end.</param>
internal sealed class LifecycleCommands(CancellationToken interrupted)
{
    /// <summary>Makes the commands.</summary>
    public IEnumerable<Command> Create()
    {
        yield return CreateVerb();
        yield return Make("mount", "Mount a layer (ActivateLayer, PrepareLayer) and print where it is.", static _ => LifecycleVerb.Mount);
        yield return Make("unmount", "Unmount a layer (UnprepareLayer, DeactivateLayer).", static _ => LifecycleVerb.Unmount);
        yield return RemoveVerb();
        yield return ExpandVerb();
        yield return Make(
            "exists", "Tell whether a layer is there: status 0 when it is, 3 when not.", static _ => LifecycleVerb.Exists, api: true);
        yield return Make(
            "make-base",
            "Finish a folder with Files as a base layer (ProcessBaseImage, ProcessUtilityImage).",
            static _ => LifecycleVerb.MakeBase);
        yield return GrantVmVerb();
    }

    private Command CreateVerb()
    {
        var size =
            new Option<string?>("--size") { Description = "Size of the layer's disk, such as 40GB. It can grow later.", HelpName = "SIZE" };
        Command command = Make(
            "create",
            "Make a scratch layer on its parents (CreateSandboxLayer).",
            parsed => LifecycleVerb.Create(parsed.GetValue(size) is { } text ? ByteSize.Parse(text, "--size") : null));
        command.Add(size);
        return command;
    }

    private Command RemoveVerb()
    {
        var force = new Option<bool>("--force") { Description = "Also a folder that does not look like a layer." };
        Command command = Make(
            "remove",
            "Remove a layer and its folder for ever (DestroyLayer), and make sure that it has gone.",
            parsed => LifecycleVerb.Remove(parsed.GetValue(force)),
            api: true);
        command.Add(force);
        return command;
    }

    private Command ExpandVerb()
    {
        var size = new Argument<string>("SIZE") { Description = "The new size, such as 40GB; a disk cannot shrink." };
        Command command = Make(
            "expand",
            "Set the size of a scratch layer's disk (ExpandSandboxSize).",
            parsed => LifecycleVerb.Expand(ByteSize.Parse(parsed.GetRequiredValue(size), "SIZE")));
        command.Add(size);
        return command;
    }

    private Command GrantVmVerb()
    {
        var vm = new Argument<string>("VM") { Description = "Id of the virtual machine." };
        var file = new Option<string?>("--file") { Description = "The file; the layer's sandbox.vhdx by default.", HelpName = "PATH" };
        Command command = Make(
            "grant-vm",
            "Let a virtual machine open a layer's disk (GrantVmAccess).",
            parsed => LifecycleVerb.GrantVm(parsed.GetRequiredValue(vm), parsed.GetValue(file)));
        command.Add(vm);
        command.Add(file);
        return command;
    }

    private Command Make(string name, string description, Func<ParseResult, LifecycleVerb> verb, bool api = false) =>
        LifecycleCommand.Create(name, description, verb, api, interrupted);
}
