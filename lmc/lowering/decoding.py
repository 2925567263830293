"""What surrounds the layers: token ids, embedding, the loop over layers, logits, the choice."""

from xdsl.dialects.builtin import ModuleOp
from xdsl.ir import Operation, SSAValue

from lmc.dataflow import library
from lmc.dataflow.builder import TaskBuilder
from lmc.dataflow.values import Value
from lmc.diagnostics import LmcError
from lmc.dialects import ssm
from lmc.dialects.dataflow import Range, si, smallest_type, ui
from lmc.ir.config_attribute import tokens_of_module
from lmc.lowering.arithmetic import rescale
from lmc.lowering.context import Lowering, Scope, Vector, fixed, lane, map_lanes
from lmc.lowering.images import (
    ID_BITS,
    LOAD,
    LONGEST_PROMPT,
    STORE,
    WORD_BITS,
    layout_entry,
)
from lmc.lowering.network import Channel
from lmc.lowering.patterns import lower, lowers

TOKEN = ui(ID_BITS)
"""The type of a token id, in streams and in memory."""


@lowers(ssm.EmbeddingOp)
def lower_embedding(low: Lowering, op: ssm.EmbeddingOp) -> None:
    """Rows come from memory by token id: the prompt's, then those that the device has chosen."""
    weight = low.weights[op.weight.root_reference.data]
    stored, target = ssm.format_of(weight.type), fixed(op.result)
    if not isinstance(stored, ssm.WeightType):
        raise LmcError(f"the embedding @{weight.sym_name.data} is {stored}: run quantize first")
    rows, columns = weight.type.get_shape()
    scale_bits = stored.mantissa.data + stored.exponent.data
    bits = low.lanes * stored.bits.data + scale_bits
    count = columns // low.lanes
    row_words = library.words_for(count, WORD_BITS, bits)
    layout = layout_entry(
        "rows",
        weight=weight.sym_name.data,
        lanes=low.lanes,
        mantissa_bits=stored.mantissa.data,
        exponent_bits=stored.exponent.data,
    )
    bank = low.network.bank("embedding", rows * row_words, place=low.place, layout=[layout])
    ids = _token_ids(low)
    words = low.network.channel("embedding_words", ui(WORD_BITS))
    elements = low.network.channel("embedding_elements", ui(bits))
    result = low.define(op.result)
    tokens = low.scalars.tokens

    def fetch(task: TaskBuilder) -> None:
        with task.loop("token", tokens):
            row = task.read(ids.handle).index()
            task.burst_read(bank, row * row_words, row_words, words.handle)

    def unpack(kernel: library.KernelBuilder) -> None:
        loops = (("token", tokens),)
        library.unpack(kernel, "unpack_embedding", words.handle, elements.handle, count, loops)

    def dequantize(task: TaskBuilder) -> None:
        with task.nest((("token", tokens), ("word", count))):
            element = task.read(elements.handle)
            start = low.lanes * stored.bits.data
            mantissa = element.slice(start, stored.mantissa.data, signed=False)
            exponent = element.slice(
                start + stored.mantissa.data, stored.exponent.data, signed=False
            )
            most = stored.mantissa.data + (1 << stored.exponent.data) - 1
            scale = mantissa.shl(exponent, ui(most))

            def one(index: Value) -> Value:
                weight = lane(element, index, stored.bits.data)
                return rescale(weight * scale, stored.frac.data, 1, target)

            task.write(result.channel.handle, map_lanes(task, low.lanes, result.bits, one))

    low.network.task(LOAD, "fetch_embedding", [ids], [words], fetch)
    low.network.add(LOAD, [words], [elements], unpack)
    low.task(op, "embedding", [elements], [result.channel], dequantize)


def _token_ids(low: Lowering) -> Channel:
    """The id of each step's token."""
    network, scalars = low.network, low.scalars
    bank = network.bank(
        "prompt",
        LONGEST_PROMPT,
        word_bits=ID_BITS,
        place=low.place,
        layout=[layout_entry("prompt")],
    )
    given, ids = network.channel("prompt_ids", TOKEN), network.channel("token_ids", TOKEN)
    chosen = low.chosen_tokens

    def read(task: TaskBuilder) -> None:
        task.burst_read(bank, 0, task.index_of(scalars.prompt), given.handle)

    def choose(task: TaskBuilder) -> None:
        held = task.register("token", TOKEN)
        with task.loop("token", scalars.tokens) as token:
            follows = (token + task.index_of(scalars.logits)) > task.index_of(scalars.tokens)
            with task.when(follows):
                held.set(task.read(chosen.handle))
            current = task.choose(
                token < task.index_of(scalars.prompt),
                lambda: [task.read(given.handle)],
                lambda: [held.get()],
            )[0]
            task.write(ids.handle, current)

    network.task(LOAD, "read_prompt", [], [given], read)
    network.task(LOAD, "choose_token", [given, chosen], [ids], choose)
    return ids


@lowers(ssm.LayersOp)
def lower_layers(low: Lowering, op: ssm.LayersOp) -> None:
    """The body once; the residual stream enters from the embedding, then from the layer before."""
    if op.carried.value.data != 1:
        raise LmcError(
            f"the layers carry {op.carried.value.data} values; one residual stream can be lowered"
        )
    layers, scalars, outer = op.count.value.data, low.scalars, low.scope
    first = low.use(op.inputs[0])
    scope = Scope((*outer.loops, ("layer", layers)), op)
    low.scope = scope
    argument = op.block.args[0]
    entering = low.vector(argument.name_hint or "residual", first.length, first.bits)
    fed_back = low.vector("residual_feedback", first.length, first.bits)

    def enter(task: TaskBuilder) -> None:
        with task.nest((*scope.loops, ("word", first.words))) as (*_, layer, _word):
            word = task.choose(
                layer.eq(0),
                lambda: [task.read(first.channel.handle)],
                lambda: [task.read(fed_back.channel.handle)],
            )[0]
            task.write(entering.channel.handle, word)

    low.task(op, "enter_layer", [first.channel, fed_back.channel], [entering.channel], enter)
    low.bind(argument, entering)
    _lower_body(low, op)
    last = op.block.last_op
    assert last is not None
    leaving = low.use(last.operands[0])
    low.scope = Scope((("token", scalars.logits),))
    final = low.define(op.outputs[0])

    def leave(task: TaskBuilder) -> None:
        with task.nest((*scope.loops, ("word", leaving.words))) as (token, layer, _word):
            word = task.read(leaving.channel.handle)
            is_last = layer.eq(layers - 1)
            with task.when(~is_last):
                task.write(fed_back.channel.handle, word)
            has_logits = (token + task.index_of(scalars.logits)) >= task.index_of(scalars.tokens)
            with task.when(is_last & has_logits):
                task.write(final.channel.handle, word)

    low.task(op, "leave_layer", [leaving.channel], [fed_back.channel, final.channel], leave)


def _lower_body(low: Lowering, op: ssm.LayersOp) -> None:
    for inner in op.block.ops:
        if not isinstance(inner, ssm.YieldOp):
            lower(low, inner)


def lower_logits(low: Lowering, op: Operation, logits: SSAValue) -> None:
    """Logits go to memory, and the greedy choice back to the embedding and to memory."""
    source = low.use(logits)
    kept = low.vector("logits_kept", source.length, source.bits)
    judged = low.vector("logits_judged", source.length, source.bits)
    loops = (*low.scope.loops, ("word", source.words))

    def fork(kernel: library.KernelBuilder) -> None:
        sinks = [kept.channel.handle, judged.channel.handle]
        library.fork(kernel, "fork_logits", source.channel.handle, sinks, loops)

    low.network.add(low.kernel, [source.channel], [kept.channel, judged.channel], fork)
    _store_logits(low, kept, fixed(logits))
    _choose_greedily(low, op, judged)


def _store_logits(low: Lowering, kept: Vector, target: ssm.FixedType) -> None:
    network, logits = low.network, low.scalars.logits
    words = library.words_for(kept.words, WORD_BITS, kept.lanes * kept.bits)
    layout = layout_entry(
        "logits",
        words=words,
        length=kept.length,
        lanes=kept.lanes,
        bits=kept.bits,
        frac=target.frac.data,
        mul=target.mul.data,
    )
    bank = network.bank("logits", words, direction="write", place=low.place, layout=[layout])
    packed = network.channel("logits_words", ui(WORD_BITS))

    def pack(kernel: library.KernelBuilder) -> None:
        loops = (("token", logits),)
        library.pack(kernel, "pack_logits", kept.channel.handle, packed.handle, kept.words, loops)

    def write(task: TaskBuilder) -> None:
        with task.loop("token", logits) as token:
            task.burst_write(packed.handle, bank, token * words, words)

    network.add(STORE, [kept.channel], [packed], pack)
    network.task(STORE, "write_logits", [packed], [], write)


def _choose_greedily(low: Lowering, op: Operation, judged: Vector) -> None:
    """The largest logit, the lowest id among equals; rows that pad the vocabulary are left out."""
    network, logits = low.network, low.scalars.logits
    tokens = _tokens_in_use(op) or judged.length
    layout = [layout_entry("tokens")]
    bank = network.bank(
        "tokens",
        LONGEST_PROMPT,
        word_bits=ID_BITS,
        direction="write",
        place=low.place,
        layout=layout,
    )
    stored = network.channel("tokens", TOKEN)
    value_type = si(judged.bits)
    numbers = smallest_type(Range(0, judged.lanes - 1))

    def choose(task: TaskBuilder) -> None:
        best, best_id = task.register("best", value_type), task.register("best_id", TOKEN)
        with task.loop("token", logits) as token:
            with task.loop("word", judged.words, pipeline=True) as index:
                word = task.read(judged.channel.handle)

                def better(position: Value, top: Value, top_lane: Value) -> list[Value]:
                    value = lane(word, position, judged.bits)
                    wins = value > top
                    if tokens < judged.length:
                        wins = wins & ((index * judged.lanes + position) < tokens)
                    return [wins.select(value, top), wins.select(position.cast(numbers), top_lane)]

                # The word's best first, so that one comparison is all that the next word waits for.
                begin = [lane(word, 0, judged.bits), task.constant(0, numbers)]
                top, top_lane = task.fold("lane", judged.lanes, begin, better, unroll=True)
                wins = index.eq(0) | (top > best.get())
                if tokens <= judged.length - judged.lanes:
                    wins = wins & ((index * judged.lanes) < tokens)
                number = (index * judged.lanes + top_lane.index()).cast(TOKEN)
                best.set(wins.select(top, best.get()))
                best_id.set(wins.select(number, best_id.get()))
            choice = best_id.get()
            task.write(stored.handle, choice)
            with task.when((token + 1) < task.index_of(logits)):
                task.write(low.chosen_tokens.handle, choice)

    def write(task: TaskBuilder) -> None:
        with task.loop("token", logits) as token:
            task.burst_write(stored.handle, bank, token, 1)

    low.task(op, "choose_greedily", [judged.channel], [stored, low.chosen_tokens], choose)
    network.task(STORE, "write_tokens", [stored], [], write)


def _tokens_in_use(op: Operation) -> int | None:
    """Ids of the op's model that stand for a token, None if its module does not say."""
    module = op.parent_op()
    while module is not None and not isinstance(module, ModuleOp):
        module = module.parent_op()
    return None if module is None else tokens_of_module(module)
