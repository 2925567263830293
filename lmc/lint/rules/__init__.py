"""The rules, one in a module each, in the order in which they are checked."""

from lmc.lint.rule import Rule
from lmc.lint.rules import (
    axi_masters,
    bank_direction,
    bank_writers,
    cpp_numbers,
    divisors,
    forward_streams,
    held_writes,
    link_depths,
    loop_trips,
    memory_order,
    planned_clock,
    port_owner,
    port_width,
    reach,
    schedules,
    stream_depths,
    stream_ends,
    stream_place,
    stream_rates,
    stream_totals,
)

RULES: tuple[Rule, ...] = (
    port_width.RULE,
    cpp_numbers.RULE,
    port_owner.RULE,
    bank_direction.RULE,
    bank_writers.RULE,
    memory_order.RULE,
    loop_trips.RULE,
    planned_clock.RULE,
    schedules.RULE,
    reach.RULE,
    divisors.RULE,
    stream_ends.RULE,
    stream_place.RULE,
    forward_streams.RULE,
    stream_totals.RULE,
    stream_rates.RULE,
    stream_depths.RULE,
    held_writes.RULE,
    link_depths.RULE,
    axi_masters.RULE,
)
"""All rules."""
