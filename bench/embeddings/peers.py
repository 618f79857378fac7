"""Evidently's drift methods for embeddings, and Alibi Detect's KSDrift, with their defaults on the windows of a folder of arrays.

  python peers.py FOLDER [ROWS]

The windows are those of `npm run bench -- embeddings --data FOLDER`: ROWS (500) rows each of every array but reference.npy.
Needs evidently 0.7.23, alibi-detect 0.13.0 and numpy. Alibi Detect's MMDDrift needs torch or tensorflow and is not run.
"""

import pathlib
import sys
import time
import warnings

import numpy as np
import pandas as pd
from alibi_detect.cd import KSDrift
from evidently.legacy.metrics.data_drift import embedding_drift_methods as evidently

warnings.filterwarnings("ignore")
folder = pathlib.Path(sys.argv[1])
rows = int(sys.argv[2]) if len(sys.argv) > 2 else 500


def frame(values):
    return pd.DataFrame(values.astype("float64"), columns=[f"d{j}" for j in range(values.shape[1])])


values = np.load(folder / "reference.npy")
# Copied for each: the classifier adds a column to what it is given.
reference = frame(values)
ks = KSDrift(values, p_val=0.05)
methods = {
    "evidently model, AUC > 0.55": lambda window: evidently.model()(frame(window), reference.copy())[1],
    "evidently distance > 0.2": lambda window: evidently.distance()(frame(window), reference.copy())[1],
    "evidently ratio > 0.2": lambda window: evidently.ratio()(frame(window), reference.copy())[1],
    "evidently mmd > 0.015": lambda window: evidently.mmd()(frame(window), reference.copy())[1],
    "alibi-detect KSDrift, p 0.05": lambda window: ks.predict(window)["data"]["is_drift"],
}
print("| vectors | " + " | ".join(methods) + " |\n|---|" + "---|" * len(methods))
spent = dict.fromkeys(methods, 0.0)
judged = 0
for path in sorted(folder.glob("*.npy")):
    if path.stem == "reference":
        continue
    vectors = np.load(path)
    windows = [vectors[at : at + rows] for at in range(0, len(vectors) - rows + 1, rows)]
    found = dict.fromkeys(methods, 0)
    for window in windows:
        judged += 1
        for name, method in methods.items():
            start = time.process_time()
            found[name] += bool(method(window))
            spent[name] += time.process_time() - start
    print(f"| {path.stem} | " + " | ".join(f"{found[name]} of {len(windows)}" for name in methods) + " |", flush=True)
print("| CPU a window | " + " | ".join(f"{1000 * spent[name] / judged:.0f} ms" for name in methods) + " |")
