"""An adapter for the conformance suite touchstone: the components of the catalogue that PyTorch has, by its own operators on the CPU.

Nothing is repaired here: what torch gives is what is answered. Only invalid input is refused before torch sees it.
A component is a function whose signature is its row of the catalogue: a text such as "[..., V]" is a tensor's shape, a tuple
holds the values of a choice (with a default: an option, and those that torch follows), a type is a JSON type, a list is one of
tensors, an object one of such fields ("?" after a name: may be left out), a function checks a JSON number.
"""
import base64, inspect, json, math, re, sys
import torch
import torch.nn.functional as F
from torch.nn.utils.stateless import functional_call

# Single operations are IEEE's. exp, tanh and erf are SLEEF's functions of 1 ulp (sleef.org, "u10"), or the C library's, which are
# better; so is log. 0.99, 1.00, 0.86 and 0.62 are the most that 8 million arguments each showed. A sum's order depends on the vector unit.
NUMERICS = {"storage": "float32", "accumulate": "float32", "order": "any", "fusedMultiplyAdd": "maybe", "exp": {"ulp": 1},
            "log": {"ulp": 1}, "tanh": {"ulp": 1}, "erf": {"ulp": 1}, "division": {"ulp": 0.5}, "reciprocalRoot": {"ulp": 1},
            "algorithm": {"softmax": "shifted", "logSoftmax": "shifted", "distance": "direct"}}
# cdist takes the expanded form for more than 25 vectors or queries (its compute_mode).
ALGORITHMS = {"nearestNeighbors": {"distance": "expanded"}}
DTYPES = {name: getattr(torch, name) for name in "float64 float32 float16 bfloat16 int64 int32 uint8 bool".split()}
COMPONENTS = {}

FINITE = "(-inf, inf)"
PROBABILITIES = {"probabilities": "[..., V]"}

def component(function):
    COMPONENTS[function.__name__] = function
    return function

class Rejected(Exception):
    """The input is invalid."""

class Unsupported(Exception):
    """torch has no such thing."""

def demand(holds, where, expected, got):
    if not holds:
        raise Rejected(f"{where}: expected {expected}, got {got if isinstance(got, str) else repr(got)[:80]}")

# Values

def number(interval):
    """Checks for a number in an interval, for example "(0, 1]"; one that ends on "inf)" demands a finite number."""
    low, high = map(float, interval[1:-1].split(","))
    def check(value, where):
        special = value in ("NaN", "Infinity", "-Infinity", "-0")
        x = float(value) if special or type(value) in (int, float) else math.nan
        inside = low < x < high or x == low and interval[0] == "[" or x == high and interval[-1] == "]"
        demand(inside, where, f"a number in {interval}", value)
        return x
    return check

def integer(least):
    def check(value, where):
        x = number(FINITE)(value, where)
        demand(x.is_integer() and x >= least, where, f"an integer ≥ {least}", value)
        return int(x)
    return check

def choice(*values):
    """Checks for one of the values of a field with a default that is no option."""
    def check(value, where):
        demand(value in values, where, " or ".join(values), value)
        return value
    return check

# Tensors

def parsed(annotation):
    """("bool", ["...", "Lq", "Lk"]) for "bool [..., Lq, Lk]"; no kind means any float type."""
    kind, dimensions = re.fullmatch(r"(\w*) ?\[(.*)\]", annotation).groups()
    return kind or "float", [dimension for dimension in dimensions.split(", ") if dimension]

def parameters(function):
    return inspect.signature(function).parameters.values()

def results(function):
    return inspect.signature(function).return_annotation

def fit(sizes, field, annotation, shape):
    """The full shape of a field. Its dimensions must agree with the sizes met so far, which they join; a mask broadcasts."""
    demand(isinstance(shape, list), field, "a shape", shape)
    shape, dimensions = tuple(integer(0)(size, field) for size in shape), parsed(annotation)[1]
    if field in ("mask", "memoryMask"):
        sizes.setdefault("S", sizes.get("L"))  # without memory
        full = sum((sizes[dimension] for dimension in dimensions), ())
        fits = len(shape) <= len(full) and all(n in (1, size) for n, size in zip(shape[::-1], full[::-1]))
        demand(fits, field, f"a shape that broadcasts to {full}", shape)
        return full
    leading = dimensions[:1] == ["..."]
    split = len(shape) - len(dimensions) + leading
    demand(split >= 0 if leading else split == 0, field, annotation, f"shape {shape}")
    for dimension, size in zip(dimensions, [shape[:split]] * leading + [(n,) for n in shape[split:]]):
        demand(sizes.setdefault(dimension, size) == size, field, f"{dimension} = {sizes[dimension]}", f"shape {shape}")
    return shape

def decode(sizes, field, annotation, tensor):
    demand(isinstance(tensor, dict), field, "a tensor", tensor)
    kind, (dtype, shape, data) = parsed(annotation)[0], (tensor.get(key) for key in ("dtype", "shape", "data"))
    demand(dtype in [*DTYPES] and kind in dtype, field, f"a {kind} tensor", f"dtype {dtype}")
    full = fit(sizes, field, annotation, shape)
    try:
        raw = bytearray(base64.b64decode(data, validate=True))
        flat = torch.frombuffer(raw, dtype=DTYPES[dtype]) if raw else torch.empty(0, dtype=DTYPES[dtype])
        return torch.broadcast_to(flat.reshape(shape), full)
    except (TypeError, ValueError, RuntimeError) as problem:
        raise Rejected(f"{field}.data: expected the base64 text of {shape} {dtype} elements, got {problem}")

def encode(tensor, kind):
    stored = tensor.detach().to(tensor.dtype if kind == "float" else DTYPES[kind]).contiguous()
    data = base64.b64encode(bytes(stored.flatten().view(torch.uint8).tolist()) if stored.numel() else b"").decode()
    return {"dtype": str(stored.dtype)[6:], "shape": list(stored.shape), "data": data}

# Sampling

def samplable(logits):
    demand(not (logits.isnan() | (logits == math.inf)).any(), "logits", "neither NaN nor Infinity", "one of them")
    demand((logits > -math.inf).any(-1).all(), "logits", "a finite logit in every row", "a row without any")

@component
def softmax(*, logits: "[..., V]", emptyRow: ("nan",) = "nan") -> PROBABILITIES:
    return torch.softmax(logits, -1)

@component
def logSoftmax(*, logits: "[..., V]") -> {"logProbabilities": "[..., V]"}:
    return torch.log_softmax(logits, -1)

@component
def topK(*, logits: "[..., V]", k: integer(1), ties: ("any",) = "any") -> {"kept": "bool [..., V]", **PROBABILITIES}:
    samplable(logits)
    largest = torch.topk(logits, min(k, logits.shape[-1]))
    kept = torch.zeros_like(logits, dtype=torch.bool).scatter(-1, largest.indices, largest.values > -math.inf)
    return kept, torch.softmax(logits.masked_fill(~kept, -math.inf), -1)

@component
def greedyToken(*, logits: "[..., V]", ties: ("lowestIndex", "any") = "lowestIndex") -> {"token": "int32 [...]"}:
    samplable(logits)
    return torch.argmax(logits, -1)

# Attention: in torch 1.13 it has no scale of one's own, a causal mask joins the upper left corners, and a query without keys gives NaN.

@component
def causalMask(*, queryLength: integer(0), keyLength: integer(0),
               alignment: ("bottomRight", "topLeft") = "bottomRight") -> {"mask": "bool [Lq, Lk]"}:
    mask = torch.ones(queryLength, keyLength, dtype=torch.bool)
    return mask.tril(keyLength - queryLength if alignment == "bottomRight" else 0)

def attended(query, key, value, mask, causal, scale):
    if scale is not None:
        raise Unsupported("attention with a scale of one's own")
    demand(query.shape[-1], "query", "D ≥ 1", "D = 0")
    if causal and mask is not None:  # torch takes one of the two
        mask = mask & causalMask(queryLength=query.shape[-2], keyLength=key.shape[-2], alignment="topLeft")
    return F._scaled_dot_product_attention(query, key, value, mask, 0.0, True, causal and mask is None)

@component
def attentionWeights(
        *, query: "[..., Lq, D]", key: "[..., Lk, D]", mask: "bool [..., Lq, Lk]" = None, causal: bool = False,
        scale: number(FINITE) = None, alignment: ("topLeft",) = "topLeft", emptyRow: ("nan",) = "nan",
        maskedValues: ("leak",) = "leak",
) -> {"weights": "[..., Lq, Lk]"}:
    return attended(query, key, key, mask, causal, scale)[1]

@component
def scaledDotProductAttention(
        *, query: "[..., Lq, D]", key: "[..., Lk, D]", value: "[..., Lk, E]", mask: "bool [..., Lq, Lk]" = None,
        causal: bool = False, scale: number(FINITE) = None, alignment: ("topLeft",) = "topLeft",
        emptyRow: ("nan",) = "nan", maskedValues: ("leak",) = "leak",
) -> {"output": "[..., Lq, E]"}:
    return attended(query, key, value, mask, causal, scale)[0]

@component
def multiHeadAttention(
        *, input: "[B, L, D]", memory: "[B, S, D]" = None,
        queryWeight: "[D, D]", keyWeight: "[D, D]", valueWeight: "[D, D]", outputWeight: "[D, D]",
        queryBias: "[D]" = None, keyBias: "[D]" = None, valueBias: "[D]" = None, outputBias: "[D]" = None,
        heads: integer(1), mask: "bool [B, L, S]" = None, causal: bool = False,
) -> {"output": "[B, L, D]"}:
    (batch, length, width), memory = input.shape, input if memory is None else memory
    demand(width % heads == 0, "heads", f"a divisor of D = {width}", heads)
    allowed = torch.ones(batch, length, memory.shape[1], dtype=torch.bool) if mask is None else mask
    if causal:
        allowed = allowed & causalMask(queryLength=length, keyLength=memory.shape[1])
    biases = [input.new_zeros(width) if bias is None else bias for bias in (queryBias, keyBias, valueBias)]
    query, key = input.transpose(0, 1), memory.transpose(0, 1)
    output, _ = F.multi_head_attention_forward(
        query, key, key, width, heads, None, torch.cat(biases), None, None, False, 0.0, outputWeight.T, outputBias,
        training=False, need_weights=False, attn_mask=~allowed.repeat_interleave(heads, 0),
        use_separate_proj_weight=True, q_proj_weight=queryWeight.T, k_proj_weight=keyWeight.T, v_proj_weight=valueWeight.T)
    return output.transpose(0, 1)

# Layers

@component
def linear(*, input: "[..., I]", weight: "[I, O]", bias: "[O]" = None) -> {"output": "[..., O]"}:
    return F.linear(input, weight.T, bias)

@component
def relu(*, input: "[...]") -> {"output": "[...]"}:
    return F.relu(input)

@component
def gelu(*, input: "[...]", form: ("exact", "tanh") = "exact") -> {"output": "[...]"}:
    return F.gelu(input, approximate="none" if form == "exact" else "tanh")

@component
def silu(*, input: "[...]") -> {"output": "[...]"}:
    return F.silu(input)

@component
def layerNorm(*, input: "[..., D]", gain: "[D]", bias: "[D]", epsilon: number("[0, inf)") = 1e-5) -> {"output": "[..., D]"}:
    return F.layer_norm(input, gain.shape, gain, bias, epsilon)

@component
def addAndNorm(*, input: "[..., D]", sublayer: "[..., D]", gain: "[D]", bias: "[D]",
               epsilon: number("[0, inf)")) -> {"output": "[..., D]"}:
    return F.layer_norm(input + sublayer, gain.shape, gain, bias, epsilon)

@component
def feedForward(*, input: "[..., D]", weight1: "[D, F]", bias1: "[F]", weight2: "[F, D]", bias2: "[D]",
                activation: ("relu", "gelu")) -> {"output": "[..., D]"}:
    hidden = F.linear(input, weight1.T, bias1)
    return F.linear(F.relu(hidden) if activation == "relu" else F.gelu(hidden), weight2.T, bias2)

# Embedding

@component
def tokenEmbedding(*, table: "[V, D]", ids: "int [...]") -> {"output": "[..., D]"}:
    demand(((ids >= 0) & (ids < len(table))).all(), "ids", f"ids from 0 to {len(table) - 1}", "others")
    return F.embedding(ids, table)

@component
def learnedPositions(*, table: "[C, D]", length: integer(0), offset: integer(0) = 0) -> {"positions": "[T, D]"}:
    demand(offset + length <= len(table), "length", f"offset + length ≤ {len(table)}", offset + length)
    return F.embedding(torch.arange(offset, offset + length), table)

@component
def unitNormalize(*, input: "[..., D]", zeroVector: ("zero",) = "zero") -> {"output": "[..., D]"}:
    return F.normalize(input, dim=-1)

# Similarity

@component
def dotProduct(*, a: "[..., D]", b: "[..., D]") -> {"similarity": "[...]"}:
    return torch.linalg.vecdot(a, b)

@component
def cosineSimilarity(*, a: "[..., D]", b: "[..., D]", zeroVector: ("zero",) = "zero") -> {"similarity": "[...]"}:
    return F.cosine_similarity(a, b, dim=-1)

@component
def squaredEuclideanDistance(*, a: "[..., D]", b: "[..., D]") -> {"distance": "[...]"}:
    return F.mse_loss(a, b, reduction="none").sum(-1)

@component
def euclideanDistance(*, a: "[..., D]", b: "[..., D]") -> {"distance": "[...]"}:
    return F.pairwise_distance(a, b, eps=0)  # by default 1e-6 is added to each difference

@component
def nearestNeighbors(*, vectors: "[N, D]", queries: "[Q, D]", k: integer(1), metric: ("cosine", "dot", "euclidean"),
                     allowed: "bool [N]" = None) -> {"ids": "int32 [Q, K]", "scores": "[Q, K]"}:
    known = torch.arange(len(vectors)) if allowed is None else allowed.nonzero().flatten()
    candidates = vectors[known]
    if metric == "euclidean":
        scores = torch.cdist(queries, candidates)
    elif metric == "dot":
        scores = queries @ candidates.T
    else:
        scores = F.cosine_similarity(queries[:, None], candidates[None], dim=-1)
    best = torch.topk(scores, min(k, len(known)), largest=metric != "euclidean")
    return known[best.indices], best.values

# Models

GATE = {"inputWeight": "[I, H]", "stateWeight": "[H, H]", "bias": "[H]"}
STATE = {"hidden": "[B, H]", "cell": "[B, H]"}
GATES = "inputGate", "forgetGate", "candidate", "outputGate"  # in torch's order

def sideBySide(gates):
    """The weights of a cell as torch wants them: transposed, one gate below the other. Of its two biases one is left at zero."""
    inputs, states, bias = (torch.cat([gate[part] for gate in gates], -1) for part in GATE)
    return inputs.T, states.T, bias, torch.zeros_like(bias)

@component
def rnnCell(*, input: "[B, I]", state: "[B, H]", weights: GATE) -> {"state": "[B, H]"}:
    return torch.rnn_tanh_cell(input, state, *sideBySide([weights]))

@component
def lstmCell(*, input: "[B, I]", state: STATE, weights: {gate: GATE for gate in GATES}) -> {"state": STATE}:
    hidden, cell = torch.lstm_cell(input, (state["hidden"], state["cell"]), *sideBySide([weights[gate] for gate in GATES]))
    return [{"hidden": hidden, "cell": cell}]

NORM = {"gain": "[D]", "bias": "[D]"}
ATTENTION = {"queryWeight": "[D, D]", "keyWeight": "[D, D]", "valueWeight": "[D, D]", "outputWeight": "[D, D]",
             "queryBias?": "[D]", "keyBias?": "[D]", "valueBias?": "[D]", "outputBias?": "[D]"}
FEED_FORWARD = {"weight1": "[D, F]", "bias1": "[F]", "weight2": "[F, D]", "bias2": "[D]"}
ENCODER = {"attention": ATTENTION, "attentionNorm": NORM, "feedForward": FEED_FORWARD, "feedForwardNorm": NORM}
DECODER = {**ENCODER, "crossAttention": ATTENTION, "crossAttentionNorm": NORM}

def named(weights, parts):
    """The weights of a layer by torch's names; parts says what its attentions and norms are called."""
    tensors = {}
    for part, name in parts.items():
        given = weights[part]
        if "gain" in given:
            tensors[f"{name}.weight"], tensors[f"{name}.bias"] = given["gain"], given["bias"]
            continue
        projections = "query", "key", "value"
        bias = {side: given["queryWeight"].new_zeros(len(given["queryWeight"])) if given[f"{side}Bias"] is None
                else given[f"{side}Bias"] for side in (*projections, "output")}
        tensors[f"{name}.in_proj_weight"] = torch.cat([given[f"{side}Weight"].T for side in projections])
        tensors[f"{name}.in_proj_bias"] = torch.cat([bias[side] for side in projections])
        tensors[f"{name}.out_proj.weight"], tensors[f"{name}.out_proj.bias"] = given["outputWeight"].T, bias["output"]
    for i in "12":
        tensors[f"linear{i}.weight"], tensors[f"linear{i}.bias"] = (
            weights["feedForward"][f"weight{i}"].T, weights["feedForward"][f"bias{i}"])
    return tensors

def layer(kind, weights, parts, heads, norm, activation, epsilon):
    """One of torch's layers with these weights, as a function."""
    width, hidden = weights["feedForward"]["weight1"].shape
    demand(width % heads == 0, "heads", f"a divisor of D = {width}", heads)
    made = kind(width, heads, hidden, 0.0, activation, epsilon, batch_first=True, norm_first=norm == "pre").eval()
    return lambda *inputs: functional_call(made, named(weights, parts), inputs)

def excluded(allowed, heads):
    return None if allowed is None else ~allowed.repeat_interleave(heads, 0)

@component
def encoderLayer(*, input: "[B, L, D]", heads: integer(1), norm: ("post", "pre") = "post",
                 activation: choice("relu", "gelu") = "relu", weights: ENCODER, mask: "bool [B, L, L]" = None,
                 epsilon: number("[0, inf)") = 1e-5) -> {"output": "[B, L, D]"}:
    parts = {"attention": "self_attn", "attentionNorm": "norm1", "feedForwardNorm": "norm2"}
    made = layer(torch.nn.TransformerEncoderLayer, weights, parts, heads, norm, activation, epsilon)
    return made(input, excluded(mask, heads))

@component
def decoderLayer(*, input: "[B, L, D]", memory: "[B, S, D]", heads: integer(1), norm: ("post", "pre") = "post",
                 activation: choice("relu", "gelu") = "relu", weights: DECODER, mask: "bool [B, L, L]" = None,
                 memoryMask: "bool [B, L, S]" = None, epsilon: number("[0, inf)") = 1e-5) -> {"output": "[B, L, D]"}:
    parts = {"attention": "self_attn", "attentionNorm": "norm1", "crossAttention": "multihead_attn",
             "crossAttentionNorm": "norm2", "feedForwardNorm": "norm3"}
    made = layer(torch.nn.TransformerDecoderLayer, weights, parts, heads, norm, activation, epsilon)
    batch, length, _ = input.shape
    earlier = causalMask(queryLength=length, keyLength=length).expand(batch, length, length)
    return made(input, memory, excluded(earlier if mask is None else earlier & mask, heads), excluded(memoryMask, heads))

TABLES = {"tokenTable": "[V, D]", "positionTable": "[C, D]"}
GPT = {**TABLES, "layers": [ENCODER], "norm": NORM}
BERT = {**TABLES, "segmentTable": "[G, D]", "embeddingNorm": NORM, "layers": [ENCODER], "pooler?": {"weight": "[D, D]", "bias": "[D]"}}
SIZES = {size: integer(1) for size in ("vocabulary", "context", "width", "layers", "heads", "feedForwardWidth")}
CONFIG = {**SIZES, "epsilon?": number("[0, inf)")}

def embedded(ids, weights, config):
    """The tokens and their positions, after a look at the configuration."""
    (vocabulary, width), layers = weights["tokenTable"].shape, weights["layers"]
    sizes = {"vocabulary": vocabulary, "width": width, "context": len(weights["positionTable"]), "layers": len(layers),
             **{"feedForwardWidth": len(one["feedForward"]["bias1"]) for one in layers}}
    for size, actual in sizes.items():
        demand(config[size] == actual, f"config.{size}", actual, config[size])
    return tokenEmbedding(table=weights["tokenTable"], ids=ids) + learnedPositions(
        table=weights["positionTable"], length=ids.shape[1])

def throughLayers(x, weights, config, norm, mask, epsilon):
    for one in weights["layers"]:
        x = encoderLayer(input=x, heads=config["heads"], norm=norm, activation="gelu", weights=one, mask=mask, epsilon=epsilon)
    return x

@component
def gpt(*, ids: "int [B, T]", weights: GPT, config: CONFIG) -> {"logits": "[B, T, V]"}:
    epsilon, (batch, length) = 1e-5 if config["epsilon"] is None else config["epsilon"], ids.shape
    earlier = causalMask(queryLength=length, keyLength=length).expand(batch, length, length)
    x = throughLayers(embedded(ids, weights, config), weights, config, "pre", earlier, epsilon)
    return F.linear(layerNorm(input=x, **weights["norm"], epsilon=epsilon), weights["tokenTable"])

@component
def bert(*, ids: "int [B, T]", segments: "int [B, T]", mask: "bool [B, T]", weights: BERT,
         config: {**CONFIG, "segments?": integer(1)}) -> {"hidden": "[B, T, D]"}:
    epsilon, table = 1e-12 if config["epsilon"] is None else config["epsilon"], weights["segmentTable"]
    demand((config["segments"] or 2) == len(table), "config.segments", len(table), config["segments"])
    x = embedded(ids, weights, config) + tokenEmbedding(table=table, ids=segments)
    x = layerNorm(input=x, **weights["embeddingNorm"], epsilon=epsilon)
    return throughLayers(x, weights, config, "post", mask[:, None].expand(*ids.shape, ids.shape[1]), epsilon)

# Training

@component
def crossEntropy(*, logits: "[N, V]", targets: "int [N]", ignoreIndex: integer(-2 ** 31) = None,
                 labelSmoothing: number("[0, 1]") = 0, reduction: choice("mean", "sum", "none") = "mean") -> {"loss": "[...]"}:
    ignored = -100 if ignoreIndex is None else ignoreIndex
    isToken = (targets >= 0) & (targets < logits.shape[-1])
    demand((isToken | (targets == ignoreIndex)).all(), "targets", f"tokens from 0 to {logits.shape[-1] - 1}", "others")
    return F.cross_entropy(logits, targets.long(), ignore_index=ignored, label_smoothing=labelSmoothing, reduction=reduction)

RATE, SHARE = number("[0, inf)"), number("[0, 1)")

def started(kind, states, **settings):
    """An optimizer of parameters that are each in a state."""
    optimizer = kind([*states], **settings)
    optimizer.state.update(states)
    return optimizer

def stepped(kind, parameter, gradient, state, **settings):
    """The parameter after one step of an optimizer that is in a state."""
    moved = parameter.clone().requires_grad_()
    moved.grad = gradient.clone()
    optimizer = started(kind, {moved: state}, **settings)
    optimizer.step()
    return moved, optimizer.state[moved]

@component
def sgdStep(*, parameter: "[...]", gradient: "[...]", velocity: "[...]" = None, learningRate: RATE, momentum: RATE = 0,
            weightDecay: RATE = 0) -> {"parameter": "[...]", "velocity": "[...]"}:
    state = {} if velocity is None else {"momentum_buffer": velocity.clone()}
    moved, state = stepped(torch.optim.SGD, parameter, gradient, state, lr=learningRate, momentum=momentum, weight_decay=weightDecay)
    # Without momentum torch keeps no velocity; it is what the parameter moved by.
    return moved, state["momentum_buffer"] if momentum else gradient.add(parameter, alpha=weightDecay)

ADAM = {"decoupled": torch.optim.AdamW, "coupled": torch.optim.Adam}

def adamState(step, mean, variance):
    return {"step": torch.tensor(float(step)), "exp_avg": mean.clone(), "exp_avg_sq": variance.clone()}

@component
def adamStep(*, parameter: "[...]", gradient: "[...]", mean: "[...]", variance: "[...]", step: integer(1), learningRate: RATE,
             beta1: SHARE = 0.9, beta2: SHARE = 0.999, epsilon: RATE = 1e-8, weightDecay: RATE = 0,
             decay: ("decoupled", "coupled") = "decoupled") -> {"parameter": "[...]", "mean": "[...]", "variance": "[...]"}:
    moved, state = stepped(ADAM[decay], parameter, gradient, adamState(step - 1, mean, variance), lr=learningRate,
                           betas=(beta1, beta2), eps=epsilon, weight_decay=weightDecay)
    return moved, state["exp_avg"], state["exp_avg_sq"]

@component
def gradientClipping(*, gradients: ["[...]"], maxNorm: number("(0, inf]")) -> {"gradients": ["[...]"], "norm": "[]"}:
    parameters = [torch.zeros_like(one) for one in gradients]
    for parameter, one in zip(parameters, gradients):
        parameter.grad = one.clone()
    norm = torch.nn.utils.clip_grad_norm_(parameters, maxNorm)
    return [parameter.grad for parameter in parameters], norm

def gradient(name, forward, *fields, without=()):
    """Offers a component's gradients by some of its fields, from autograd; none of a field that is left out. Some options it has not."""
    signature = inspect.signature(forward)
    known = {field: parameter for field, parameter in signature.parameters.items() if field not in without}
    def backward(*, outputGradient, **given):
        leaves = {field: given[field].clone().requires_grad_() for field in fields if field in given}
        output = forward(**{**given, **leaves})
        fits = outputGradient.shape == output.shape
        demand(fits, "outputGradient", f"the output's shape {[*output.shape]}", f"shape {[*outputGradient.shape]}")
        found = iter(torch.autograd.grad(output, leaves.values(), outputGradient))
        return [next(found) if field in leaves else None for field in fields]
    extra = inspect.Parameter("outputGradient", inspect.Parameter.KEYWORD_ONLY, annotation=[*results(forward).values()][0])
    backward.__signature__ = signature.replace(
        parameters=[*known.values(), extra],
        return_annotation={f"{field}Gradient": known[field].annotation for field in fields})
    COMPONENTS[name] = backward

gradient("softmaxGradient", softmax, "logits")
gradient("linearGradient", linear, "input", "weight", "bias")
gradient("tokenEmbeddingGradient", tokenEmbedding, "table")
gradient("geluGradient", gelu, "input")

gradient("layerNormGradient", layerNorm, "input", "gain", "bias")
gradient("feedForwardGradient", feedForward, "input", "weight1", "bias1", "weight2", "bias2")
gradient("attentionGradient", scaledDotProductAttention, "query", "key", "value", without=("emptyRow", "maskedValues"))
gradient("crossEntropyGradient", crossEntropy, "logits")

@component
def contrastiveLoss(*, anchors: "[N, D]", positives: "[N, D]", temperature: number("(0, inf)")
                    ) -> {"loss": "[]", "anchorsGradient": "[N, D]", "positivesGradient": "[N, D]"}:
    leaves = [side.clone().requires_grad_() for side in (anchors, positives)]
    cosines = F.cosine_similarity(leaves[0][:, None], leaves[1][None], dim=-1)
    loss = F.cross_entropy(cosines / temperature, torch.arange(len(anchors)))
    return loss, *torch.autograd.grad(loss, leaves)

def overall(change, first, *others):
    """What a change makes of every tensor of weights, together with its counterparts. Those are as many."""
    if isinstance(first, dict):
        return {part: overall(change, first[part], *(other[part] for other in others)) for part in first}
    if isinstance(first, list):
        demand(all(len(first) == len(other) for other in others), "state", f"{len(first)} layers", "others")
        return [overall(change, *parts) for parts in zip(first, *others)]
    demand(all((first is None) == (other is None) for other in others), "state", "the tensors of the weights", "others")
    return None if first is None else change(first, *others)

STEPPED = {"mean": GPT, "variance": GPT, "step": integer(0)}

@component
def trainingStep(*, ids: "int [B, T]", targets: "int [B, T]", ignoreIndex: integer(-2 ** 31) = None, weights: GPT, config: CONFIG,
                 state: STEPPED, learningRate: RATE, beta1: SHARE = 0.9, beta2: SHARE = 0.999, epsilon: RATE = 1e-8,
                 weightDecay: RATE = 0, decay: ("decoupled", "coupled") = "decoupled", steps: integer(1) = 1,
                 ) -> {"loss": "[]", "weights": GPT, "state": STEPPED}:
    states = {}
    def leaf(weight, mean, variance):
        moved = weight.clone().requires_grad_()
        states[moved] = adamState(state["step"], mean, variance)
        return moved
    moved = overall(leaf, weights, state["mean"], state["variance"])
    optimizer = started(ADAM[decay], states, lr=learningRate, betas=(beta1, beta2), eps=epsilon, weight_decay=weightDecay)
    counted = targets if ignoreIndex is None else targets[targets != ignoreIndex]
    demand(counted.numel(), "targets", "one that counts", "none")
    for _ in range(steps):
        optimizer.zero_grad()
        logits = gpt(ids=ids, weights=moved, config=config)
        loss = crossEntropy(logits=logits.flatten(0, 1), targets=targets.flatten(), ignoreIndex=ignoreIndex)
        loss.backward()
        optimizer.step()
    mean, variance = (overall(lambda one: states[one][name], moved) for name in ("exp_avg", "exp_avg_sq"))
    return loss, moved, {"mean": mean, "variance": variance, "step": state["step"] + steps}

# Protocol

def arguments(function, given):
    """The arguments of a function, checked against its signature: none unknown, none missing."""
    demand(isinstance(given, dict), "input", "an object", given)
    unknown = given.keys() - {field.name for field in parameters(function)}
    demand(not unknown, "input", "no other fields", ", ".join(unknown))
    checked, sizes = {}, {}
    for field in parameters(function):
        if field.name in given:
            checked[field.name] = read(sizes, field.name, field.annotation, given[field.name])
        else:
            demand(field.default is not field.empty, field.name, "a value", "nothing")
    return checked

def read(sizes, field, expected, value):
    """A value that is checked against its annotation."""
    if isinstance(expected, str):
        return decode(sizes, field, expected, value)
    if isinstance(expected, dict):
        demand(isinstance(value, dict), field, "an object", value)
        unknown = value.keys() - {name.rstrip("?") for name in expected}
        demand(not unknown, field, "no other fields", ", ".join(unknown))
        missing = [name for name in expected if name[-1] != "?" and name not in value]
        demand(not missing, field, ", ".join(missing), "none")
        names = [(name.rstrip("?"), inner) for name, inner in expected.items()]
        return {name: read(sizes, f"{field}.{name}", inner, value[name]) if name in value else None for name, inner in names}
    if isinstance(expected, list):
        demand(isinstance(value, list), field, "a list", value)
        alike = isinstance(expected[0], dict)  # layers are of one size, single tensors of any
        return [read(sizes if alike else {}, f"{field}.{i}", expected[0], one) for i, one in enumerate(value)]
    if isinstance(expected, type):
        demand(isinstance(value, expected), field, f"a JSON value of type {expected.__name__}", value)
    elif isinstance(expected, tuple):
        demand(value in expected, field, " or ".join(expected), value)
    else:
        return expected(value, field)
    return value

def write(value, annotation):
    if isinstance(annotation, dict):
        present = [(field.rstrip("?"), inner) for field, inner in annotation.items()]
        return {field: write(value[field], inner) for field, inner in present if value[field] is not None}
    if isinstance(annotation, list):
        return [write(one, annotation[0]) for one in value]
    return encode(value, parsed(annotation)[0]) if isinstance(annotation, str) else value

def run(function, given):
    output, fields = function(**arguments(function, given)), results(function)
    values = output if isinstance(output, (tuple, list)) else [output]
    return {field: write(value, annotation)
            for (field, annotation), value in zip(fields.items(), values) if value is not None}

def declaration(name, function):
    options = {field.name: field.annotation for field in parameters(function)
               if isinstance(field.annotation, tuple) and field.default is not field.empty}
    numerics = {**NUMERICS, "algorithm": {**NUMERICS["algorithm"], **ALGORITHMS.get(name, {})}}
    return {"numerics": numerics, **({"options": options} if options else {})}

def answer(call, component=None, input=None, **_):
    if call == "hello":
        return {"name": "torch", "version": torch.__version__, "language": "Python", "window": 8,
                "components": {name: declaration(name, function) for name, function in COMPONENTS.items()}}
    if call != "run" or component not in COMPONENTS:
        return {"unsupported": f"{call} {component}"}
    try:
        return {"output": run(COMPONENTS[component], input)}
    except Rejected as reason:
        return {"reject": f"{component}.{reason}"}
    except Unsupported as reason:
        return {"unsupported": str(reason)}
    except Exception as failure:
        return {"error": f"{type(failure).__name__}: {failure}"}

if __name__ == "__main__":
    torch.set_num_threads(1)
    for line in sys.stdin.buffer:
        request = json.loads(line)
        print(json.dumps({"id": request["id"], **answer(**request)}, allow_nan=False), flush=True)
