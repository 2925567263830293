"""stream-ends: a stream has one producer and one consumer."""

from collections.abc import Iterator

from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    for name in subject.graph.streams:
        ends = (
            ("producer", subject.graph.producers(name)),
            ("consumer", subject.graph.consumers(name)),
        )
        for kind, tasks in ends:
            if len(tasks) != 1:
                listed = ", ".join(task.name for task in tasks) or "none"
                yield (
                    f"stream {name} has {len(tasks)} {kind}s ({listed}) and needs exactly one: "
                    "copy it in a task, or drain it"
                )


RULE = Rule("stream-ends", 'UG1399, "Limitations of Control-Driven Task-Level Parallelism"', _check)
