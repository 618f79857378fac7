"""Nanoseconds a value of river's detectors, one value at a time, with their defaults: one line of JSON. One thread."""
import csv
import json
import sys
import time

# river 0.26 subscripts csv.DictReader, which Python 3.11 does not know.
if not hasattr(csv.DictReader, "__class_getitem__"):
    csv.DictReader.__class_getitem__ = classmethod(lambda cls, _: cls)

import numpy as np
import river
from river import drift
from river.drift import binary

count = int(sys.argv[1])
random = np.random.default_rng(20_263)
values = random.standard_normal(count).tolist()
errors = [value > 1 for value in values]
detectors = {
    "ADWIN": (drift.ADWIN, values),
    "Page-Hinkley": (drift.PageHinkley, values),
    "KSWIN": (drift.KSWIN, values[: max(1_000, count // 100)]),
    "DDM": (binary.DDM, errors),
    "EDDM": (binary.EDDM, errors),
    "HDDM-A": (binary.HDDM_A if hasattr(binary, "HDDM_A") else binary.HDDMA, errors),
    "HDDM-W": (binary.HDDM_W if hasattr(binary, "HDDM_W") else binary.HDDMW, errors),
    "FHDDM": (binary.FHDDM, errors),
}
nanoseconds = {}
for name, (create, stream) in detectors.items():
    detector = create()
    start = time.process_time()
    for value in stream:
        detector.update(value)
    nanoseconds[name] = 1e9 * (time.process_time() - start) / len(stream)
print(json.dumps({"river": river.__version__, "nanoseconds": nanoseconds}))
