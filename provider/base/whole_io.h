#ifndef FEDIVERSITY_PROVIDER_BASE_WHOLE_IO_H_
#define FEDIVERSITY_PROVIDER_BASE_WHOLE_IO_H_

// read(2) and write(2) in one piece: signals and short counts are dealt with here.

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace fediversity {

// False where not all of it could be written; errno says why.
bool WriteWhole(int fd, std::string_view bytes);

// What is left to be read. nullopt where that fails, and errno says why, or is more than `most` bytes (EFBIG).
std::optional<std::string> ReadWhole(int fd, std::size_t most);

}  // namespace fediversity

#endif  // FEDIVERSITY_PROVIDER_BASE_WHOLE_IO_H_
