// What the C simulation counted, as JSON: how full each FIFO became, how often each task waited.
#ifndef LMC_STATS_H
#define LMC_STATS_H

#include <cstdlib>
#include <fstream>
#include <ostream>

#include "lmc_scheduler.h"

namespace lmc::sim {

/// Writes {"fifos": [{"kernel", "name", "depth", "writes", "max_occupancy"}], "tasks": [{"kernel",
/// "name", "runs", "blocked_reads", "blocked_writes"}]}, sorted by kernel and name, summed over
/// all launches of the process; the kernel of a FIFO between kernels is "".
inline void write_stats(std::ostream& out) {
  const char* comma = "";
  out << "{\"fifos\": [";
  for (const auto& [key, s] : the_scheduler.all_fifo_stats()) {
    out << comma << "\n  {\"kernel\": \"" << key.first << "\", \"name\": \"" << key.second
        << "\", \"depth\": " << s.depth << ", \"writes\": " << s.writes
        << ", \"max_occupancy\": " << s.max_occupancy << "}";
    comma = ",";
  }
  out << "],\n\"tasks\": [";
  comma = "";
  for (const auto& [key, s] : the_scheduler.all_task_stats()) {
    out << comma << "\n  {\"kernel\": \"" << key.first << "\", \"name\": \"" << key.second
        << "\", \"runs\": " << s.runs << ", \"blocked_reads\": " << s.blocked_reads
        << ", \"blocked_writes\": " << s.blocked_writes << "}";
    comma = ",";
  }
  out << "]}\n";
}

/// Writes the statistics to the file that the environment variable LMC_CSIM_STATS names, if set.
inline void write_stats_if_asked() {
  const char* path = std::getenv("LMC_CSIM_STATS");
  if (path == nullptr) return;
  std::ofstream out(path);
  write_stats(out);
}

}  // namespace lmc::sim

#endif
