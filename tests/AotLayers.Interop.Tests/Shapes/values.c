#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <uchar.h>

enum color { RED, GREEN, BLUE };

struct pair
{
    int count;
    double weight;
};

bool values_not(bool flag)
{
    return !flag;
}

int32_t values_is_even(int32_t number, int32_t *odd)
{
    *odd = number % 2 != 0;
    return number % 2 == 0 ? 77 : 0;
}

int16_t values_variant(int16_t flag)
{
    return flag == -1 ? 0 : -1;
}

char16_t values_upper(char16_t unit)
{
    return unit >= u'a' && unit <= u'z' ? unit - 32 : unit;
}

double values_scale(double value, float factor)
{
    return value * factor;
}

double values_percent(double value, float factor)
{
    return values_scale(value, factor);
}

float values_half(float value)
{
    return value / 2;
}

enum color values_next_color(enum color color)
{
    return (color + 1) % 3;
}

struct pair values_make_pair(int count, double weight)
{
    struct pair pair = { count, weight };
    return pair;
}

const char *values_version(void)
{
    return "1.0 \xc3\xa9t\xc3\xa9";
}

const char16_t *values_name(int known)
{
    return known ? u"Zo\u00eb" : NULL;
}

char *values_twice(const char *text)
{
    size_t length = strlen(text);
    char *twice = malloc(2 * length + 1);
    memcpy(twice, text, length);
    memcpy(twice + length, text, length + 1);
    return twice;
}

int values_length8(const char *text)
{
    return (int)strlen(text);
}

int values_length16(const char16_t *text)
{
    int length = 0;
    while (text[length])
    {
        length++;
    }

    return length;
}
