// Arrays, buffers in every way of counting, structs with arrays in them, numbers that are hard to write.
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

typedef struct point { int16_t x; double y; } point;
typedef struct spot { int32_t x; float y; } spot;
typedef struct table { int32_t numbers[4]; uint8_t bytes[3]; spot spots[2]; uint16_t name[5]; } table;
typedef union real { double number; uint64_t bits; } real;
typedef struct reals { float small; double large; real either; } reals;

int array_sum(const int *values, int count)
{
    int sum = 0;
    for (int i = 0; i < count; i++)
        sum += values[i];
    return sum;
}

int array_fill(int *values, int room)
{
    int count = room < 3 ? room : 3;
    for (int i = 0; i < count; i++)
        values[i] = 10 * (i + 1);
    return count;
}

void array_double(int *values, int count)
{
    for (int i = 0; i < count; i++)
        values[i] *= 2;
}

double points_sum(const point *list, int count)
{
    double sum = 0;
    for (int i = 0; i < count; i++)
        sum += list[i].x * list[i].y;
    return sum;
}

// The count has no NUL and there is none.
int text_counted(char *buffer, int room)
{
    int length = room < 5 ? room : 5;
    memcpy(buffer, "hello", length);
    return length;
}

// Ended by a NUL that the count leaves out; too little room says what is needed, with the NUL.
int text_not_counted(uint16_t *buffer, int room)
{
    static const uint16_t text[] = { 'w', 'i', 'd', 'e', 0 };
    if (room < 5)
        return 5;
    memcpy(buffer, text, sizeof text);
    return 4;
}

// Nothing counts.
int text_ends(char *buffer, int room)
{
    return snprintf(buffer, room, "%s", "ends") < room ? 0 : ERANGE;
}

// 1, or 0 with ERANGE and the size that is needed.
int text_range(char *buffer, uint32_t *size)
{
    uint32_t room = *size;
    *size = 6;
    if (room < 6) {
        errno = ERANGE;
        return 0;
    }
    memcpy(buffer, "range", 6);
    return 1;
}

void table_next(table *t)
{
    for (int i = 0; i < 4; i++)
        t->numbers[i]++;
    t->bytes[2] = 0xfe;
    t->spots[1].x = -1;
    t->spots[1].y = 0.1f;
    t->name[3] = 'z';
}

void reals_pass(const reals *in, reals *out) { *out = *in; }

double real_of_bits(uint64_t bits)
{
    real r;
    r.bits = bits;
    return r.number;
}

uint64_t bits_of_real(double number)
{
    real r;
    r.number = number;
    return r.bits;
}

float small_of_bits(uint32_t bits)
{
    float f;
    memcpy(&f, &bits, sizeof f);
    return f;
}
