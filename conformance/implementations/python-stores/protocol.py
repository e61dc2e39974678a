"""What the adapters for vector stores in Python share: the lines of the protocol, its tensors, and sessions.

A session is a class: it is opened with its constructor, its actions are its methods, and one that it lacks is not offered. Needs Python alone.
"""
import base64, json, math, os, sys, tempfile
from typing import NamedTuple

class Unsupported(Exception):
    """The store has no such thing."""

class Tensor(NamedTuple):
    """Elements as they are stored, in little-endian order."""
    dtype: str
    shape: tuple
    data: bytes

    def rows(self):
        """The bytes of each row of a matrix."""
        count = self.shape[0]
        size = len(self.data) // count if count else 0
        return [self.data[i * size:(i + 1) * size] for i in range(count)]

def saved(data):
    """The answer to save."""
    return {"bytes": Tensor("uint8", (len(data),), bytes(data))}

def written(write):
    """The bytes of the file that a store writes itself."""
    with tempfile.TemporaryDirectory(prefix="touchstone-") as folder:
        path = os.path.join(folder, "index")
        write(path)
        with open(path, "rb") as file:
            return file.read()

def readBack(data, read):
    """What a store reads from a file of these bytes."""
    with tempfile.TemporaryDirectory(prefix="touchstone-") as folder:
        path = os.path.join(folder, "index")
        with open(path, "wb") as file:
            file.write(data)
        return read(path)

def decoded(value):
    if isinstance(value, dict) and value.keys() == {"dtype", "shape", "data"}:
        return Tensor(value["dtype"], tuple(value["shape"]), base64.b64decode(value["data"], validate=True))
    return value

def encoded(value):
    if isinstance(value, Tensor):
        return {"dtype": value.dtype, "shape": list(value.shape), "data": base64.b64encode(value.data).decode()}
    if isinstance(value, dict):
        return {field: encoded(one) for field, one in value.items()}
    if isinstance(value, (list, tuple)):
        return [encoded(one) for one in value]
    if isinstance(value, float) and not math.isfinite(value):
        return "NaN" if math.isnan(value) else "Infinity" if value > 0 else "-Infinity"
    return value

def serve(hello, components, refusals):
    """
    Answers until the input ends. A component is what it declares, and what computes it: a function, or the class of its sessions.
    What is thrown of `refusals` is the store's own word for a call that it does not accept.
    """
    sessions = {}

    def answer(call, component=None, input=None, session=None, action=None, **_):
        if call == "hello":
            return {**hello, "language": "Python", "window": 8, "components": {name: declared for name, (declared, _) in components.items()}}
        if call == "close":
            del sessions[session]
            return {}
        given = {field: decoded(value) for field, value in input.items()}
        if call == "run":
            return {"output": encoded(components[component][1](**given))}
        if call == "open":
            name = str(answer.opened)
            sessions[name] = components[component][1](**given)
            answer.opened += 1
            return {"session": name}
        act = getattr(sessions[session], action, None)
        return {"unsupported": f"it has no {action}"} if act is None else {"output": encoded(act(**given) or {})}

    def attempted(request):
        try:
            return answer(**request)
        except Unsupported as reason:
            return {"unsupported": str(reason)}
        except refusals as reason:
            return {"reject": f"{type(reason).__name__}: {reason}"}
        except Exception as failure:
            return {"error": f"{type(failure).__name__}: {failure}"}

    answer.opened = 0
    for line in sys.stdin.buffer:
        request = json.loads(line)
        print(json.dumps({"id": request["id"], **attempted(request)}, allow_nan=False), flush=True)
