#include <pthread.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

typedef int (*visit_fn)(void *context, int index, const char *name);
typedef int (*compare_fn)(const int32_t *a, const int32_t *b);
typedef int (*plain_fn)(int value, double weight);
typedef intptr_t (*read_fn)(void *context, void *buffer, size_t size);
typedef intptr_t (*pull_fn)(void *context, const void **block);
typedef int (*write_fn)(void *context, const void *data, size_t size);
typedef void (*event_fn)(void *context, int number);

struct point
{
    int32_t x;
    int32_t y;
};

struct notice
{
    int32_t kind;
    const char *text;
};

typedef int (*notice_fn)(void *context, struct point at, const struct notice *notice);

struct machine
{
    event_fn handler;
    void *context;
    pthread_t thread;
    int running;
    int events;
};

int callbacks_visit(int count, visit_fn visit, void *context)
{
    static const char *const names[] = { "zero", "one", NULL, "thr\xc3\xa9\x65" };
    int total = 0;
    for (int i = 0; i < count; i++)
    {
        int answer = visit(context, i, names[i % 4]);
        if (answer < 0)
        {
            return answer;
        }

        total += answer;
    }

    return total;
}

static compare_fn the_compare;

static int compare(const void *a, const void *b)
{
    return the_compare(a, b);
}

int callbacks_sort(int32_t *numbers, int count, compare_fn with)
{
    the_compare = with;
    qsort(numbers, (size_t)count, sizeof(int32_t), compare);
    return count;
}

int callbacks_plain(plain_fn plain, int times)
{
    int sum = 0;
    for (int i = 0; plain && i < times; i++)
    {
        sum += plain(i, i / 2.0);
    }

    return sum;
}

int64_t callbacks_checksum(read_fn read, void *context)
{
    unsigned char buffer[8];
    int64_t sum = 0;
    intptr_t count;
    while ((count = read(context, buffer, sizeof(buffer))) > 0)
    {
        for (intptr_t i = 0; i < count; i++)
        {
            sum = sum * 31 + buffer[i];
        }
    }

    return count < 0 ? count : sum;
}

int64_t callbacks_pull(pull_fn pull, void *context)
{
    int64_t total = 0;
    const void *block;
    intptr_t count;
    while ((count = pull(context, &block)) > 0)
    {
        const unsigned char *bytes = block;
        for (intptr_t i = 0; i < count; i++)
        {
            total += bytes[i];
        }
    }

    return total;
}

int callbacks_push(write_fn write, void *context)
{
    return write(context, "abc", 3) + write(context, "", 0) + write(context, "defgh", 5);
}

struct machine *callbacks_machine(void)
{
    return calloc(1, sizeof(struct machine));
}

void callbacks_on_event(struct machine *machine, event_fn handler, void *context)
{
    machine->handler = handler;
    machine->context = context;
}

int callbacks_step(struct machine *machine)
{
    machine->events++;
    if (machine->handler)
    {
        machine->handler(machine->context, machine->events);
    }

    return machine->events;
}

static void *run(void *argument)
{
    struct machine *machine = argument;
    for (int i = 1; i <= 3; i++)
    {
        machine->handler(machine->context, 100 + i);
    }

    return NULL;
}

int callbacks_start(struct machine *machine)
{
    machine->running = 1;
    return pthread_create(&machine->thread, NULL, run, machine);
}

int callbacks_join(struct machine *machine)
{
    int result = machine->running ? pthread_join(machine->thread, NULL) : -1;
    machine->running = 0;
    return result;
}

void callbacks_end(struct machine *machine)
{
    free(machine);
}

int callbacks_notice(notice_fn tell, void *context)
{
    struct point at = { 3, 4 };
    struct notice notice = { 7, "hot" };
    return tell(context, at, &notice) + tell(context, at, NULL);
}
