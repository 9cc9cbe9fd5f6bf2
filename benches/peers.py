"""One peer's reading of a book, for benches/ratios.sh: every cell is read, and nothing is judged.

    python3 benches/peers.py duckdb|polars FILE.csv THREADS

Prints the number of lines. Ends with 3 where the package is not installed.
"""

import os
import sys

peer, path, threads = sys.argv[1:4]
os.environ["POLARS_MAX_THREADS"] = threads
try:
    if peer == "duckdb":
        import duckdb

        book = duckdb.connect(config={"threads": int(threads)})
        # Every column is touched, as text: none may be skipped.
        columns = f"SELECT count(*), max(length(concat(*COLUMNS(*)))) FROM read_csv('{path}', all_varchar=true)"
        print(book.execute(columns).fetchone()[0])
    elif peer == "polars":
        import polars

        print(polars.read_csv(path, infer_schema=False).height)
except ImportError:
    sys.exit(3)
