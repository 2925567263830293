"""What surrounds the layers: token ids, embedding, the loop over layers, logits, the choice."""

from xdsl.ir import SSAValue

from lmc.dataflow import library
from lmc.dataflow.handles import Handle
from lmc.dataflow.task import TaskBuilder
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import (
    ID_BITS,
    LogitsAttr,
    PromptAttr,
    Range,
    RowsAttr,
    TokensAttr,
    si,
    smallest_type,
    ui,
)
from lmc.ir.editing import symbol
from lmc.lowering.arithmetic import rescale
from lmc.lowering.images import LOAD, STORE
from lmc.lowering.patterns import lowers
from lmc.lowering.site import Site
from lmc.lowering.vectors import Operands, Vector, fixed, lane, map_lanes, name_of
from lmc.memory_layout.words import LONGEST_PROMPT, WORD_BITS

TOKEN = ui(ID_BITS)
"""The type of a token id, in streams and in memory."""


@lowers(ssm.EmbeddingOp)
def lower_embedding(op: ssm.EmbeddingOp, _operands: Operands, site: Site) -> Vector:
    """Rows come from memory by token id: the prompt's, then those that the device has chosen."""
    weight = site.step.weights[symbol(op.weight)]
    stored = ssm.format_of(weight.type)
    if not isinstance(stored, ssm.WeightType):
        raise LmcError(f"the embedding @{weight.sym_name.data} is {stored}: run quantize first")
    rows, columns = weight.type.get_shape()
    scale_bits = stored.mantissa.data + stored.exponent.data
    bits = site.lanes * stored.bits.data + scale_bits
    count = columns // site.lanes
    row_words = library.words_for(count, WORD_BITS, bits)
    layout = RowsAttr.of(
        weight.sym_name.data,
        lanes=site.lanes,
        mantissa_bits=stored.mantissa.data,
        exponent_bits=stored.exponent.data,
    )
    load, tokens = site.builder.of_kernel(LOAD), site.scalars.tokens
    bank = load.bank("embedding", rows * row_words, **site.side_memory, layout=[layout])
    ids = _token_ids(site)
    words = load.stream("embedding_words", ui(WORD_BITS))
    elements = load.stream("embedding_elements", ui(bits))
    result = site.result(op.result)
    with load.task("fetch_embedding") as task, task.loop("token", tokens):
        row = task.read(ids).index()
        task.burst_read(bank, row * row_words, row_words, words)
    library.unpack(load, "unpack_embedding", words, elements, count, (("token", tokens),))
    _dequantize(op, site, elements, stored, result)
    return result


def _dequantize(
    op: ssm.EmbeddingOp, site: Site, elements: Handle, stored: ssm.WeightType, result: Vector
) -> None:
    """Elements of an embedding's row, each with the row's scale, as words of a vector."""
    target = fixed(op.result)
    with (
        site.task("embedding") as task,
        task.nest((("token", site.scalars.tokens), ("word", result.words))),
    ):
        element = task.read(elements)
        start = site.lanes * stored.bits.data
        mantissa = element.slice(start, stored.mantissa.data, signed=False)
        exponent = element.slice(start + stored.mantissa.data, stored.exponent.data, signed=False)
        most = stored.mantissa.data + (1 << stored.exponent.data) - 1
        scale = mantissa.shl(exponent, ui(most))

        def one(index: Value) -> Value:
            weight = lane(element, index, stored.bits.data)
            return rescale(weight * scale, stored.frac.data, 1, target)

        task.write(result.stream, map_lanes(task, site.lanes, result.bits, one))


def _token_ids(site: Site) -> Handle:
    """The id of each step's token."""
    load, scalars = site.builder.of_kernel(LOAD), site.scalars
    layout = [PromptAttr()]
    bank = load.bank("prompt", LONGEST_PROMPT, word_bits=ID_BITS, **site.side_memory, layout=layout)
    given, ids = load.stream("prompt_ids", TOKEN), load.stream("token_ids", TOKEN)
    with load.task("read_prompt") as task:
        task.burst_read(bank, 0, task.index_of(scalars.prompt), given)
    with load.task("choose_token") as task:
        held = task.register("token", TOKEN)
        with task.loop("token", scalars.tokens) as token:
            follows = (token + task.index_of(scalars.logits)) > task.index_of(scalars.tokens)
            with task.when(follows):
                held.set(task.read(site.chosen_tokens))
            current = task.choose(
                token < task.index_of(scalars.prompt),
                lambda: [task.read(given)],
                lambda: [held.get()],
            )[0]
            task.write(ids, current)
    return ids


def enter_layers(site: Site, op: ssm.LayersOp, first: Vector, fed_back: Vector) -> Vector:
    """The residual stream at the beginning of each layer: the first time from the embedding, then
    from the layer before."""
    argument = op.block.args[0]
    name = name_of(argument, "residual")
    entering = site.vector(name, first.length, first.bits, element=first.element)
    with (
        site.task("enter_layer") as task,
        task.nest((*site.loops, ("word", first.words))) as (*_, layer, _word),
    ):
        word = task.choose(
            layer.eq(0),
            lambda: [task.read(first.stream)],
            lambda: [task.read(fed_back.stream)],
        )[0]
        task.write(entering.stream, word)
    return entering


def leave_layers(site: Site, op: ssm.LayersOp, leaving: Vector, fed_back: Vector) -> Vector:
    """The residual stream after the last layer of tokens that have logits."""
    layers, final = op.count.value.data, site.result(op.outputs[0])
    with (
        site.task("leave_layer") as task,
        task.nest((*site.loops, ("word", leaving.words))) as (token, layer, _word),
    ):
        word = task.read(leaving.stream)
        is_last = layer.eq(layers - 1)
        with task.when(~is_last):
            task.write(fed_back.stream, word)
        with task.when(is_last & site.scalars.has_logits(task, token)):
            task.write(final.stream, word)
    return final


def lower_logits(site: Site, source: Vector, logits: SSAValue) -> None:
    """Logits go to memory, and the greedy choice back to the embedding and to memory."""
    kept, judged = (
        site.vector(name, source.length, source.bits, element=source.element)
        for name in ("logits_kept", "logits_judged")
    )
    loops = (*site.loops, ("word", source.words))
    library.fork(site.side, "fork_logits", source.stream, [kept.stream, judged.stream], loops)
    _store_logits(site, kept, fixed(logits))
    _choose_greedily(site, judged)


def _store_logits(site: Site, kept: Vector, target: ssm.FixedType) -> None:
    store, tokens = site.builder.of_kernel(STORE), site.scalars.logits
    words = library.words_for(kept.words, WORD_BITS, kept.lanes * kept.bits)
    layout = LogitsAttr.of(
        words=words,
        length=kept.length,
        lanes=kept.lanes,
        bits=kept.bits,
        frac=target.frac.data,
        mul=target.mul.data,
    )
    bank = store.bank("logits", words, direction="write", **site.side_memory, layout=[layout])
    packed = store.stream("logits_words", ui(WORD_BITS))
    library.pack(store, "pack_logits", kept.stream, packed, kept.words, (("token", tokens),))
    with store.task("write_logits") as task, task.loop("token", tokens) as token:
        task.burst_write(packed, bank, token * words, words)


def _choose_greedily(site: Site, judged: Vector) -> None:
    """The largest logit, the lowest id among equals; rows that pad the vocabulary are left out."""
    store, tokens = site.builder.of_kernel(STORE), site.scalars.logits
    bank = store.bank(
        "tokens",
        LONGEST_PROMPT,
        word_bits=ID_BITS,
        direction="write",
        **site.side_memory,
        layout=[TokensAttr()],
    )
    stored = store.stream("tokens", TOKEN)
    in_use = site.step.tokens or judged.length
    with site.task("choose_greedily") as task:
        best = task.register("best", si(judged.bits))
        best_id = task.register("best_id", TOKEN)
        with task.loop("token", tokens) as token:
            with task.loop("word", judged.words, pipeline=True) as index:
                # The word's best first, so that one comparison is all the next word waits for.
                top, top_lane = _best_of_word(task, judged, index, in_use)
                wins = index.eq(0) | (top > best.get())
                if in_use <= judged.length - judged.lanes:
                    wins = wins & ((index * judged.lanes) < in_use)
                number = (index * judged.lanes + top_lane.index()).cast(TOKEN)
                best.set(wins.select(top, best.get()))
                best_id.set(wins.select(number, best_id.get()))
            choice = best_id.get()
            task.write(stored, choice)
            with task.when((token + 1) < task.index_of(tokens)):
                task.write(site.chosen_tokens, choice)
    with store.task("write_tokens") as task, task.loop("token", tokens) as token:
        task.burst_write(stored, bank, token, 1)


def _best_of_word(
    task: TaskBuilder, judged: Vector, index: Value, in_use: int
) -> tuple[Value, Value]:
    """The largest logit of the next word, which is number `index`, and its place there.

    Ids from `in_use` on are left out, but the word's first.
    """
    numbers = smallest_type(Range(0, judged.lanes - 1))
    word = task.read(judged.stream)

    def better(position: Value, top: Value, top_lane: Value) -> list[Value]:
        value = lane(word, position, judged.bits)
        wins = value > top
        if in_use < judged.length:
            wins = wins & ((index * judged.lanes + position) < in_use)
        return [wins.select(value, top), wins.select(position.cast(numbers), top_lane)]

    begin = [lane(word, 0, judged.bits), task.constant(0, numbers)]
    top, top_lane = task.fold("lane", judged.lanes, begin, better, unroll=True)
    return top, top_lane
