"""Tasks as C++ functions: one for each task, or one template for tasks that differ in numbers only.

Lanes of a matrix unit are the same but for the streams they are given, and maybe for a few numbers.
Their function is printed once, called by what the tasks' names have in common, and numbers that
differ are its template parameters. What is compared is the C++ itself, printed with names that say
no number: text that is equal up to its integer literals.
"""

import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from xdsl.ir import SSAValue
from xdsl.utils.exceptions import VerifyException

from lmc.backends.comments import task_comment
from lmc.backends.hls.arguments import kernel_arguments, kernel_tasks
from lmc.backends.hls.names import Names, c_type
from lmc.backends.hls.task_printer import TaskPrinter
from lmc.dialects.dataflow import KernelOp, PortType, StreamOp, StreamType, TaskOp
from lmc.dialects.dataflow.names import verify_task_name
from lmc.ir.locations import source_line


@dataclass(frozen=True)
class Function:
    """The C++ of a task: comment lines, then the lines of signature and body."""

    comment: tuple[str, ...]
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Instance:
    """How a kernel calls a task's function."""

    task: TaskOp
    function: str
    arguments: tuple[int, ...] = ()

    @property
    def call(self) -> str:
        """`function`, or `function<1, 2>`."""
        numbers = ", ".join(map(str, self.arguments))
        return f"{self.function}<{numbers}>" if numbers else self.function


def print_functions(kernel: KernelOp, taken: set[str]) -> tuple[list[str], list[Instance]]:
    """The lines of all functions of a kernel, and how its tasks call them.

    `taken` are all names of the design; those of templates are added.
    """
    families: dict[tuple[str, tuple[str, ...]], list[TaskOp]] = {}
    tasks = kernel_tasks(kernel)
    bases = [_base(task.sym_name.data) for task in tasks]
    for task, base in zip(tasks, bases, strict=True):
        shape = _masked(_function(task, base, _base).lines) if bases.count(base) > 1 else ()
        key = (base, shape) if shape else (task.sym_name.data, shape)
        families.setdefault(key, []).append(task)
    lines: list[str] = []
    calls: dict[TaskOp, Instance] = {}
    for (base, _), members in families.items():
        name = members[0].sym_name.data
        if len(members) == 1:
            function = _function(members[0], name, str)
            lines += [*function.comment, *function.lines, ""]
            calls[members[0]] = Instance(members[0], name)
        else:
            shared = base if _is_free(base, taken) else name
            taken.add(shared)
            printed, instances = _template(members, shared)
            lines += [*printed, ""]
            calls.update((instance.task, instance) for instance in instances)
    return lines, [calls[task] for task in tasks]


def _base(name: str) -> str:
    """A name without the number that makes it unique: `lane` for `lane_12`."""
    return re.sub(r"(_[0-9]+)+$", "", name)


def _is_free(name: str, taken: set[str]) -> bool:
    """Whether a function may have this name: nothing else of the design or of a library has it."""
    try:
        verify_task_name(name)
    except VerifyException:
        return False
    return name not in taken


def _function(task: TaskOp, name: str, shortened: Callable[[str], str]) -> Function:
    """A task as a function of this name; `shortened` gives the names of what it is given."""
    names = Names()
    texts: dict[SSAValue, str] = {}
    for argument, outer in zip(task.body.block.args, task.arguments, strict=True):
        texts[argument] = names.fresh(shortened(_outer_name(task, outer)))
    parameters = [parameter_text(value, texts[value]) for value in task.body.block.args]
    comment = task_comment(task, texts)
    own = task.sym_name.data

    def label(text: str) -> str:
        return f"{name}{text.removeprefix(own)}" if text.startswith(f"{own}_") else text

    body = TaskPrinter(names, texts, label, source_line(task.location)).print_body(task.body.block)
    head = signature_text(f"static void {name}", parameters) + " {"
    return Function(tuple(comment), (head, "#pragma HLS inline off", *body, "}"))


_NUMBER = re.compile(r"(?<![\w.])\d+(?![\w.])")
"""A literal of type int; one with LL is none."""


def _masked(lines: Iterable[str]) -> tuple[str, ...]:
    """Lines without their literals, but for pragmas: those take no template parameters."""
    return tuple(line if line.startswith("#") else _NUMBER.sub("?", line) for line in lines)


def _template(members: Sequence[TaskOp], name: str) -> tuple[list[str], list[Instance]]:
    """One function for tasks whose texts are equal up to literals, and its instances."""
    functions = [_function(task, name, _base) for task in members]
    columns = list(zip(*(_literals(function.lines) for function in functions), strict=True))
    chosen = _parameters(functions[0].lines, columns)
    numbers = iter(columns)

    def written(found: re.Match[str]) -> str:
        return chosen.get(next(numbers), found[0])

    lines = [
        line if line.startswith("#") else _NUMBER.sub(written, line) for line in functions[0].lines
    ]
    instances = [
        Instance(task, name, tuple(column[index] for column in chosen))
        for index, task in enumerate(members)
    ]
    common = [line for line in functions[0].comment if all(line in f.comment for f in functions)]
    head = [f"// {_listed(members)}: one function.", *common]
    if chosen:
        head.append(f"template <{', '.join(f'int {one}' for one in chosen.values())}>")
    return [*head, *lines], instances


Column = tuple[int, ...]
"""What stands in one place of a text, for each of the tasks that share it."""


def _parameters(lines: Sequence[str], columns: Sequence[Column]) -> dict[Column, str]:
    """Names for what differs: one for all places where it differs in the same way."""
    taken = Names(re.findall(r"[A-Za-z_]\w*", "\n".join(lines)))
    places = [
        line[: found.start()]
        for line in lines
        if not line.startswith("#")
        for found in _NUMBER.finditer(line)
    ]
    wishes: dict[Column, str] = {}
    for column, before in zip(columns, places, strict=True):
        if len(set(column)) > 1 and wishes.get(column, _UNKNOWN) == _UNKNOWN:
            wishes[column] = _parameter_name(before)
    return {column: taken.fresh(wish) for column, wish in wishes.items()}


def _listed(members: Sequence[TaskOp]) -> str:
    """`lane_0 to lane_5`, or all names where they are not numbered one by one."""
    names = [task.sym_name.data for task in members]
    numbers = [int(name.rpartition("_")[2]) for name in names if re.search("_[0-9]+$", name)]
    steps = {after - before for before, after in pairwise(numbers)}
    if len(numbers) == len(names) > 2 and steps in ({1}, {-1}):
        return f"{names[0]} to {names[-1]}"
    return ", ".join(names)


def _literals(lines: Iterable[str]) -> list[int]:
    return [
        int(found) for line in lines if not line.startswith("#") for found in _NUMBER.findall(line)
    ]


_UNKNOWN = "number"
_CONTEXTS = (
    (re.compile(r"for \(int (\w+) = 0; \w+ < $"), "{}_count"),
    (re.compile(r"(\w+)(?:\[\w+\])*\[$"), "{}_size"),
    (re.compile(r"(\w+) == $"), "chosen_{}"),
    (re.compile(r"([A-Za-z_]\w*)(?: \+ 1)? [<>]=? $"), "{}_limit"),
    (re.compile(r"ap_u?int<$"), "bits"),
    (re.compile(r"(\w+) % $"), "{}_period"),
)


def _parameter_name(before: str) -> str:
    """A name for a number, by what stands before it."""
    for pattern, name in _CONTEXTS:
        if (found := pattern.search(before)) is not None:
            return name.format(*found.groups())
    return _UNKNOWN


def parameter_text(value: SSAValue, name: str) -> str:
    """A parameter of a function: a port, a stream or a scalar."""
    if isinstance(value.type, PortType):
        return f"hls::burst_maxi<{c_type(value.type.word_type)}> {name}"
    if isinstance(value.type, StreamType):
        return f"{c_type(value.type)}& {name}"
    return f"{c_type(value.type)} {name}"


def signature_text(name: str, arguments: Sequence[str]) -> str:
    """`name(parameters)`, one a line where one line is too long."""
    one_line = f"{name}({', '.join(arguments)})"
    if len(one_line) <= LINE_LENGTH:
        return one_line
    return f"{name}(\n    " + ",\n    ".join(arguments) + ")"


def call_text(name: str, arguments: Sequence[str]) -> str:
    """A statement of a function that calls something, on as few lines as it needs."""
    statement = f"{name}({', '.join(arguments)});"
    lines = textwrap.wrap(statement, LINE_LENGTH, break_long_words=False, subsequent_indent="    ")
    return "\n  ".join(["", *lines]).removeprefix("\n")


LINE_LENGTH = 96
"""The longest signature or call on one line."""


def _outer_name(task: TaskOp, outer: SSAValue) -> str:
    """The name of what a task is given, as its kernel calls it."""
    if isinstance(outer.owner, StreamOp):
        return outer.owner.sym_name.data
    kernel = task.parent_op()
    assert isinstance(kernel, KernelOp)
    return next(arg.name for arg in kernel_arguments(kernel) if arg.inner is outer)
