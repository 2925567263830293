"""The records that the core works on, as integers in one array.

A record is known by its address in the array; the constants here are its fields' offsets. Times are
cycles since the launch.
"""

FOREVER = 2**62
"""A time that never comes; also the issue time of an access point that has nothing left to do."""

# The head of the array, at address 0
NOW, SOON, EVENTS, RUNNING, TRIGGER, PAUSE = range(6)
TASKS, TASK0, CHANNELS, CHANNEL0, ALARM0, RING, STALLS = range(6, 13)
"""The cycle and the next one with an alarm; accesses in this run; tasks that have not ended; the
task at whose rounds a run may come back, and whether it has ended one; numbers and addresses; the
size of a pair; whether pipelines stall. From ALARM0 on are the next times to look at each task,
then at each channel."""

# Programs
OP, A, B = range(3)
END, LOOP, NEXT, WAIT, ACCESS, PIPELINE, BURST, MARK, RUN, GAP = range(10)
"""Operations. Of a task: it ends; `a` rounds begin; a round of a loop inside of `b` others ends,
the next begins at `a`; `a` cycles pass; the accesses from `a` to `b`; pipeline `a`; burst `a`; a
round of the outermost loop is over. Of a point: the same loops; `b` iterations with the accesses
of group `a`; `a` iterations without."""
FIRST, LAST = range(2)
"""A group: where its accesses begin and end."""
ACCESS_FIFO, IS_WRITE = range(2)
II, LATENCY, ITERATIONS, POINTS, TURNS = range(5)
"""A pipeline; `TURNS` is the address of its points' offsets and programs (two for each)."""
BURST_PORT, LENGTH, BURST_FIFO = range(3)

# State of tasks and access points, which both walk through programs
PC, SP, AWAITS, SINCE = range(4)
"""`SP` is where the next loop counter goes; `AWAITS` is the access waited for, 0 without one."""
ALARM, MODE, INSIDE, START, ENDED, OWN_POINTS, PAIRS, MARKS = range(4, 12)
"""A task: the pipeline it is in and its start, the addresses of its points and of pairs of them,
and the place for its next mark."""
BASE, DELAY, CARRY, OFFSET, GROUP, STACK = range(4, 10)
"""A point: when the iteration of its next access would have issued had nothing ever waited, how
late its last access was, how late earlier points let that iteration come."""
HELD, COUNT, ENTRIES = range(3)
"""A pair of points: a ring of (base, delay), what the first point will tell the second one: from
the iteration issued at `base` on it is `delay` late."""

# Streams and memory
DEPTH, WRITTEN, READ, LAST_WRITE, LAST_READ, READER, WRITER, EMPTY, FULL, MOST = range(10)
LINK, RECENT = range(10, 12)
"""A FIFO: the alarms of who waits for an element or for room (0: nobody), cycles so waited, and the
most elements held at once; cycles from a write until the element can be read and, where they are
more than one, the writes in as many cycles up to the last write: bit i is that i cycles before."""
OWNER, PORT_ALARM, PORT_LATENCY, WRITES, PORT_FIFO, LEFT, READY, PORT_MODE, PORT_SINCE = range(9)
COST, OWN_RATE, OWN_COST, OWN_CAP, OWN_CREDIT, OWN_LAST = range(9, 15)
WORDS, BURSTS, WAITED, LATENT = range(15, 19)
"""A port: its task; its burst; what a word costs its channel, and itself (rate 0: nothing); what it
has moved, and cycles waited for its turn and for latencies."""
PORT0, PORTS, TURN, RATE, CAP, CREDIT, LAST_CREDIT, CHANNEL_ALARM = range(8)

STATEMENT, IN_PIPELINE, IN_BURST, HAS_ENDED = range(4)
"""Modes of a task."""
IDLE, WANTS, BLOCKED = range(3)
"""Modes of a port: nothing yet in this cycle, wants a word, waits for its FIFO."""

CODE_SIZE, PORT_SIZE, CHANNEL_SIZE, TASK_SIZE, POINT_SIZE = 3, 19, 8, 12, 10
