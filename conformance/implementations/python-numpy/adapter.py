"""An adapter for the conformance suite touchstone: twenty-seven components of the catalogue, in numpy.

Tensors come and go in their storage type; in between everything is float64, and every output is rounded once, at the end.
A component is a function whose signature is its row of the catalogue: a text such as "[..., V]" is a tensor's shape, a tuple
holds the values of a choice (with a default: an option), a type is a JSON type, a function checks a JSON number. A session is a
class, and its actions are its methods.
"""
import base64, inspect, json, math, re, sys
from fractions import Fraction
import numpy as np

# exp and log: numpy's AVX-512 functions are good to 4 ulp (numpy pull request 19478; 1.7 met in numpy 1.24, below 1 without).
NUMERICS = {"storage": "float32", "accumulate": "float64", "exp": {"ulp": 4}, "log": {"ulp": 4}, "tanh": {"ulp": 2},
            "erf": {"ulp": 16}, "division": {"ulp": 0.5}, "reciprocalRoot": {"ulp": 1},
            "algorithm": {"softmax": "shifted", "variance": "two-pass", "gelu": "erfc", "distance": "direct"}}
DTYPES = {"float64": "<f8", "float32": "<f4", "float16": "<f2", "bfloat16": "<u2",
          "int64": "<i8", "int32": "<i4", "uint8": "u1", "bool": "u1"}
COMPONENTS, SESSIONS, OPEN = {}, {}, {}

ALIGNMENT, EMPTY_ROW, MASKED_VALUES = ("bottomRight", "topLeft"), ("zero", "nan"), ("isolated", "leak")
FINITE = "(-inf, inf)"
PROBABILITIES = {"probabilities": "[..., V]"}
FILTERED = {"kept": "bool [..., V]", **PROBABILITIES}

def component(function):
    COMPONENTS[function.__name__] = function
    return function

def session(kind):
    SESSIONS[kind.__name__] = kind
    return kind

class Rejected(Exception):
    """The input is invalid."""

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

# Tensors

def parsed(annotation):
    """("bool", ["...", "Lq", "Lk"]) for "bool [..., Lq, Lk]"; no kind means any float type."""
    kind, dimensions = re.fullmatch(r"(\w*) ?\[(.*)\]", annotation).groups()
    return kind or "float", dimensions.split(", ")

def shaped(sizes, annotation):
    return sum((sizes[dimension] for dimension in parsed(annotation)[1]), ())

def fit(sizes, field, annotation, shape):
    """The full shape of a field. Its dimensions must agree with the sizes met so far, which they join; a mask broadcasts."""
    demand(isinstance(shape, list), field, "a shape", shape)
    shape, dimensions = tuple(integer(0)(size, field) for size in shape), parsed(annotation)[1]
    if field == "mask":
        sizes.setdefault("S", sizes.get("L"))  # without memory
        full = shaped(sizes, annotation)
        fits = len(shape) <= len(full) and all(n in (1, size) for n, size in zip(shape[::-1], full[::-1]))
        demand(fits, field, f"a shape that broadcasts to {full}", shape)
        return full
    leading = dimensions[0] == "..."
    split = len(shape) - len(dimensions) + leading
    demand(split >= 0 if leading else split == 0, field, annotation, f"shape {shape}")
    for dimension, size in zip(dimensions, [shape[:split]] * leading + [(n,) for n in shape[split:]]):
        demand(sizes.setdefault(dimension, size) == size, field, f"{dimension} = {sizes[dimension]}", f"shape {shape}")
    return shape

def decode(sizes, field, annotation, tensor):
    """A tensor as float64 or bool."""
    demand(isinstance(tensor, dict), field, "a tensor", tensor)
    kind, (dtype, shape, data) = parsed(annotation)[0], (tensor.get(key) for key in ("dtype", "shape", "data"))
    demand(dtype in [*DTYPES] and kind in dtype, field, f"a {kind} tensor", f"dtype {dtype}")
    full = fit(sizes, field, annotation, shape)
    try:
        array = np.frombuffer(base64.b64decode(data, validate=True), DTYPES[dtype]).reshape(shape)
    except (TypeError, ValueError) as problem:
        raise Rejected(f"{field}.data: expected the base64 text of {shape} {dtype} elements, got {problem}")
    array = (array.astype("<u4") << 16).view("<f4") if dtype == "bfloat16" else array
    return np.broadcast_to(array, full).astype(bool if kind == "bool" else float)

def bfloat16(array):
    """The bits of the nearest bfloat16, ties to even; a float32 rounded to odd in between does no harm."""
    near = array.astype("<f4")
    beyond = np.nextafter(near, np.where(near < array, np.inf, -np.inf).astype("<f4"))
    bits = np.where((near == array) | (near.view("<u4") & 1 == 1), near, beyond).view("<u4")
    return np.where(np.isnan(array), 0x7FC0, bits + 0x7FFF + (bits >> 16 & 1) >> 16)

def encode(array, dtype):
    array = np.asarray(array)
    stored = (bfloat16(array) if dtype == "bfloat16" else array).astype(DTYPES[dtype])
    return {"dtype": dtype, "shape": list(array.shape), "data": base64.b64encode(stored.tobytes()).decode()}

# Sampling

def normalized(x, emptyRow=math.nan):
    """The softmax of each row, shifted by its largest element; emptyRow where all are -Infinity."""
    top = x.max(-1, keepdims=True, initial=-np.inf)
    weights = np.exp(x - top)
    return np.where(top == -np.inf, emptyRow, weights / weights.sum(-1, keepdims=True))

def distribution(logits, temperature=1):
    """softmax(logits / temperature); shifted before it is divided, so that only what vanishes anyway can overflow."""
    return normalized((logits - logits.max(-1, keepdims=True, initial=-np.inf)) / temperature)

def samplable(logits):
    demand(not (np.isnan(logits) | (logits == np.inf)).any(), "logits", "neither NaN nor Infinity", "one of them")
    demand((logits > -np.inf).any(-1).all(), "logits", "a finite logit in every row", "a row without any")

def only(kept, logits):
    return np.where(kept, logits, -np.inf)

def greediest(logits):
    """The logits with only the first of the largest left."""
    largest = logits == logits.max(-1, keepdims=True, initial=-np.inf)
    return only(largest & (largest.cumsum(-1) == 1), logits)

def places(logits):
    """Each token's place in the stable falling order."""
    return (-logits).argsort(-1, kind="stable").argsort(-1)

# The filters tell which tokens they keep. A logit of -Infinity is excluded already, in all of them.

def largestK(logits, _, k, ties="any"):
    kept = places(logits) < min(k, logits.shape[-1])
    if ties == "all":
        kept = logits >= np.where(kept, logits, np.inf).min(-1, keepdims=True, initial=np.inf)
    return kept & np.isfinite(logits)

def nucleus(logits, probabilities, p, boundary="include"):
    mass = np.take_along_axis(probabilities, (-logits).argsort(-1, kind="stable"), -1).cumsum(-1)
    below = (mass < p if boundary == "include" else mass <= p).sum(-1, keepdims=True)
    count = below + 1 if boundary == "include" else np.maximum(below, 1)
    return (places(logits) < count) & np.isfinite(logits) if p < 1 else np.isfinite(logits)

def probableEnough(logits, probabilities, p):
    return (probabilities >= p * probabilities.max(-1, keepdims=True, initial=0)) & np.isfinite(logits)

def filtered(keep, logits, *settings):
    samplable(logits)
    kept = keep(logits, distribution(logits), *settings)
    return kept, distribution(only(kept, logits))

@component
def softmax(*, logits: "[..., V]", emptyRow: ("nan", "zero") = "nan") -> PROBABILITIES:
    return normalized(logits, math.nan if emptyRow == "nan" else 0)

@component
def logSoftmax(*, logits: "[..., V]") -> {"logProbabilities": "[..., V]"}:
    shifted = logits - logits.max(-1, keepdims=True, initial=-np.inf)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))

@component
def temperature(*, logits: "[..., V]", temperature: number("[0, inf)"), zero: ("greedy", "reject") = "greedy") -> PROBABILITIES:
    demand(temperature > 0 or zero == "greedy", "temperature", "a number > 0", temperature)
    samplable(logits)
    return distribution(logits, temperature) if temperature > 0 else distribution(greediest(logits))

@component
def topK(*, logits: "[..., V]", k: integer(1), ties: ("any", "lowestIndex", "all") = "any") -> FILTERED:
    return filtered(largestK, logits, k, ties)

@component
def topP(*, logits: "[..., V]", p: number("(0, 1]"), boundary: ("include", "exclude") = "include") -> FILTERED:
    return filtered(nucleus, logits, p, boundary)

@component
def minP(*, logits: "[..., V]", p: number("[0, 1]")) -> FILTERED:
    return filtered(probableEnough, logits, p)

@component
def samplingDistribution(
        *, logits: "[..., V]", temperature: number("[0, inf)") = 1,
        topK: integer(1) = None, topP: number("(0, 1]") = None, minP: number("[0, 1]") = None,
        order: ("temperatureFirst", "temperatureLast") = "temperatureFirst",
) -> FILTERED:
    samplable(logits)
    if temperature == 0:  # every filter keeps the first of the largest, so the order does not matter
        logits, temperature = greediest(logits), 1
    seen = temperature if order == "temperatureFirst" else 1
    for keep, setting in (largestK, topK), (nucleus, topP), (probableEnough, minP):
        if setting is not None:
            logits = only(keep(logits, distribution(logits, seen), setting), logits)
    return np.isfinite(logits), distribution(logits, temperature)

@component
def sampleToken(*, probabilities: "[V]", u: number("[0, 1)")) -> {"token": None}:
    """The rounded probabilities may end below u: then it is the last possible token."""
    demand((np.isfinite(probabilities) & (probabilities >= 0)).all(), "probabilities", "finite numbers ≥ 0", "others")
    possible = np.flatnonzero(probabilities)
    demand(possible.size, "probabilities", "a positive one", "none")
    passed = np.searchsorted(probabilities[possible].cumsum(), u, side="right")
    return int(possible[min(passed, possible.size - 1)])

@component
def greedyToken(*, logits: "[..., V]", ties: ("lowestIndex", "any") = "lowestIndex") -> {"token": "int32 [...]"}:
    demand(logits.shape[-1], "logits", "V ≥ 1", "V = 0")
    return logits.argmax(-1)

# Attention

@component
def causalMask(*, queryLength: integer(0), keyLength: integer(0),
               alignment: ALIGNMENT = "bottomRight") -> {"mask": "bool [Lq, Lk]"}:
    return np.tri(queryLength, keyLength, keyLength - queryLength if alignment == "bottomRight" else 0, dtype=bool)

def attentionScores(query, key, mask, causal, scale=None, alignment="bottomRight"):
    """The scaled scores, -Infinity where a query may not attend."""
    (queryLength, width), keyLength = query.shape[-2:], key.shape[-2]
    demand(width or scale is not None, "query", "D ≥ 1 or a scale", "neither")
    scores = query @ key.swapaxes(-1, -2) * (1 / math.sqrt(width) if scale is None else scale)
    scores = scores if mask is None else only(mask, scores)
    return only(causalMask(queryLength=queryLength, keyLength=keyLength, alignment=alignment), scores) if causal else scores

def attend(scores, value, emptyRow=0):
    """softmax(scores) · value. A NaN or Infinity in a masked value stays there, which both maskedValues admit."""
    attended, weights = scores != -np.inf, normalized(scores)
    if np.isfinite(value).all():
        output = weights @ value
    else:
        output = np.where(attended[..., None], weights[..., None] * value[..., None, :, :], 0).sum(-2)
    return np.where(attended.any(-1, keepdims=True), output, emptyRow)

@component
def attentionWeights(
        *, query: "[..., Lq, D]", key: "[..., Lk, D]", mask: "bool [..., Lq, Lk]" = None,
        causal: bool = False, scale: number(FINITE) = None, alignment: ALIGNMENT = "bottomRight",
        emptyRow: EMPTY_ROW = "zero", maskedValues: MASKED_VALUES = "isolated",
) -> {"weights": "[..., Lq, Lk]"}:
    return normalized(attentionScores(query, key, mask, causal, scale, alignment), 0 if emptyRow == "zero" else math.nan)

@component
def scaledDotProductAttention(
        *, query: "[..., Lq, D]", key: "[..., Lk, D]", value: "[..., Lk, E]", mask: "bool [..., Lq, Lk]" = None,
        causal: bool = False, scale: number(FINITE) = None, alignment: ALIGNMENT = "bottomRight",
        emptyRow: EMPTY_ROW = "zero", maskedValues: MASKED_VALUES = "isolated",
) -> {"output": "[..., Lq, E]"}:
    return attend(attentionScores(query, key, mask, causal, scale, alignment), value, 0 if emptyRow == "zero" else math.nan)

@session
class cachedAttention:
    def __init__(self):
        self.kept = None

    def append(self, *, query: "[..., N, D]", key: "[..., N, D]", value: "[..., N, E]") -> {"output": "[..., N, E]"}:
        if self.kept:
            for field, old, new in zip(("key", "value"), self.kept, (key, value)):
                fits = old.shape[:-2] == new.shape[:-2] and old.shape[-1] == new.shape[-1]
                demand(fits, field, f"tokens like {old.shape}", str(new.shape))
            key, value = (np.concatenate(pair, -2) for pair in zip(self.kept, (key, value)))
        self.kept = key, value
        return attend(attentionScores(query, key, None, causal=True), value)

@component
def multiHeadAttention(
        *, input: "[B, L, D]", memory: "[B, S, D]" = None,
        queryWeight: "[D, D]", keyWeight: "[D, D]", valueWeight: "[D, D]", outputWeight: "[D, D]",
        queryBias: "[D]" = None, keyBias: "[D]" = None, valueBias: "[D]" = None, outputBias: "[D]" = None,
        heads: integer(1), mask: "bool [B, L, S]" = None, causal: bool = False,
) -> {"output": "[B, L, D]"}:
    width, memory = input.shape[-1], input if memory is None else memory
    demand(width % heads == 0, "heads", f"a divisor of D = {width}", heads)
    def split(x, weight, bias):
        return linear(input=x, weight=weight, bias=bias).reshape(*x.shape[:2], heads, width // heads).swapaxes(1, 2)
    query, key = split(input, queryWeight, queryBias), split(memory, keyWeight, keyBias)
    scores = attentionScores(query, key, None if mask is None else mask[:, None], causal)
    joined = attend(scores, split(memory, valueWeight, valueBias)).swapaxes(1, 2).reshape(input.shape)
    return linear(input=joined, weight=outputWeight, bias=outputBias)

# Layers

@component
def linear(*, input: "[..., I]", weight: "[I, O]", bias: "[O]" = None) -> {"output": "[..., O]"}:
    return input @ weight if bias is None else input @ weight + bias

@component
def gelu(*, input: "[...]", form: ("exact", "tanh") = "exact") -> {"output": "[...]"}:
    """½(1 + tanh t) is 1 / (1 + exp(-2t)), which keeps its digits where tanh t is near -1. The limit at -Infinity is -0."""
    if form == "exact":
        output = 0.5 * input * np.vectorize(math.erfc, otypes=[float])(-input / math.sqrt(2))
    else:
        output = input / (1 + np.exp(-2 * math.sqrt(2 / math.pi) * (input + 0.044715 * input * input * input)))
    return np.where(input == -np.inf, -0.0, output)

@component
def layerNorm(*, input: "[..., D]", gain: "[D]", bias: "[D]", epsilon: number("[0, inf)") = 1e-5) -> {"output": "[..., D]"}:
    centred = input - input.sum(-1, keepdims=True) / input.shape[-1]
    variance = (centred * centred).sum(-1, keepdims=True) / input.shape[-1]
    return centred / np.sqrt(variance + epsilon) * gain + bias

# Similarity

@component
def dotProduct(*, a: "[..., D]", b: "[..., D]") -> {"similarity": "[...]"}:
    return (a * b).sum(-1)

@component
def cosineSimilarity(*, a: "[..., D]", b: "[..., D]", zeroVector: ("zero", "nan") = "zero") -> {"similarity": "[...]"}:
    lengths = np.sqrt((a * a).sum(-1)) * np.sqrt((b * b).sum(-1))
    return np.where(lengths == 0, 0 if zeroVector == "zero" else math.nan, (a * b).sum(-1) / lengths)

@component
def squaredEuclideanDistance(*, a: "[..., D]", b: "[..., D]") -> {"distance": "[...]"}:
    return ((a - b) ** 2).sum(-1)

@component
def euclideanDistance(*, a: "[..., D]", b: "[..., D]") -> {"distance": "[...]"}:
    return np.sqrt(squaredEuclideanDistance(a=a, b=b))

@component
def nearestNeighbors(*, vectors: "[N, D]", queries: "[Q, D]", k: integer(1), metric: ("cosine", "dot", "euclidean"),
                     allowed: "bool [N]" = None) -> {"ids": "int32 [Q, K]", "scores": "[Q, K]"}:
    measure = {"cosine": cosineSimilarity, "dot": dotProduct, "euclidean": euclideanDistance}[metric]
    known = np.arange(len(vectors)) if allowed is None else np.flatnonzero(allowed)
    scores = np.array([measure(a=query, b=vectors[known]) for query in queries]).reshape(len(queries), len(known))
    best = (scores if metric == "euclidean" else -scores).argsort(-1, kind="stable")[:, :k]
    return known[best], np.take_along_axis(scores, best, -1)

# Accounting

def exact(fraction):
    return fraction.numerator if fraction.denominator == 1 else float(fraction)

@component
def outputShapes(*, component: str, shapes: dict) -> {"shapes": None}:
    """Of the components whose outputs are tensors with no dimensions but those of their inputs."""
    inputs, outputs = tensors(COMPONENTS.get(component)), results(COMPONENTS.get(component))
    known = {dimension for field in inputs for dimension in parsed(field.annotation)[1]}
    follows = all(annotation and known >= {*parsed(annotation)[1]} for annotation in outputs.values())
    demand(known and follows, "component", "one whose output shapes follow from its input shapes", component)
    sizes = {}
    for field, annotation, shape in present(inputs, shapes):
        fit(sizes, field, annotation, shape)
    return {field: [*shaped(sizes, annotation)] for field, annotation in outputs.items()}

def groups(*, family: ("gpt", "bert", "encoderDecoder"), vocabulary: integer(1), context: integer(1), width: integer(1),
           layers: integer(1), heads: integer(1), feedForwardWidth: integer(1),
           biases: bool = True, tiedOutput: bool = True, segments: integer(0) = 2, pooler: bool = True):
    """bert has one more layer norm after its embedding, gpt after its last layer."""
    demand(width % heads == 0, "heads", f"a divisor of width = {width}", heads)
    gpt, bert, both = (family == name for name in ("gpt", "bert", "encoderDecoder"))
    attentions, feedForwards, norms = (3, 2, 5) if both else (1, 1, 2)  # in a layer; in one of either side
    square = width * width + biases * width
    return {"tokenEmbedding": vocabulary * width,
            "positionEmbedding": 0 if both else context * width,
            "segmentEmbedding": segments * width if bert else 0,
            "attention": layers * attentions * 4 * square,
            "feedForward": layers * feedForwards * (2 * width * feedForwardWidth + biases * (feedForwardWidth + width)),
            "layerNorm": (layers * norms + (not both)) * 2 * width,
            "pooler": square if bert and pooler else 0,
            "output": vocabulary * width if gpt and not tiedOutput else 0}

@component
def parameterCount(*, architecture: dict) -> {"total": None, "groups": None}:
    counts = groups(**arguments(groups, architecture))
    return sum(counts.values()), counts

@component
def weightMemory(*, parameters: integer(0), bitsPerWeight: number("(0, inf)")) -> {"bytes": None}:
    return exact(parameters * Fraction(bitsPerWeight) / 8)

@component
def kvCacheMemory(*, layers: integer(1), kvHeads: integer(1), headWidth: integer(1), tokens: integer(0), batch: integer(0),
                  bits: number("(0, inf)")) -> {"bytes": None}:
    return exact(2 * layers * kvHeads * headWidth * tokens * batch * Fraction(bits) / 8)

@component
def pqCompression(
        *, dimension: integer(1), bitsPerComponent: integer(1) = 32, subvectors: integer(1), centroids: integer(2),
) -> {"originalBits": None, "compressedBits": None, "ratio": None, "codebookBytes": None}:
    demand(dimension % subvectors == 0, "subvectors", f"a divisor of dimension = {dimension}", subvectors)
    original, compressed = dimension * bitsPerComponent, subvectors * (centroids - 1).bit_length()
    ratio = Fraction(original, compressed)
    return (original, compressed, {"numerator": ratio.numerator, "denominator": ratio.denominator},
            exact(Fraction(centroids * original, 8)))

# Protocol

def parameters(function):
    return inspect.signature(function).parameters.values() if function else []

def tensors(function):
    return [parameter for parameter in parameters(function) if isinstance(parameter.annotation, str)]

def results(function):
    return inspect.signature(function).return_annotation if function else {}

def present(parameters, given):
    """(field, annotation, value) of the fields that are given: none unknown, none missing."""
    unknown = given.keys() - {parameter.name for parameter in parameters}
    demand(not unknown, "input", "no other fields", ", ".join(unknown))
    for parameter in parameters:
        if parameter.name in given:
            yield parameter.name, parameter.annotation, given[parameter.name]
        else:
            demand(parameter.default is not parameter.empty, parameter.name, "a value", "nothing")

def arguments(function, given):
    """The arguments of a function, checked against its signature."""
    demand(isinstance(given, dict), "input", "an object", given)
    checked, sizes = {}, {}
    for field, expected, value in present(parameters(function), given):
        if isinstance(expected, str):
            value = decode(sizes, field, expected, value)
        elif isinstance(expected, type):
            demand(isinstance(value, expected), field, f"a JSON value of type {expected.__name__}", value)
        elif isinstance(expected, tuple):
            demand(value in expected, field, " or ".join(expected), value)
        else:
            value = expected(value, field)
        checked[field] = value
    return checked

def run(function, given):
    output, fields = function(**arguments(function, given)), results(function)
    storage = next((given[field.name]["dtype"] for field in tensors(function) if field.name in given), None)
    kinds = [annotation and parsed(annotation)[0] for annotation in fields.values()]
    return {field: encode(value, storage if kind == "float" else kind) if kind else value
            for field, kind, value in zip(fields, kinds, output if len(fields) > 1 else [output])}

def declaration(function):
    options = {field.name: field.annotation for field in parameters(function)
               if isinstance(field.annotation, tuple) and field.default is not field.empty}
    return {**({"numerics": NUMERICS} if tensors(function) else {}), **({"options": options} if options else {})}

def answer(call, component=None, input=None, session=None, action=None, **_):
    if call == "hello":
        return {"name": "numpy", "version": np.__version__, "language": "Python", "window": 8,
                "components": {**{name: declaration(function) for name, function in COMPONENTS.items()},
                               **{name: {"numerics": NUMERICS} for name in SESSIONS}}}
    try:
        if call == "run" and component in COMPONENTS:
            return {"output": run(COMPONENTS[component], input)}
        if call == "open" and component in SESSIONS:
            name = f"{component} {len(OPEN)}"
            OPEN[name] = SESSIONS[component](**arguments(None, input))
            return {"session": name}
        if call == "do" and OPEN.get(session) is not None:
            return {"output": run(getattr(OPEN[session], action), input)}
        if call == "close":
            OPEN[session] = None
            return {}
        return {"unsupported": f"{call} {component}"}
    except Rejected as reason:
        return {"reject": f"{component}.{reason}"}
    except Exception as failure:
        return {"error": f"{type(failure).__name__}: {failure}"}

if __name__ == "__main__":
    with np.errstate(all="ignore"):
        for line in sys.stdin.buffer:
            request = json.loads(line)
            print(json.dumps({"id": request["id"], **answer(**request)}, allow_nan=False), flush=True)
