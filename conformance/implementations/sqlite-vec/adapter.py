"""An adapter for the conformance suite touchstone: the virtual tables of sqlite-vec, in SQLite's Python module.

    python3 adapter.py node_modules/sqlite-vec-linux-x64/vec0.so

Nothing is repaired here: what a query finds is what is answered, as it comes. vec0 has no UPSERT: an id that is there is deleted and inserted, in one
transaction. SQLite has no NaN: a distance that is NULL is answered as one. The cosine is 1 − distance.
"""
import json, os, sqlite3, sys
sys.dont_write_bytecode = True
sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "python-stores"))
from protocol import Unsupported, saved, serve

class Refused(Exception):
    """What vec0 has not been asked: how many rows are to be deleted, and of which width no rows at all are."""

def extension():
    """Given, or that of the Python package."""
    if len(sys.argv) > 1:
        return sys.argv[1]
    import sqlite_vec
    return sqlite_vec.loadable_path()

def connected():
    database = sqlite3.connect(":memory:", isolation_level=None)
    database.enable_load_extension(True)
    database.load_extension(extension())
    return database

def deleted(database, ids):
    return sum(database.execute("delete from vectors where rowid = ?", (id,)).rowcount for id in ids)

class flatIndex:
    def __init__(self, dimension, metric):
        if metric == "dot":
            raise Unsupported("vec0 has L2, L1 and cosine")
        self.dimension = dimension
        self.metric = {"euclidean": "L2"}.get(metric, metric)
        self.database = connected()
        self.database.execute(f"create virtual table vectors using vec0(embedding float[{dimension}] distance_metric={self.metric})")

    def rows(self, matrix):
        """vec0 takes them one by one, and says itself which have another width; of none it cannot."""
        if matrix.shape[0] == 0 and matrix.shape[1] != self.dimension:
            raise Refused(f"expected {self.dimension} components, got {matrix.shape[1]}")
        return matrix.rows()

    def add(self, ids, vectors):
        rows = zip(ids, self.rows(vectors), strict=True)
        with Transaction(self.database):
            deleted(self.database, ids)
            self.database.executemany("insert into vectors(rowid, embedding) values (?, ?)", rows)

    def remove(self, ids):
        with Transaction(self.database):
            if deleted(self.database, ids) < len(ids):
                raise Refused("fewer rows were deleted than were to be")

    def search(self, queries, k, allowedIds=None):
        text, more = "select rowid, distance from vectors where embedding match ? and k = ?", ()
        if allowedIds is not None:
            text, more = text + " and rowid in (select value from json_each(?))", (json.dumps(allowedIds),)
        found = [self.database.execute(text + " order by distance", (row, k, *more)).fetchall() for row in self.rows(queries)]
        return {"ids": [[id for id, _ in one] for one in found], "scores": [[self.score(distance) for _, distance in one] for one in found]}

    def score(self, distance):
        distance = float("nan") if distance is None else distance
        return 1 - distance if self.metric == "cosine" else distance

    def count(self):
        return {"count": self.database.execute("select count(*) from vectors").fetchone()[0]}

    def save(self):
        return saved(self.database.serialize())

    def load(self, bytes):
        """Into another database, whose first query says whether it is one."""
        database = connected()
        database.deserialize(bytes.data)
        database.execute("select count(*) from vectors").fetchone()
        self.database = database

class Transaction:
    def __init__(self, database):
        self.database = database

    def __enter__(self):
        self.database.execute("begin")

    def __exit__(self, kind, *_):
        self.database.execute("commit" if kind is None else "rollback")

if __name__ == "__main__":
    # 0.1.9 sums in float32, in lanes where the processor has them.
    numerics = {"storage": "float32", "accumulate": "float32", "algorithm": {"distance": "direct", "score": "complement"}}
    version = connected().execute("select vec_version()").fetchone()[0].lstrip("v")
    serve({"name": "sqlite-vec", "version": version}, {"flatIndex": ({"numerics": numerics}, flatIndex)}, (sqlite3.Error, Refused))
