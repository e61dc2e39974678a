"""An adapter for the conformance suite touchstone: SentencePiece's models, by its Python module.

Each input becomes the model file that says the same, byte by byte as sentencepiece_model.proto has it, and SentencePiece loads it. Nothing is repaired:
what it encodes is what is answered, and what it throws is a rejection. Every model has an unknown piece, the last: where it is taken there is no answer.

With the operand `trained` it is no adapter: it reads { lines, size, texts }, trains a unigram model on the lines, and answers its pieces with their scores
and how it encodes the texts.
"""
import io, json, os, struct, sys
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python-stores"))
import sentencepiece
from protocol import Unsupported, serve

# Scores are floats, and their sums.
NUMERICS = {"storage": "float32", "accumulate": "float32"}
UNIGRAM, BPE = 1, 2
KINDS = {"unigram": UNIGRAM, "characters": BPE}
NORMAL, UNKNOWN, CONTROL = 1, 2, 3

class Crash(Exception):
    """A call that ends the process: told before it is made, as nothing that is known can be said of a process that is gone."""

# The model file

def varint(number):
    return bytes([number & 127 | 128]) + varint(number >> 7) if number > 127 else bytes([number])

def field(number, value):
    """A field of a protocol buffer: bytes with their length, a float, or an integer."""
    if isinstance(value, bytes):
        return varint(number << 3 | 2) + varint(len(value)) + value
    if isinstance(value, float):
        return varint(number << 3 | 5) + struct.pack("<f", value)
    return varint(number << 3) + varint(value)

def model(kind, pieces, escape=True):
    """A processor of pieces: text, score and type. Nothing is normalised, no space is put before the text, and none is left out."""
    if not pieces:
        raise Unsupported("a model has a piece that is not the unknown one")
    if kind == UNIGRAM and any(text.startswith("\0") for text, _, _ in pieces):
        raise Crash("SIGABRT: a piece that begins with NUL is an empty one to its trie")
    names = {text for text, _, _ in pieces}
    unknown = next(name for name in ("<unk>" + "?" * count for count in range(len(names) + 1)) if name not in names)
    file = b"".join(field(1, field(1, text.encode()) + field(2, float(score)) + field(3, type))
                    for text, score, type in [*pieces, (unknown, 0, UNKNOWN)])
    file += field(2, field(3, kind) + field(4, len(pieces) + 1))
    file += field(3, field(1, b"identity") + field(3, 0) + field(4, 0) + field(5, int(escape)))
    return sentencepiece.SentencePieceProcessor(model_proto=file)

def encoded(processor, text):
    ids, names = processor.encode(text), processor.id_to_piece(list(range(processor.get_piece_size())))
    # With NUL in a piece it is not for the scores that the unknown one is taken: the trie has the piece as far as NUL.
    if processor.unk_id() in ids and "\0" not in "".join(names):
        raise Unsupported("the unknown piece was taken, whose score is 10 below the least: no row of pieces, or none that is as probable")
    return {"tokens": [names[id] for id in ids], "ids": ids}

# Components

def unigramEncode(text, vocabulary):
    pieces = [(entry["token"], entry["logProbability"], NORMAL) for entry in vocabulary]
    return encoded(model(UNIGRAM, pieces), text)

def bytePairEncode(text, vocabulary, merges, alphabet="characters"):
    """Its scores are of pieces, not of pairs: any two that make a piece are merged. Tokens that no merge makes are control pieces, which no text makes either."""
    ranks = {}
    for rank, pair in enumerate(merges):
        ranks.setdefault(tuple(pair), rank)
    made = {left + right: rank for (left, right), rank in ranks.items()}
    if not {token for pair in ranks for token in (*pair, "".join(pair))} <= {*vocabulary}:
        raise Unsupported("SentencePiece has no list of pairs: what is no piece is not merged")
    known = {token for token in vocabulary if len(token) == 1 or token in made}
    for token in made:
        pairs = [(token[:cut], token[cut:]) for cut in range(1, len(token))]
        if any(left in known and right in known and (left, right) not in ranks for left, right in pairs) or sum(pair in ranks for pair in pairs) > 1:
            raise Unsupported("SentencePiece ranks pieces: two pairs would make the same one")
    least = -float(len(merges)) - 1
    pieces = [(token, -made[token] if token in made else least, NORMAL if token in known else CONTROL) for token in vocabulary]
    return encoded(model(BPE, pieces, escape=False), text)

def decodeTokens(ids, vocabulary, kind):
    if kind not in KINDS or kind == "characters" and "\u2581" in "".join(vocabulary):
        raise Unsupported("SentencePiece decodes pieces side by side, and U+2581 to a space")
    processor = model(KINDS[kind], [(token, -1, NORMAL) for token in vocabulary])
    if processor.unk_id() in ids:
        raise Unsupported("the id of the unknown piece")
    return {"text": processor.decode(ids)}

def trained(lines, size, texts):
    """Ids are positions in the pieces that are answered: the normal ones, which come behind the unknown piece and the two control ones."""
    file = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=iter(lines), model_writer=file, model_type="unigram", vocab_size=size, character_coverage=1.0,
        normalization_rule_name="identity", add_dummy_prefix=False, remove_extra_whitespaces=False, num_threads=1, minloglevel=2)
    processor = sentencepiece.SentencePieceProcessor(model_proto=file.getvalue())
    normal = [id for id in range(processor.get_piece_size()) if not processor.is_unknown(id) and not processor.is_control(id)]
    return {"pieces": [{"token": processor.id_to_piece(id), "logProbability": processor.get_score(id)} for id in normal],
            "encoded": [[normal.index(id) for id in processor.encode(text)] for text in texts]}

if __name__ == "__main__":
    if sys.argv[1:] == ["trained"]:
        json.dump(trained(**json.load(sys.stdin)), sys.stdout)
    else:
        components = {function.__name__: ({"numerics": NUMERICS}, function) for function in (unigramEncode, bytePairEncode, decodeTokens)}
        serve({"name": "sentencepiece", "version": sentencepiece.__version__}, components,
              (RuntimeError, IndexError, TypeError, UnicodeEncodeError))
