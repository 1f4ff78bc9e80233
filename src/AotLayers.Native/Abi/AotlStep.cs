using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;

namespace AotLayers.Native;

/// <summary>A native call that a function for layers made, and what came of it.</summary>
[CName("aotl_step")]
[StructLayout(LayoutKind.Sequential)]
public unsafe struct AotlStep
{
    /// <summary>sizeof(aotl_step) of the library: fields beyond it are not there.</summary>
    public uint StructSize;

    /// <summary>1, or which repetition of the call it was.</summary>
    public uint Attempt;

    /// <summary>What the call returned, as HRESULT.</summary>
    public int Code;

    /// <summary>0; reserved.</summary>
    public uint Reserved;

    /// <summary>The call, for example "PrepareLayer"; valid during the callback. Never NULL.</summary>
    [CType("const char *")]
    public byte* Call;

    /// <summary>What is done next, where that is not the next call: a repetition, or taking back; "" otherwise. Never NULL.</summary>
    [CType("const char *")]
    public byte* Remark;
}

/// <summary>
/// Called on the thread that called a function for layers, after each native call. It may call other functions of the library. It must
/// return: no longjmp and no C++ exception may leave it.
/// </summary>
/// <param name="user">What the function was given.</param>
/// <param name="step">The call; valid during the callback.</param>
/// <returns>
/// 0 to go on; anything else stops the function before its next call: it takes back what it did and returns AOTL_E_CANCELLED. After the
/// last call it is too late: the function is done.
/// </returns>
[CName("aotl_step_callback")]
[SuppressMessage("Naming", "CA1711", Justification = "The name in the header.")]
public unsafe delegate int StepCallback(void* user, [CType("const aotl_step *")] AotlStep* step);
