// Start-up code for Windows binaries that are linked on Linux.
//
// The NativeAOT runtime libraries for win-x64 are compiled by Microsoft's C++ compiler and expect the static part of
// its C runtime (libcmt, libvcruntime), which only comes with Visual Studio. Everything else they need is exported by
// ucrtbase.dll, a part of Windows since 10 and Server 2016. This file is that static part and nothing more: the entry
// point, initialisers, thread-local storage, the stack cookie and its checks, the stack probe, and operator new.
//
// Compiled by clang++ --target=x86_64-pc-windows-msvc (see WindowsCross.targets), with -DBUILDING_DLL for a DLL. Builds
// on Windows use Microsoft's linker and libraries and never see this file.

#include <cpuid.h>
#include <stddef.h>
#include <stdint.h>

#define IMPORT extern "C" __declspec(dllimport)

// kernel32. HANDLE is void*, DWORD and BOOL are 32 bits wide ("long" is on this target).
IMPORT void *GetStdHandle(unsigned long which);
IMPORT int WriteFile(void *file, const void *data, unsigned long size, unsigned long *written, void *overlapped);
IMPORT void OutputDebugStringA(const char *text);
IMPORT void GetSystemTimeAsFileTime(uint64_t *time);
IMPORT int QueryPerformanceCounter(uint64_t *count);
IMPORT unsigned long GetCurrentProcessId();
IMPORT unsigned long GetCurrentThreadId();

// ucrtbase
IMPORT void *malloc(size_t size);
IMPORT void free(void *block);

using Procedure = void (*)();
using Initialiser = int (*)();

// ---------------------------------------------------------------------------------------------------------------------
// Ending the process when its memory can no longer be trusted

namespace
{
// The codes of __fastfail in winnt.h.
constexpr unsigned FailStackCookie = 2;
constexpr unsigned FailFatalAppExit = 7;
constexpr unsigned FailRangeCheck = 8;

// Tells why on standard error and to a debugger, then ends the process by __fastfail: no handler, no unwinding and no
// destructor runs, because all of them would work on the damaged stack. Error reporting sees STATUS_STACK_BUFFER_OVERRUN
// (0xC0000409) with the code.
[[noreturn]] void fail(unsigned code, const char *message)
{
    constexpr unsigned long StandardError = static_cast<unsigned long>(-12);
    unsigned long length = 0;
    while (message[length] != '\0')
    {
        length++;
    }

    unsigned long written;
    WriteFile(GetStdHandle(StandardError), message, length, &written, nullptr);
    OutputDebugStringA(message);
    __asm__ volatile("int $0x29" : : "c"(code));
    __builtin_unreachable();
}
} // namespace

// ---------------------------------------------------------------------------------------------------------------------
// The stack cookie (/GS)

extern "C"
{
// The compiler's well-known start value. A value with 16 zero bits at the top cannot be written by a string overflow
// as a whole, so the random one has them too.
uintptr_t __security_cookie = 0x00002B992DDFA232;

[[noreturn]] void __report_gsfailure()
{
    fail(FailStackCookie, "fatal: the stack is damaged (a buffer on it was overrun); ending the process\n");
}

[[noreturn]] void __report_rangecheckfailure()
{
    fail(FailRangeCheck, "fatal: an index of native code is out of range; ending the process\n");
}

// Called at the end of functions with RCX = cookie found. It must leave every other register alone, the result of the
// caller in RAX and XMM0 above all, so it is not left to the compiler.
__attribute__((naked)) void __security_check_cookie(uintptr_t)
{
    __asm__("cmpq __security_cookie(%rip), %rcx\n\t"
            "jne 1f\n\t"
            "ret\n"
            "1:\n\t"
            "subq $40, %rsp\n\t"
            "call __report_gsfailure");
}

// The exception handler of functions that have a cookie: an exception must not leave a frame whose cookie is damaged,
// because the handlers found behind it would be the attacker's.
struct DispatcherContext
{
    uint64_t controlPc;
    uint64_t imageBase;
    const uint32_t *functionEntry; // begin, end, unwind information; all relative to imageBase
    uint64_t establisherFrame;
    uint64_t targetIp;
    void *contextRecord;
    void *languageHandler;
    const int32_t *handlerData;
};

int __GSHandlerCheck(void *, void *establisherFrame, void *, DispatcherContext *dispatcher)
{
    constexpr int ContinueSearch = 1;
    constexpr int32_t HasAlignment = 4;
    constexpr int32_t FlagBits = 7;

    const int32_t *data = dispatcher->handlerData;
    uintptr_t frame = reinterpret_cast<uintptr_t>(establisherFrame);
    uintptr_t base = frame;
    if (data[0] & HasAlignment)
    {
        base = (frame + data[1]) & -static_cast<intptr_t>(data[2]);
    }

    uintptr_t cookie = *reinterpret_cast<const uintptr_t *>(base + (data[0] & ~FlagBits));

    // The function mixed its frame register, or else its stack pointer, into the stored value. The frame register
    // points FrameOffset * 16 bytes above the establisher frame; that product is what the fourth byte's upper half reads as.
    auto *unwind = reinterpret_cast<const uint8_t *>(dispatcher->imageBase + dispatcher->functionEntry[2]);
    if ((unwind[3] & 0x0F) != 0)
    {
        frame += unwind[3] & 0xF0;
    }

    // Not by __security_check_cookie: clang 19 crashes on calls of that name.
    if ((cookie ^ frame) != __security_cookie)
    {
        __report_gsfailure();
    }

    return ContinueSearch;
}
}

namespace
{
// One step of the SplitMix64 generator: every input bit reaches every output bit.
uint64_t mix(uint64_t value)
{
    value += 0x9E3779B97F4A7C15;
    value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9;
    value = (value ^ (value >> 27)) * 0x94D049BB133111EB;
    return value ^ (value >> 31);
}

// The processor's random number generator, or 0 where it has none.
__attribute__((target("rdrnd"))) uint64_t hardware_random()
{
    unsigned eax, ebx, ecx, edx;
    unsigned long long value = 0;
    if (__get_cpuid(1, &eax, &ebx, &ecx, &edx) && (ecx & bit_RDRND) != 0)
    {
        // It may run dry for a moment; Intel's advice is to ask ten times.
        for (int attempt = 0; attempt < 10 && !__builtin_ia32_rdrand64_step(&value); attempt++)
        {
        }
    }

    return value;
}

// Replaces the start value. It runs under the loader lock in a DLL, so it keeps to the processor and kernel32: RtlGenRandom
// would load further DLLs there. The clocks, ids and (randomised) addresses alone are what Microsoft's runtime uses.
void make_security_cookie()
{
    uint64_t time = 0;
    uint64_t count = 0;
    GetSystemTimeAsFileTime(&time);
    QueryPerformanceCounter(&count);

    uint64_t value = mix(hardware_random());
    value = mix(value ^ time);
    value = mix(value ^ count);
    value = mix(value ^ GetCurrentProcessId());
    value = mix(value ^ (static_cast<uint64_t>(GetCurrentThreadId()) << 32));
    value = mix(value ^ reinterpret_cast<uintptr_t>(&value));
    value = mix(value ^ reinterpret_cast<uintptr_t>(&__security_cookie));
    value &= 0x0000FFFFFFFFFFFF;

    // Zero would equal zeroed memory.
    __security_cookie = value != 0 ? value : 0x0000A07A1A7E5EED;
}
} // namespace

// ---------------------------------------------------------------------------------------------------------------------
// Tables that the linker sorts by section name: the compiler puts pointers between the markers of a group

#pragma section(".CRT$XCA", long, read)
#pragma section(".CRT$XCZ", long, read)
#pragma section(".CRT$XDA", long, read)
#pragma section(".CRT$XDZ", long, read)
#pragma section(".CRT$XIA", long, read)
#pragma section(".CRT$XIZ", long, read)
#pragma section(".CRT$XLA", long, read)
#pragma section(".CRT$XLC", long, read)
#pragma section(".CRT$XLZ", long, read)
#pragma section(".rdata$T", long, read)
#pragma section(".tls", long, read, write)
#pragma section(".tls$ZZZ", long, read, write)

#define IN_SECTION(name) __declspec(allocate(name))

using TlsCallback = void (*)(void *module, unsigned long reason, void *reserved);

extern "C"
{
void __dyn_tls_init(void *module, unsigned long reason, void *reserved);

// XI: initialisers of C, which may fail. XC: constructors of C++. XD: constructors of thread-local variables.
// XL: what the loader calls when a thread comes or goes; the list ends with a null pointer.
IN_SECTION(".CRT$XIA") Initialiser __xi_a[] = {nullptr};
IN_SECTION(".CRT$XIZ") Initialiser __xi_z[] = {nullptr};
IN_SECTION(".CRT$XCA") Procedure __xc_a[] = {nullptr};
IN_SECTION(".CRT$XCZ") Procedure __xc_z[] = {nullptr};
IN_SECTION(".CRT$XDA") Procedure __xd_a[] = {nullptr};
IN_SECTION(".CRT$XDZ") Procedure __xd_z[] = {nullptr};
IN_SECTION(".CRT$XLA") TlsCallback __xl_a[] = {nullptr};
IN_SECTION(".CRT$XLC") TlsCallback __xl_c = __dyn_tls_init;
IN_SECTION(".CRT$XLZ") TlsCallback __xl_z[] = {nullptr};
}

namespace
{
// Volatile: the two markers are different objects to the compiler, which could otherwise conclude that a walk from one
// to the other never arrives. Gaps that the linker leaves are zero.
void call_all(Procedure *first, Procedure *last)
{
    for (Procedure volatile *entry = first; entry < last; entry++)
    {
        if (Procedure procedure = *entry)
        {
            procedure();
        }
    }
}

void initialise()
{
    for (Initialiser volatile *entry = __xi_a; entry < __xi_z; entry++)
    {
        Initialiser initialiser = *entry;
        if (initialiser != nullptr && initialiser() != 0)
        {
            fail(FailFatalAppExit, "fatal: an initialiser of the C runtime failed; ending the process\n");
        }
    }

    __dyn_tls_init(nullptr, 2, nullptr);
    call_all(__xc_a, __xc_z);
}
} // namespace

// ---------------------------------------------------------------------------------------------------------------------
// Thread-local storage

extern "C"
{
// IMAGE_TLS_DIRECTORY64. The linker puts the symbol of this name into the header of the image.
struct TlsDirectory
{
    char *start;
    char *end;
    unsigned *index;
    TlsCallback *callbacks;
    unsigned zeroFill;
    unsigned characteristics;
};

IN_SECTION(".tls") char _tls_start = 0;
IN_SECTION(".tls$ZZZ") char _tls_end = 0;
unsigned _tls_index = 0;
extern const TlsDirectory _tls_used;
IN_SECTION(".rdata$T")
const TlsDirectory _tls_used = {&_tls_start, &_tls_end, &_tls_index, __xl_a + 1, 0, 0};

// Set once the thread-local variables of a thread are constructed. The compiler reads it before it uses one.
__declspec(thread) bool __tls_guard = false;

void __dyn_tls_init(void *, unsigned long reason, void *)
{
    constexpr unsigned long ThreadAttach = 2;
    if (reason == ThreadAttach && !__tls_guard)
    {
        __tls_guard = true;
        call_all(__xd_a, __xd_z);
    }
}

// For threads that were there before the DLL: the loader never told us of them.
void __dyn_tls_on_demand_init()
{
    __dyn_tls_init(nullptr, 2, nullptr);
}
}

// ---------------------------------------------------------------------------------------------------------------------
// Small things that compiled code calls by name

extern "C"
{
// Marks an image that uses floating point.
int _fltused = 0x9875;

// Indirect calls of code compiled for Control Flow Guard. The image does not ask for the guard, so Windows leaves these
// pointers alone and the call simply goes to its target in RAX; the check (target in RCX) always agrees.
__attribute__((naked)) static void dispatch_call()
{
    __asm__("jmp *%rax");
}

static void check_call()
{
}

Procedure __guard_dispatch_icall_fptr = dispatch_call;
Procedure __guard_check_icall_fptr = check_call;

// Called before a function takes RAX bytes of stack that may reach beyond the guard page: touches one byte in each page
// on the way down, so that the guard page always moves in order. All registers stay as they are.
__attribute__((naked)) void __chkstk()
{
    __asm__("pushq %r10\n\t"
            "pushq %r11\n\t"
            "leaq 24(%rsp), %r10\n\t" // the caller's stack pointer: two registers and the return address above ours
            "movq %rax, %r11\n"
            "1:\n\t"
            "cmpq $4096, %r11\n\t"
            "jbe 2f\n\t"
            "subq $4096, %r10\n\t"
            "subq $4096, %r11\n\t"
            "testb %r11b, (%r10)\n\t"
            "jmp 1b\n"
            "2:\n\t"
            "subq %r11, %r10\n\t"
            "testb %r11b, (%r10)\n\t"
            "popq %r11\n\t"
            "popq %r10\n\t"
            "ret");
}
}

namespace std
{
struct nothrow_t
{
};
extern const nothrow_t nothrow;
const nothrow_t nothrow = {};
} // namespace std

// The runtime only uses the forms that answer null when memory runs out. malloc(0) may answer null too, new must not.
void *operator new(size_t size, const std::nothrow_t &) noexcept
{
    return malloc(size != 0 ? size : 1);
}

void *operator new[](size_t size, const std::nothrow_t &) noexcept
{
    return malloc(size != 0 ? size : 1);
}

void operator delete(void *block) noexcept
{
    free(block);
}

void operator delete(void *block, size_t) noexcept
{
    free(block);
}

void operator delete[](void *block) noexcept
{
    free(block);
}

void operator delete[](void *block, size_t) noexcept
{
    free(block);
}

// ---------------------------------------------------------------------------------------------------------------------
// The entry points. The cookie comes first: functions that are already running when it changes would find it damaged

#ifdef BUILDING_DLL

extern "C"
{
struct OnExitTable
{
    Procedure *first;
    Procedure *last;
    Procedure *end;
};

IMPORT int _initialize_onexit_table(OnExitTable *table);
IMPORT int _register_onexit_function(OnExitTable *table, Procedure procedure);
IMPORT int _execute_onexit_table(OnExitTable *table);

// A DLL has a list of its own: the process-wide one would call into it after it is unloaded.
static OnExitTable exit_procedures;

int atexit(Procedure procedure)
{
    return _register_onexit_function(&exit_procedures, procedure);
}

int DllMain(void *module, unsigned long reason, void *reserved);

int _DllMainCRTStartup(void *module, unsigned long reason, void *reserved)
{
    constexpr unsigned long ProcessDetach = 0;
    constexpr unsigned long ProcessAttach = 1;

    if (reason == ProcessAttach)
    {
        make_security_cookie();
        if (_initialize_onexit_table(&exit_procedures) != 0)
        {
            return 0;
        }

        initialise();
    }

    int result = DllMain(module, reason, reserved);

    // "reserved" is null when the DLL is unloaded. When the process ends, its other threads are already gone, perhaps
    // in the middle of something, and nothing of theirs may be touched.
    if (reason == ProcessDetach && reserved == nullptr)
    {
        _execute_onexit_table(&exit_procedures);
    }

    return result;
}
}

#else

extern "C"
{
IMPORT int _crt_atexit(Procedure procedure);
IMPORT int _configure_wide_argv(int mode);
IMPORT int _initialize_wide_environment();
IMPORT int *__p___argc();
IMPORT wchar_t ***__p___wargv();
IMPORT __declspec(noreturn) void exit(int code);

int atexit(Procedure procedure)
{
    return _crt_atexit(procedure);
}

int wmain(int argc, wchar_t **argv);

int wmainCRTStartup()
{
    constexpr int UnexpandedArguments = 1;

    make_security_cookie();
    initialise();
    if (_configure_wide_argv(UnexpandedArguments) != 0 || _initialize_wide_environment() != 0)
    {
        fail(FailFatalAppExit, "fatal: no memory for the command line; ending the process\n");
    }

    exit(wmain(*__p___argc(), *__p___wargv()));
}
}

#endif
