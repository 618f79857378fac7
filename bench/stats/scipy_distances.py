"""Exact KS and Wasserstein of raw values by SciPy: CPU seconds as one line of JSON. One thread."""
import json
import sys
import time

import numpy as np
import scipy
from scipy.stats import ks_2samp, wasserstein_distance

features, rows = (int(argument) for argument in sys.argv[1:3])
random = np.random.default_rng(20_262)
seconds = {"ks": 0.0, "wasserstein": 0.0}
for _ in range(features):
    reference = random.standard_normal(rows)
    window = random.standard_normal(rows)
    for name, distance in (("ks", ks_2samp), ("wasserstein", wasserstein_distance)):
        start = time.process_time()
        distance(reference, window)
        seconds[name] += time.process_time() - start
print(json.dumps({"scipy": scipy.__version__, **seconds}))
