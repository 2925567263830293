"""forward-streams: inside of a kernel streams go forward, to tasks that come later."""

from collections.abc import Iterator

from lmc.lint.rule import Rule, Subject


def _check(subject: Subject) -> Iterator[str]:
    graph = subject.graph
    order = {task.name: position for position, task in enumerate(graph.tasks)}
    for name in graph.streams:
        for producer in graph.producers(name):
            for consumer in graph.consumers(name):
                backwards = order[producer.name] >= order[consumer.name]
                if backwards and producer.kernel == consumer.kernel:
                    yield (
                        f"stream {name} goes back from task {producer.name} to task "
                        f"{consumer.name} of kernel {producer.kernel}: a dataflow region only goes "
                        "forward, so put them into two kernels, or the producer first"
                    )


RULE = Rule(
    "forward-streams", 'UG1399, "Limitations of Control-Driven Task-Level Parallelism"', _check
)
