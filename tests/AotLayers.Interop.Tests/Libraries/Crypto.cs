using System.Runtime.InteropServices;
using System.Text;

namespace AotLayers.Interop.Tests;

/// <summary>Digests and ciphers of OpenSSL's EVP.</summary>
[NativeApi("openssl", "libcrypto.so.3", Success = SuccessRule.NonZero)]
internal static partial class Crypto
{
    private const string Library = "libcrypto.so.3";

    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_new")]
    [return: Handle("digest", HandleUse.Produced)]
    internal static partial nint NewDigest();

    [LibraryImport(Library, EntryPoint = "EVP_sha256")]
    [return: Handle("algorithm", HandleUse.Borrowed)]
    internal static partial nint Sha256();

    [LibraryImport(Library, EntryPoint = "EVP_DigestInit_ex")]
    internal static partial int DigestInit(
        [Handle("digest", HandleUse.Used)] nint context, [Handle("algorithm", HandleUse.Used)] nint type, [Reserved] nint engine);

    [LibraryImport(Library, EntryPoint = "EVP_DigestUpdate")]
    internal static partial int DigestUpdate(
        [Handle("digest", HandleUse.Used)] nint context, [Buffer(Length = nameof(count))] ReadOnlySpan<byte> data, nuint count);

    [LibraryImport(Library, EntryPoint = "EVP_DigestFinal_ex")]
    internal static partial int DigestFinal(
        [Handle("digest", HandleUse.Used)] nint context, [Buffer(Written = nameof(size), Count = 32)] Span<byte> digest, out uint size);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, EntryPoint = "EVP_MD_CTX_free")]
    internal static partial void FreeDigest([Handle("digest", HandleUse.Consumed)] nint context);

    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_new")]
    [return: Handle("cipher", HandleUse.Produced)]
    internal static partial nint NewCipher();

    [LibraryImport(Library, EntryPoint = "EVP_aes_128_cbc")]
    [return: Handle("algorithm", HandleUse.Borrowed)]
    internal static partial nint Aes128Cbc();

    [LibraryImport(Library, EntryPoint = "EVP_EncryptInit_ex")]
    internal static partial int EncryptInit(
        [Handle("cipher", HandleUse.Used)] nint context,
        [Handle("algorithm", HandleUse.Used)] nint type,
        [Reserved] nint engine,
        [Buffer(Count = 16)] ReadOnlySpan<byte> key,
        [Buffer(Count = 16)] ReadOnlySpan<byte> iv);

    [LibraryImport(Library, EntryPoint = "EVP_EncryptUpdate")]
    internal static partial int EncryptUpdate(
        [Handle("cipher", HandleUse.Used)] nint context,
        [Buffer(Written = nameof(written))] Span<byte> output,
        out int written,
        [Buffer(Length = nameof(count))] ReadOnlySpan<byte> input,
        int count);

    [LibraryImport(Library, EntryPoint = "EVP_EncryptFinal_ex")]
    internal static partial int EncryptFinal(
        [Handle("cipher", HandleUse.Used)] nint context,
        [Buffer(Written = nameof(written), Count = 16)] Span<byte> output,
        out int written);

    [SuccessWhen(SuccessRule.Always)]
    [LibraryImport(Library, EntryPoint = "EVP_CIPHER_CTX_free")]
    internal static partial void FreeCipher([Handle("cipher", HandleUse.Consumed)] nint context);
}

/// <summary>
/// A known digest and a known ciphertext (FIPS 180-2 B.1, NIST SP 800-38A F.2.1). .NET itself loads this library for the hashes of a
/// recording, so that no process can show its absence: what is shown is that the committed recording answers.
/// </summary>
public sealed class CryptoDigests
{
    [Fact]
    public void Live_and_from_the_recording()
    {
        CallRecording recording = Roundtrip.Record(static r => Run(new RecordingCrypto(new NativeCrypto(), r)));
        Roundtrip.Replay(recording, static r => Run(new ReplayingCrypto(r)));
        Roundtrip.Commit(recording, "openssl");
    }

    [Fact]
    public void Committed_recording_answers()
    {
        string path = Path.Combine(AppContext.BaseDirectory, "recordings", "libraries", "openssl.json");
        using FileStream file = File.OpenRead(path);
        Roundtrip.Replay(CallRecording.Load(file, path), static r => Run(new ReplayingCrypto(r)));
    }

    private static void Run(ICrypto crypto)
    {
        nint context = crypto.NewDigest();
        byte[] digest = new byte[32];
        Assert.Equal(1, crypto.DigestInit(context, crypto.Sha256(), 0));
        Assert.Equal(1, crypto.DigestUpdate(context, Encoding.ASCII.GetBytes("abc"), 3));
        Assert.Equal(1, crypto.DigestFinal(context, digest, out uint size));
        Assert.Equal(32u, size);
        Assert.Equal("BA7816BF8F01CFEA414140DE5DAE2223B00361A396177A9CB410FF61F20015AD", Convert.ToHexString(digest));
        crypto.FreeDigest(context);

        nint cipher = crypto.NewCipher();
        byte[] key = Convert.FromHexString("2B7E151628AED2A6ABF7158809CF4F3C");
        byte[] iv = Convert.FromHexString("000102030405060708090A0B0C0D0E0F");
        byte[] block = Convert.FromHexString("6BC1BEE22E409F96E93D7E117393172A");
        byte[] output = new byte[32];
        Assert.Equal(1, crypto.EncryptInit(cipher, crypto.Aes128Cbc(), 0, key, iv));
        Assert.Equal(1, crypto.EncryptUpdate(cipher, output, out int written, block, 16));
        Assert.Equal(1, crypto.EncryptFinal(cipher, output.AsSpan(written), out int last));
        Assert.Equal((16, 16), (written, last));
        Assert.Equal("7649ABAC8119B246CEE98E9B12E9197D", Convert.ToHexString(output, 0, 16));
        crypto.FreeCipher(cipher);
    }
}
