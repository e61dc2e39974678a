"""An adapter for the conformance suite touchstone: the indexes of faiss, and its product quantizer, by its Python module on the CPU.

Nothing is repaired here: what faiss finds is what is answered. Squared distances are answered as their roots, its padding of short rows (id −1)
is left off, and what it throws is a rejection. An id that is there is replaced by remove_ids and add_with_ids, as faiss has no update by id.
"""
import os, sys
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python-stores"))
import numpy as np
import faiss
from protocol import Tensor, Unsupported, saved, serve

METRICS = {"euclidean": faiss.METRIC_L2, "dot": faiss.METRIC_INNER_PRODUCT, "cosine": faiss.METRIC_INNER_PRODUCT}

# From 20 queries on faiss expands ‖x − y‖², which cancels; not here, so that one declaration holds of every search.
faiss.cvar.distance_compute_blas_threshold = 2**31 - 1
DIRECT = {"numerics": {"storage": "float32", "accumulate": "float32", "algorithm": {"distance": "direct"}}}
# The tables of a product quantizer are expanded where a subvector has 16 components or more.
TABLES = {"numerics": {"storage": "float32", "accumulate": "float32", "algorithm": {"distance": "expanded"}}}

def array(tensor):
    return np.frombuffer(tensor.data, {"float32": "<f4", "uint8": "u1"}[tensor.dtype]).reshape(tensor.shape).copy()

def tensor(values, dtype):
    return Tensor(dtype, values.shape, np.ascontiguousarray(values).tobytes())

class Crash(Exception):
    """A call that ends the process: told before it is made, as nothing that is known can be said of a process that is gone."""

class Index:
    """What the four have in common. A subclass makes the index, and says how it is tuned and asked for an id."""

    def __init__(self, dimension, metric):
        self.metric = metric

    def prepared(self, vectors):
        """As faiss documents the cosine: the inner product of vectors that normalize_L2 has scaled."""
        rows = array(vectors)
        if self.metric == "cosine":
            faiss.normalize_L2(rows)
        return rows

    def add(self, ids, vectors):
        rows, ids = self.prepared(vectors), np.array(ids, "int64")
        held = [id for id in ids if self.holds(id)]
        if held:
            # Two calls stand for one: what the second would refuse must not be found out after the first.
            assert rows.shape == (len(ids), self.index.d)
            self.discard(np.array(held, "int64"))
        self.index.add_with_ids(rows, ids)

    def remove(self, ids):
        """remove_ids passes over ids that are not there, and answers a number; reconstruct throws for those."""
        for id in ids:
            if not self.holds(id):
                raise KeyError(id)
        self.discard(np.array(ids, "int64"))

    def discard(self, ids):
        self.index.remove_ids(ids)

    def holds(self, id):
        try:
            self.index.reconstruct(int(id))
            return True
        except RuntimeError:
            return False

    def search(self, queries, k, allowedIds=None, **tuning):
        params = self.tuned(allowedIds, **tuning)
        self.beware(queries, k)
        scores, ids = self.index.search(self.prepared(queries), k, params=params)
        # Tables of residuals are expanded: a square may come out below 0.
        scores = np.sqrt(np.maximum(scores, 0)) if self.metric == "euclidean" else scores
        return {"ids": [row[row >= 0].tolist() for row in ids],
                "scores": [row[ids >= 0].tolist() for row, ids in zip(scores, ids)]}

    def beware(self, queries, k):
        """Throws where a search would end the process."""

    def count(self):
        return {"count": self.index.ntotal}

    def save(self):
        return saved(faiss.serialize_index(self.index).tobytes())

    def load(self, bytes):
        self.index = faiss.deserialize_index(array(bytes))

class flatIndex(Index):
    def __init__(self, dimension, metric):
        super().__init__(dimension, metric)
        self.index = faiss.IndexIDMap2(faiss.IndexFlat(dimension, METRICS[metric]))

    def tuned(self, allowedIds):
        if allowedIds is not None:
            raise Unsupported("IndexIDMap takes no search parameters, and so no allowed ids, before faiss 1.7.4")

    def beware(self, queries, k):
        empty = self.index.ntotal == 0 and self.index.metric_type == faiss.METRIC_L2
        if empty and k == 1 and queries.shape[0] > 0 and queries.shape[1] == self.index.d:
            raise Crash("SIGSEGV: IndexIDMap looks up the id of vector 0, which IndexFlat answers where there is none")

class hnswIndex(Index):
    """Without removal: remove_ids is not implemented for this type of index, as faiss says."""

    def __init__(self, dimension, metric, m, efConstruction, capacity, seed):
        super().__init__(dimension, metric)
        if capacity < 1:
            raise Unsupported("IndexHNSW has no capacity")
        self.capacity = capacity
        graph = faiss.IndexHNSWFlat(dimension, m, METRICS[metric])
        graph.hnsw.efConstruction = efConstruction
        graph.hnsw.rng = faiss.RandomGenerator(seed)
        self.index = faiss.IndexIDMap2(graph)

    def add(self, ids, vectors):
        if any(self.holds(id) for id in ids):
            raise Unsupported("IndexHNSW has no removal, and so no way to replace")
        if self.index.ntotal + len(ids) > self.capacity:
            raise Unsupported("IndexHNSW has no capacity")
        super().add(ids, vectors)

    remove = None

    def tuned(self, allowedIds, ef=None):
        if allowedIds is not None:
            raise Unsupported("IndexIDMap takes no search parameters, and so no allowed ids, before faiss 1.7.4")
        if ef is not None:
            faiss.downcast_index(self.index.index).hnsw.efSearch = ef

    def beware(self, queries, k):
        if self.index.ntotal == 0 and self.index.d * faiss.downcast_index(self.index.index).hnsw.efSearch == 1:
            raise Crash("SIGFPE: get_period_hint divides by max_level · d · efSearch + 1, which is 0")

class Lists(Index):
    """An inverted file: with the direct map that removal by id needs, and ids of its own."""

    def __init__(self, dimension, metric, made, training, seed):
        super().__init__(dimension, metric)
        self.index = made
        for clustering in self.clusterings():
            clustering.seed = seed
            clustering.min_points_per_centroid = 1  # no warnings
        self.index.train(self.prepared(training))
        self.index.set_direct_map_type(faiss.DirectMap.Hashtable)

    def clusterings(self):
        return [self.index.cp]

    def holds(self, id):
        try:
            return self.index.direct_map.get(int(id)) is not None
        except RuntimeError:
            return False

    def discard(self, ids):
        if any(self.index.direct_map.get(id) < 0 for id in ids.tolist()):
            raise Crash("SIGABRT: remove_ids looks for what is in no list in list -1")
        super().discard(ids)

    def tuned(self, allowedIds, probes=None):
        nprobe = self.index.nlist if probes is None else probes
        if allowedIds is None:
            return faiss.SearchParametersIVF(nprobe=nprobe)
        return faiss.SearchParametersIVF(nprobe=nprobe, sel=faiss.IDSelectorBatch(np.array(allowedIds, "int64")))

class ivfFlatIndex(Lists):
    def __init__(self, dimension, metric, lists, training, seed):
        coarse = faiss.IndexFlat(dimension, METRICS[metric])
        super().__init__(dimension, metric, faiss.IndexIVFFlat(coarse, dimension, lists, METRICS[metric]), training, seed)

class ivfPqIndex(Lists):
    """Of the residuals, as is its default."""

    def __init__(self, dimension, metric, lists, training, seed, subvectors, centroids):
        coarse, bits = faiss.IndexFlat(dimension, METRICS[metric]), bitsOf(centroids)
        super().__init__(dimension, metric, faiss.IndexIVFPQ(coarse, dimension, lists, subvectors, bits, METRICS[metric]), training, seed)

    def clusterings(self):
        return [self.index.cp, self.index.pq.cp]

# Product quantization

def bitsOf(centroids, least=1):
    """Codes of no bits can be trained, and searching them ends the process."""
    bits = centroids.bit_length() - 1
    if centroids != 2**bits or bits < least:
        raise Unsupported(f"ProductQuantizer has a power of two of centroids, from {2**least} on")
    return bits

def quantizer(codebooks):
    books, centroids, width = codebooks.shape
    made = faiss.ProductQuantizer(books * width, books, bitsOf(centroids))
    faiss.copy_array_to_vector(array(codebooks).ravel(), made.centroids)
    return made

def packed(pq, codes):
    """Codes of nbits each, one after another in little-endian order, as faiss keeps them."""
    bits = np.unpackbits(codes[..., None], axis=-1, bitorder="little")[..., :pq.nbits]
    return np.packbits(bits.reshape(len(codes), pq.M * pq.nbits), axis=-1, bitorder="little")

def unpacked(pq, codes):
    bits = np.unpackbits(codes, axis=-1, bitorder="little")[:, :pq.M * pq.nbits]
    return np.packbits(bits.reshape(len(codes), pq.M, pq.nbits), axis=-1, bitorder="little")[..., 0]

def pqTrain(vectors, subvectors, centroids, iterations, seed):
    rows = array(vectors)
    pq = faiss.ProductQuantizer(rows.shape[1], subvectors, bitsOf(centroids, least=0))
    pq.cp.niter, pq.cp.seed, pq.cp.min_points_per_centroid = iterations, seed, 1
    # FAISS trains on a sample of 256 vectors a centroid unless it is told to take them all.
    pq.cp.max_points_per_centroid = max(256, len(rows))
    pq.train(rows)
    return {"codebooks": tensor(faiss.vector_to_array(pq.centroids).reshape(pq.M, pq.ksub, pq.dsub), "float32")}

def pqEncode(codebooks, vectors):
    pq = quantizer(codebooks)
    return {"codes": tensor(unpacked(pq, pq.compute_codes(array(vectors))), "uint8")}

def pqDecode(codebooks, codes):
    pq = quantizer(codebooks)
    return {"vectors": tensor(pq.decode(packed(pq, array(codes))), "float32")}

def pqDistances(codebooks, codes, queries):
    """By the search of all codes, which answers them by distance; here they are put back to their places."""
    pq, codes, queries = quantizer(codebooks), array(codes), array(queries)
    assert codes.shape[1] == pq.M and queries.shape[1] == pq.d
    count, asked = len(codes), len(queries)
    found = np.full((asked, count), np.nan, "f4")
    if found.size:
        ids, distances, kept = np.empty((asked, count), "int64"), np.empty((asked, count), "f4"), packed(pq, codes)
        heap = faiss.float_maxheap_array_t()
        heap.nh, heap.k, heap.ids, heap.val = asked, count, faiss.swig_ptr(ids), faiss.swig_ptr(distances)
        pq.search(faiss.swig_ptr(queries), asked, faiss.swig_ptr(kept), count, heap)
        for row, at, values in zip(found, ids, distances):
            row[at[at >= 0]] = values[at >= 0]
    return {"distances": tensor(found, "float32")}

if __name__ == "__main__":
    faiss.omp_set_num_threads(1)
    components = {kind.__name__: (DIRECT, kind) for kind in (flatIndex, hnswIndex, ivfFlatIndex, pqDecode)}
    components.update((kind.__name__, (TABLES, kind)) for kind in (pqTrain, pqEncode, pqDistances, ivfPqIndex))
    serve({"name": "faiss", "version": faiss.__version__}, components, (RuntimeError, AssertionError, KeyError))
