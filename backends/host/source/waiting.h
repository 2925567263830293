// What kernels that do not end can wait for: the streams that join them with others.
#ifndef LMC_HOST_WAITING_H
#define LMC_HOST_WAITING_H

#include <set>
#include <string>

#include "checks.h"

// Says of which streams one end or both are at kernels that still run. Which of them is empty or full only the board knows.
inline std::string waiting_streams(const std::set<std::string> &running) {
  std::string half, whole;
  for (const design::Link &link : design::links) {
    const bool writes = running.count(link.from) != 0, reads = running.count(link.to) != 0;
    if (!writes && !reads) continue;
    std::string &list = writes && reads ? whole : half;
    const std::string carries = *link.carries == '\0' ? "" : std::string(", ") + link.carries;
    list += (list.empty() ? "" : ", ") + std::string(link.name) + " (" + link.from + " to " + link.to +
            carries + ")";
  }
  std::string text;
  if (!half.empty()) text += "; one end has ended of the streams " + half;
  if (!whole.empty()) text += "; both ends run of the streams " + whole;
  return text;
}

#endif
