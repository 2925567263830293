"""The Typer application, and what happens to errors."""

import atexit
import gc
import os
import sys
from collections.abc import Sequence

import typer
from typer.exceptions import Abort, TyperException

from lmc.cache import in_use
from lmc.cli.compile import compile_command
from lmc.cli.doctor import doctor
from lmc.cli.eval import eval_command
from lmc.cli.explore import explore
from lmc.cli.lint import lint
from lmc.cli.lists import models, passes, presets, targets
from lmc.cli.new_pass import new_pass
from lmc.cli.opt import opt
from lmc.cli.output import print_error
from lmc.cli.quantize_config import quantize_config
from lmc.cli.report import report_command
from lmc.cli.run import run_command
from lmc.cli.simulate import simulate_command
from lmc.cli.synthesize import synthesize_command
from lmc.cli.trace import trace_command
from lmc.cli.verify import verify
from lmc.diagnostics import LmcError, UsageError

app = typer.Typer(
    name="lmc",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode="rich",
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.callback()
def _commands() -> None:
    """Compile PyTorch Mamba and Mamba-2 language models to FPGA accelerators."""


app.command("compile")(compile_command)
app.command("run")(run_command)
app.command("eval")(eval_command)
app.command("trace")(trace_command)
app.command("simulate")(simulate_command)
app.command("report")(report_command)
app.command("synthesize")(synthesize_command)
app.command("explore")(explore)
app.command("lint")(lint)
app.command("verify")(verify)
app.command("quantize-config")(quantize_config)
app.command("opt")(opt)
app.command("new-pass")(new_pass)
app.command("models")(models)
app.command("targets")(targets)
app.command("presets")(presets)
app.command("passes")(passes)
app.command("doctor")(doctor)


_COLLECT_AFTER = 100_000
"""New objects before a collection. IR is many small objects that live long: with Python's 700 a
compile spends a tenth of its time looking through them."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit status; no exception leaves it."""
    gc.set_threshold(_COLLECT_AFTER, 20, 20)
    # At exit Python looks through all objects for cycles that nothing needs any more, for seconds.
    atexit.register(gc.freeze)
    given = list(sys.argv[1:] if arguments is None else arguments)
    try:
        _refuse_repeated(given)
        with in_use():
            status = app(
                args=given,
                prog_name="lmc",
                standalone_mode=False,
            )
    except UsageError as error:
        return _fail(str(error), 2)
    except LmcError as error:
        print_error(error)
        return 1
    except TyperException as error:
        return _fail_usage(error)
    except (KeyboardInterrupt, Abort):
        return _fail("interrupted", 130)
    except BrokenPipeError:
        # The reader of standard output is gone; Python would complain about it at exit.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except Exception as error:
        if os.environ.get("LMC_TRACEBACK"):
            raise
        what = " ".join(f"{type(error).__name__}: {error}".split())
        return _fail(f"lmc itself failed ({what}); LMC_TRACEBACK=1 shows where", 1)
    return status if isinstance(status, int) else 0


def _refuse_repeated(arguments: Sequence[str]) -> None:
    """Typer has no option of two values that may be repeated, and would take the last one."""
    for option in ("--insert-after", "--insert-before", "--replace"):
        if arguments.count(option) > 1:
            raise UsageError(
                f"{option} is given {arguments.count(option)} times: passes for one place are "
                "separated by commas, and more places are a pipeline, in --pipeline-file"
            )


def _fail(message: str, status: int) -> int:
    print(f"error: {message}", file=sys.stderr)
    return status


def _fail_usage(error: TyperException) -> int:
    message = error.format_message()
    if not message:
        # A command without arguments: its help has just been printed.
        return 2
    sentence = message[0].lower() + message[1:].rstrip(".")
    context = getattr(error, "ctx", None)
    command = "lmc" if context is None else context.command_path
    return _fail(f"{sentence}; `{command} --help` shows what there is", 2)
