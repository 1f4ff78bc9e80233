// A program on top of eng/windows-cross/startup.cpp that does what its first argument says. Compiled for the Microsoft ABI like the
// runtime's own code, with the stack protector on, so that the compiler itself calls what is under test.

#define IMPORT extern "C" __declspec(dllimport)

using Word = unsigned long long;

IMPORT void *GetStdHandle(unsigned long which);
IMPORT int WriteFile(void *file, const void *data, unsigned long size, unsigned long *written, void *overlapped);
IMPORT void *CreateThread(void *attributes, Word stack, unsigned long (*entry)(void *), void *argument, unsigned long flags,
    unsigned long *id);
IMPORT unsigned long WaitForSingleObject(void *handle, unsigned long milliseconds);
IMPORT void RaiseException(unsigned long code, unsigned long flags, unsigned long count, const Word *arguments);
extern "C" Word __security_cookie;
extern "C" int atexit(void (*procedure)());

static void say(const char *text)
{
    unsigned long length = 0;
    while (text[length] != 0)
    {
        length++;
    }

    unsigned long written;
    WriteFile(GetStdHandle(static_cast<unsigned long>(-11)), text, length, &written, nullptr);
}

// --- The cookie

static void say_cookie()
{
    char text[18];
    for (int i = 0; i < 16; i++)
    {
        text[i] = "0123456789abcdef"[(__security_cookie >> (60 - (4 * i))) & 15];
    }

    text[16] = '\n';
    text[17] = 0;
    say(text);
}

__declspec(noinline) static void fill(volatile char *buffer, int count)
{
    for (int i = 0; i < count; i++)
    {
        buffer[i] = 'A';
    }
}

__declspec(noinline) static int fill_on_stack(int count)
{
    volatile char buffer[16];
    fill(buffer, count);
    return buffer[3];
}

// --- An exception through a frame that has a cookie (__GSHandlerCheck). The compiler at hand writes no such frame, so here is one as
// Microsoft's writes it: cookie ^ RSP is kept at RSP + 32, and the handler's data says so. RCX is what is added to it.

extern "C" void raise() { RaiseException(0xE0000001, 0, 0, nullptr); }

extern "C" void raise_in_guarded_frame(Word damage);
__asm__(".globl raise_in_guarded_frame\n"
        ".def raise_in_guarded_frame; .scl 2; .type 32; .endef\n"
        ".seh_proc raise_in_guarded_frame\n"
        "raise_in_guarded_frame:\n"
        "  subq $56, %rsp\n"
        "  .seh_stackalloc 56\n"
        "  .seh_handler __GSHandlerCheck, @unwind, @except\n"
        "  .seh_endprologue\n"
        "  movq __security_cookie(%rip), %rax\n"
        "  xorq %rsp, %rax\n"
        "  addq %rcx, %rax\n"
        "  movq %rax, 32(%rsp)\n"
        "  call raise\n"
        "  nop\n"
        "  addq $56, %rsp\n"
        "  ret\n"
        "  .seh_handlerdata\n"
        "  .long 32 + 3\n" // offset of the cookie; flags in the low bits: called for exceptions and for unwinding
        "  .text\n"
        "  .seh_endproc\n");

// The same with a frame register, RBP = RSP + 48: RBP is what is mixed in, and the offset counts from the establisher frame (RSP).
extern "C" void raise_in_guarded_frame_with_register(Word damage);
__asm__(".globl raise_in_guarded_frame_with_register\n"
        ".def raise_in_guarded_frame_with_register; .scl 2; .type 32; .endef\n"
        ".seh_proc raise_in_guarded_frame_with_register\n"
        "raise_in_guarded_frame_with_register:\n"
        "  pushq %rbp\n"
        "  .seh_pushreg %rbp\n"
        "  subq $64, %rsp\n"
        "  .seh_stackalloc 64\n"
        "  leaq 48(%rsp), %rbp\n"
        "  .seh_setframe %rbp, 48\n"
        "  .seh_handler __GSHandlerCheck, @unwind, @except\n"
        "  .seh_endprologue\n"
        "  movq __security_cookie(%rip), %rax\n"
        "  xorq %rbp, %rax\n"
        "  addq %rcx, %rax\n"
        "  movq %rax, 40(%rsp)\n"
        "  call raise\n"
        "  nop\n"
        "  addq $64, %rsp\n"
        "  popq %rbp\n"
        "  ret\n"
        "  .seh_handlerdata\n"
        "  .long 40 + 3\n"
        "  .text\n"
        "  .seh_endproc\n");

static void raise_and_catch(void (*guarded)(Word), Word damage)
{
    __try
    {
        guarded(damage);
        say("returned\n");
    }
    __except (1)
    {
        say("caught\n");
    }
}

// --- The stack probe: each call needs several pages at once, whose guard page moves only in order

__declspec(noinline) static int deep(int level)
{
    volatile char pages[40000];
    pages[0] = static_cast<char>(level);
    pages[39999] = 1;
    return (level == 0 ? 0 : deep(level - 1)) + pages[0] + pages[39999];
}

static unsigned long thread_deep(void *)
{
    deep(20);
    say("deep\n");
    return 0;
}

// --- Initialisers

struct Constructed
{
    int value;
    Constructed() : value(42) { say("constructor\n"); }
};

static Constructed s_constructed;
thread_local Constructed t_constructed;
thread_local int t_plain = 7;

static unsigned long thread_local_use(void *)
{
    say(t_constructed.value == 42 && t_plain == 7 ? "thread: constructed\n" : "thread: WRONG\n");
    t_plain = 8;
    return 0;
}

static void run_thread(unsigned long (*entry)(void *))
{
    WaitForSingleObject(CreateThread(nullptr, 0, entry, nullptr, 0, nullptr), 0xFFFFFFFF);
}

extern "C" int wmain(int argc, wchar_t **argv)
{
    switch (argc < 2 ? 0 : argv[1][0])
    {
    case 'a':
        say(argv[1][1] == 0xE4 && argv[1][2] == ' ' && argv[1][3] == '"' && argc == 3 && argv[2][0] == 0 ? "arguments\n" : "WRONG\n");
        return 259;
    case 'c':
        say_cookie();
        return 0;
    case 'f':
        say(fill_on_stack(16) == 'A' ? "filled\n" : "WRONG\n");
        return 0;
    case 'o':
        fill_on_stack(64);
        say("not detected\n");
        return 0;
    case 'g':
        raise_and_catch(raise_in_guarded_frame, 0);
        raise_and_catch(raise_in_guarded_frame_with_register, 0);
        return 0;
    case 'd':
        raise_and_catch(raise_in_guarded_frame, 1);
        return 0;
    case 'r':
        raise_and_catch(raise_in_guarded_frame_with_register, 1);
        return 0;
    case 's':
        run_thread(thread_deep);
        return 0;
    case 'i':
        atexit([] { say("exit\n"); });
        say(s_constructed.value == 42 ? "main: constructed\n" : "main: WRONG\n");
        say(t_constructed.value == 42 ? "main thread: constructed\n" : "main thread: WRONG\n");
        run_thread(thread_local_use);
        say(t_plain == 7 ? "own\n" : "WRONG\n");
        return 0;
    default:
        return 2;
    }
}
