"""PSI of 20 features, 1 M rows against 1 M, by numpy: CPU seconds as one line of JSON. One thread."""
import json
import sys
import time

import numpy as np

features, rows, bins = (int(argument) for argument in sys.argv[1:4])
random = np.random.default_rng(20_261)


def psi(reference, window):
    p = (reference + 0.5) / (reference.sum() + 0.5 * len(reference))
    q = (window + 0.5) / (window.sum() + 0.5 * len(window))
    return float(((q - p) * np.log(q / p)).sum())


def counted(edges, values):
    return np.bincount(np.searchsorted(edges, values), minlength=len(edges) + 1)


seconds = {"quantile_histogram": 0.0, "frozen_searchsorted": 0.0}
for _ in range(features):
    reference = random.standard_normal(rows)
    window = random.standard_normal(rows)
    start = time.process_time()
    edges = np.quantile(reference, np.linspace(0, 1, bins + 1))
    edges[0], edges[-1] = -np.inf, np.inf
    psi(np.histogram(reference, edges)[0], np.histogram(window, edges)[0])
    seconds["quantile_histogram"] += time.process_time() - start
    inner = edges[1:-1].copy()
    start = time.process_time()
    psi(counted(inner, reference), counted(inner, window))
    seconds["frozen_searchsorted"] += time.process_time() - start
print(json.dumps({"numpy": np.__version__, **seconds}))
