// reader SOURCE [OPTIONS]: the header in C++, with the types that a C++ program would put around it. Prints names and sizes of data.
#include "aotlayers.h"

#include <array>
#include <cstdio>
#include <memory>
#include <stdexcept>
#include <string>

namespace
{
void check(std::int32_t code)
{
    if (code < 0)
    {
        throw std::runtime_error(aotl_last_error());
    }
}

struct close_reader
{
    void operator()(aotl_reader *reader) const noexcept { aotl_close(reader); }
};

using reader_pointer = std::unique_ptr<aotl_reader, close_reader>;

reader_pointer open(const char *source, const char *options)
{
    aotl_reader *reader = nullptr;
    check(aotl_open(source, options, &reader));
    return reader_pointer(reader);
}

std::size_t size_of_data(aotl_reader *reader)
{
    std::array<char, 4096> buffer;
    std::size_t total = 0;
    for (;;)
    {
        std::size_t read = 0;
        check(aotl_read_data(reader, buffer.data(), buffer.size(), &read));
        if (read == 0)
        {
            return total;
        }
        total += read;
    }
}
}

int main(int argc, char **argv)
{
    if (argc < 2)
    {
        return 2;
    }
    try
    {
        reader_pointer reader = open(argv[1], argc > 2 ? argv[2] : nullptr);
        aotl_entry entry = AOTL_ENTRY_INIT;
        for (;;)
        {
            std::int32_t code = aotl_next(reader.get(), &entry);
            check(code);
            if (code == AOTL_END)
            {
                break;
            }
            std::printf("%s %zu\n", std::string(entry.name, entry.name_length).c_str(), size_of_data(reader.get()));
        }
        return 0;
    }
    catch (const std::runtime_error &error)
    {
        std::printf("error: %s\n", error.what());
        return 1;
    }
}
