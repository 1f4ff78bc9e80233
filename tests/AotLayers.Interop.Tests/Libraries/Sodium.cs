using System.Runtime.InteropServices;
using System.Text;

namespace AotLayers.Interop.Tests;

/// <summary>Hashes and secret boxes of libsodium: sizes that the ABI fixes, a state in memory of the caller.</summary>
[NativeApi("sodium", Library, Success = SuccessRule.Zero)]
internal static partial class Sodium
{
    private const string Library = "libsodium.so.23";

    [SuccessWhen(SuccessRule.NonNegative)]
    [LibraryImport(Library, EntryPoint = "sodium_init")]
    internal static partial int Init();

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, EntryPoint = "crypto_generichash_primitive")]
    [return: LibraryText]
    internal static partial nint HashName();

    [LibraryImport(Library, EntryPoint = "crypto_generichash")]
    internal static partial int Hash(
        [Buffer(Written = nameof(size))] Span<byte> hash,
        nuint size,
        [Buffer(Length = nameof(count))] ReadOnlySpan<byte> data,
        ulong count,
        [Reserved] nint key,
        [Reserved] nuint keySize);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, EntryPoint = "crypto_generichash_statebytes")]
    internal static partial nuint StateSize();

    [LibraryImport(Library, EntryPoint = "crypto_generichash_init")]
    internal static partial int HashInit(
        [Buffer(Count = 384), Direction(Direction.Out)] Span<byte> state,
        [Reserved] nint key,
        [Reserved] nuint keySize,
        nuint size);

    [LibraryImport(Library, EntryPoint = "crypto_generichash_update")]
    internal static partial int HashUpdate(
        [Buffer(Count = 384), Direction(Direction.InOut)] Span<byte> state,
        [Buffer(Length = nameof(count))] ReadOnlySpan<byte> data,
        ulong count);

    [LibraryImport(Library, EntryPoint = "crypto_generichash_final")]
    internal static partial int HashFinal(
        [Buffer(Count = 384), Direction(Direction.InOut)] Span<byte> state,
        [Buffer(Written = nameof(size))] Span<byte> hash,
        nuint size);

    /// <summary>Encrypts texts of 131 bytes; the box is 16 bytes longer.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_secretbox_easy")]
    internal static partial int Seal(
        [Buffer(Count = 147)] Span<byte> box,
        [Buffer(Length = nameof(count))] ReadOnlySpan<byte> text,
        ulong count,
        [Buffer(Count = 24)] ReadOnlySpan<byte> nonce,
        [Buffer(Count = 32)] ReadOnlySpan<byte> key);

    /// <summary>Decrypts; -1 when somebody changed the box.</summary>
    [LibraryImport(Library, EntryPoint = "crypto_secretbox_open_easy")]
    internal static partial int Open(
        [Buffer(Count = 131)] Span<byte> text,
        [Buffer(Length = nameof(count))] ReadOnlySpan<byte> box,
        ulong count,
        [Buffer(Count = 24)] ReadOnlySpan<byte> nonce,
        [Buffer(Count = 32)] ReadOnlySpan<byte> key);
}

/// <summary>A digest of RFC 7693, whole and in pieces, and a box of NaCl's own test vectors, opened and tampered with.</summary>
internal static class SodiumProgram
{
    private const string Abc =
        "BA80A53F981C4D0D6A2797B69F12F6E94C212F14685AC4B74B12BB6FDBFFA2D17D87C5392AAB792DC252D5DE4533CC9518D38AA8DBF1925AB92386EDD4009923";

    private static readonly byte[] s_key = Convert.FromHexString("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");
    private static readonly byte[] s_nonce = Convert.FromHexString("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");

    private static readonly byte[] s_text = Convert.FromHexString(
        "be075fc53c81f2d5cf141316ebeb0c7b5228c52a4c62cbd44b66849b64244ffce5ecbaaf33bd751a1ac728d45e6c61296cdc3c01233561f41db66cce314adb31"
        + "0e3be8250c46f06dceea3a7fa1348057e2f6556ad6b1318a024a838f21af1fde048977eb48f59ffd4924ca1c60902e52f0a089bc76897040e082f93776384864"
        + "5e0705");

    private static readonly byte[] s_box = Convert.FromHexString(
        "f3ffc7703f9400e52a7dfb4b3d3305d98e993b9f48681273c29650ba32fc76ce48332ea7164d96a4476fb8c531a1186ac0dfc17c98dce87b4da7f011ec48c972"
        + "71d2c20f9b928fe2270d6fb863d51738b48eeee314a7cc8ab932164548e526ae90224368517acfeabd6bb3732bc0e9da99832b61ca01b6de56244a9e88d5f9b3"
        + "7973f622a43d14a6599b1f654cb45a74e355a5");

    public static unsafe void Run(ISodium sodium)
    {
        Assert.Equal(1, sodium.Init());
        Assert.Equal("blake2b", Marshal.PtrToStringUTF8(sodium.HashName()));
        byte[] hash = new byte[64];
        Assert.Equal(0, sodium.Hash(hash, 64, "abc"u8, 3, 0, 0));
        Assert.Equal(Abc, Convert.ToHexString(hash));

        // The state is the caller's memory and wants to stand at a multiple of 64.
        Assert.Equal(384u, sodium.StateSize());
        byte* memory = (byte*)System.Runtime.InteropServices.NativeMemory.AlignedAlloc(384, 64);
        Span<byte> state = new(memory, 384);

        // The library leaves some of it as it is.
        state.Clear();
        Assert.Equal(0, sodium.HashInit(state, 0, 0, 64));
        Assert.Equal(0, sodium.HashUpdate(state, "a"u8, 1));
        Assert.Equal(0, sodium.HashUpdate(state, "bc"u8, 2));
        hash.AsSpan().Clear();
        Assert.Equal(0, sodium.HashFinal(state, hash, 64));
        System.Runtime.InteropServices.NativeMemory.AlignedFree(memory);
        Assert.Equal(Abc, Convert.ToHexString(hash));

        byte[] box = new byte[s_text.Length + 16];
        Assert.Equal(0, sodium.Seal(box, s_text, (ulong)s_text.Length, s_nonce, s_key));
        Assert.Equal(Convert.ToHexString(s_box), Convert.ToHexString(box));
        byte[] text = new byte[s_text.Length];
        Assert.Equal(0, sodium.Open(text, box, (ulong)box.Length, s_nonce, s_key));
        Assert.Equal(Convert.ToHexString(s_text), Convert.ToHexString(text));
        box[20] ^= 1;
        Assert.Equal(-1, sodium.Open(text, box, (ulong)box.Length, s_nonce, s_key));
    }
}
