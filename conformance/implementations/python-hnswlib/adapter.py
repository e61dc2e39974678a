"""An adapter for the conformance suite touchstone: the two indexes of hnswlib, by its Python module.

Nothing is repaired here: what hnswlib finds is what is answered. Squared distances are answered as their roots, similarities as 1 − distance, and what it
throws is a rejection. Its rows have k results or it throws (Index), or are filled from whatever lies behind its vectors (BFIndex): a k above what
it counts is not offered.
"""
import os, struct, sys
from importlib.metadata import version
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python-stores"))
import numpy as np
import hnswlib
from protocol import Unsupported, readBack, saved, serve, written

SPACES = {"euclidean": "l2", "dot": "ip"}
NUMERICS = {"storage": "float32", "accumulate": "float32", "algorithm": {"distance": "direct", "score": "complement"}}

class Crash(Exception):
    """A call that ends the process: told before it is made, as nothing that is known can be said of a process that is gone."""

def matrix(tensor):
    return np.frombuffer(tensor.data, "<f4").reshape(tensor.shape)

class Index:
    """What the two have in common. A subclass makes the index, and knows how many vectors it counts."""

    def add(self, ids, vectors):
        self.index.add_items(matrix(vectors), np.array(ids, "uint64"))

    def found(self, queries, k):
        if k > self.counted():
            raise Unsupported("hnswlib answers k results, whatever there is")
        ids, distances = self.index.knn_query(matrix(queries), k)
        scores = np.sqrt(distances) if self.space == "l2" else 1 - distances
        return {"ids": ids.tolist(), "scores": scores.tolist()}

class hnswIndex(Index):
    def __init__(self, dimension, metric, m, efConstruction, capacity, seed):
        self.space, self.dimension, self.capacity = SPACES.get(metric, metric), dimension, capacity
        self.index = hnswlib.Index(self.space, dimension)
        self.index.init_index(max_elements=capacity, M=m, ef_construction=efConstruction, random_seed=seed)
        self.index.set_num_threads(1)

    def counted(self):
        """Deleted ones too."""
        return self.index.get_current_count()

    def search(self, queries, k, allowedIds=None, ef=None):
        if allowedIds is not None:
            raise Unsupported("knn_query has no filter before hnswlib 0.7")
        if ef is not None:
            self.index.set_ef(ef)
        return self.found(queries, k)

    def remove(self, ids):
        """One by one, as mark_deleted goes; where it throws, those before it are unmarked."""
        for at, id in enumerate(ids):
            try:
                self.index.mark_deleted(id)
            except RuntimeError:
                for earlier in ids[:at]:
                    self.index.unmark_deleted(earlier)
                raise

    def holds(self, id):
        try:
            self.index.get_items([id])
            return True
        except RuntimeError:
            return False

    def count(self):
        """By asking for each, as the ids that it lists are those of the deleted ones too."""
        return {"count": sum(map(self.holds, self.index.get_ids_list()))}

    def save(self):
        return saved(written(self.index.save_index))

    def load(self, bytes):
        def read(path):
            index = hnswlib.Index(self.space, self.dimension)
            index.load_index(path, max_elements=self.capacity)
            index.set_num_threads(1)
            return index
        self.index = readBack(bytes.data, read)

class flatIndex(Index):
    """With room for more than any script brings: BFIndex wants to know how many there will be."""
    ROOM = 1024

    def __init__(self, dimension, metric):
        self.space, self.dimension = SPACES.get(metric, metric), dimension
        self.index = hnswlib.BFIndex(self.space, dimension)
        self.index.init_index(self.ROOM)

    def counted(self):
        """It cannot be asked; the file that it writes says it, after the room and the size of an element."""
        return struct.unpack_from("<3Q", written(self.index.save_index))[2]

    def search(self, queries, k, allowedIds=None):
        if allowedIds is not None:
            raise Unsupported("knn_query has no filter before hnswlib 0.7")
        if k < 1:
            raise Crash("SIGSEGV: searchKnn looks at the last of no results")
        return self.found(queries, k)

    def remove(self, ids):
        for id in ids:
            if self.counted() == 0:
                raise Crash("SIGSEGV: removePoint makes 2^64 - 1 of a count of 0")
            self.index.delete_vector(id)

    def count(self):
        return {"count": self.counted()}

    def save(self):
        return saved(written(self.index.save_index))

    def load(self, bytes):
        def read(path):
            index = hnswlib.BFIndex(self.space, self.dimension)
            index.load_index(path, self.ROOM)
            return index
        self.index = readBack(bytes.data, read)

if __name__ == "__main__":
    components = {kind.__name__: ({"numerics": NUMERICS}, kind) for kind in (flatIndex, hnswIndex)}
    serve({"name": "hnswlib", "version": version("hnswlib")}, components, (RuntimeError, IndexError))
