"""The peers' defaults on the streams of the detection benchmark: false alarms, drift found, delay.

    python -m venv venv && venv/bin/pip install -r bench/detection/peers/requirements.txt
    venv/bin/python bench/detection/peers/run_peers.py [--windows 200] [--streams 20] [--peers evidently,alibi] [--json FILE]

Packages whose requirements exclude each other (NannyML wants an older numpy than river) go into environments of their own;
a peer that cannot be imported is named and left out. Every window is judged alone against its reference, as a user would
with each peer's default test and threshold. Streams and drifts are those of streams.ts, with seeds of numpy's own.
"""

import argparse
import json
import warnings
import zlib

import numpy as np

warnings.filterwarnings("ignore")

SHARES = {"before": [0.4, 0.3, 0.15, 0.1, 0.05], "TV 0.05": [0.35, 0.3, 0.17, 0.12, 0.06], "TV 0.10": [0.3, 0.3, 0.19, 0.14, 0.07]}
WINDOWS_A_REFERENCE = 5


def normal(shift=0.0, spread=1.0):
    return lambda r, n, at: shift + spread * r.standard_normal(n)


def categories(name):
    return lambda r, n, at: r.choice(5, n, p=SHARES[name])


def seasonal(r, n, at):
    return r.standard_normal(n) + np.sin(2 * np.pi * np.linspace(at[0], at[1], n, endpoint=False))


def student(shift=0.0):
    return lambda r, n, at: shift + r.standard_t(2, n)


STABLE = {
    "normal": normal(),
    "lognormal": lambda r, n, at: np.exp(r.standard_normal(n)),
    "t2": student(),
    "categorical5": categories("before"),
    "seasonal": seasonal,
}
DRIFTS = {
    "shift 0.1 sd": ("normal", normal(0.1)),
    "shift 0.25 sd": ("normal", normal(0.25)),
    "shift 0.5 sd": ("normal", normal(0.5)),
    "variance x1.5": ("normal", normal(0, 1.5**0.5)),
    "t2 + 0.5": ("t2", student(0.5)),
    "TV 0.05": ("categorical5", categories("TV 0.05")),
    "TV 0.10": ("categorical5", categories("TV 0.10")),
}


def evidently_peer():
    import pandas as pd
    from evidently.legacy.calculations.stattests import get_stattest
    from evidently.legacy.core import ColumnType

    def alarm(reference, windows, categorical):
        kind = ColumnType.Categorical if categorical else ColumnType.Numerical
        reference = pd.Series(reference)
        found = []
        for window in windows:
            current = pd.Series(window)
            test = get_stattest(reference, current, kind, None)
            found.append(bool(test(reference, current, kind, None).drifted))
        return found

    return alarm


def alibi_peer():
    from alibi_detect.cd import ChiSquareDrift, KSDrift

    def alarm(reference, windows, categorical):
        if categorical:
            detector = ChiSquareDrift(reference[:, None], p_val=0.05)
        else:
            detector = KSDrift(reference[:, None].astype(np.float32), p_val=0.05)
        return [bool(detector.predict(np.asarray(window)[:, None].astype(reference.dtype))["data"]["is_drift"]) for window in windows]

    return alarm


def nannyml_peer():
    import nannyml
    import pandas as pd

    nannyml.disable_usage_logging() if hasattr(nannyml, "disable_usage_logging") else None

    def alarm(reference, windows, categorical):
        size = len(windows[0])
        rows = lambda values: pd.DataFrame({"x": [f"c{v}" for v in values] if categorical else values})
        calculator = nannyml.UnivariateDriftCalculator(
            column_names=["x"],
            treat_as_categorical=["x"] if categorical else [],
            continuous_methods=["jensen_shannon"],
            categorical_methods=["jensen_shannon"],
            chunk_size=size,
        )
        calculator.fit(rows(reference))
        result = calculator.calculate(rows(np.concatenate(windows))).filter(period="analysis").to_df()
        return [bool(value) for value in result[("x", "jensen_shannon", "alert")]]

    return alarm


PEERS = {"evidently": evidently_peer, "alibi": alibi_peer, "nannyml": nannyml_peer}


def judge(alarm, before, after, window_rows, reference_rows, windows, name):
    random = np.random.default_rng(zlib.crc32(f"{name}/{window_rows}/{reference_rows}".encode()))
    alarms = 0
    for _ in range(windows // WINDOWS_A_REFERENCE):
        seasons = max(1, reference_rows // (5 * window_rows))
        reference = before(random, reference_rows, (0, seasons))
        own = [after(random, window_rows, (w / 5, (w + 1) / 5)) for w in range(WINDOWS_A_REFERENCE)]
        alarms += sum(alarm(np.asarray(reference), own, "TV" in name or name == "categorical5"))
    return alarms / (windows // WINDOWS_A_REFERENCE * WINDOWS_A_REFERENCE)


def run_windows(peer, windows, results):
    try:
        alarm = PEERS[peer]()
    except ImportError as error:
        print(f"{peer}: not run, {error}")
        return
    for rows in (200, 1000):
        for reference in (1000, 10 * rows):
            for name, stream in STABLE.items():
                rate = judge(alarm, stream, stream, rows, reference, windows, name)
                report(results, peer, f"false alarms, {name}", rows, reference, 1000 * rate, "per 1,000 windows", windows)
            for name, (before, after) in DRIFTS.items():
                rate = judge(alarm, STABLE[before], after, rows, reference, windows, name)
                report(results, peer, f"found, {name}", rows, reference, 100 * rate, "%", windows)


def run_river(streams, results):
    try:
        from river import drift
    except ImportError as error:
        print(f"river: not run, {error}")
        return
    for name, make in {"ADWIN": drift.ADWIN, "PageHinkley": drift.PageHinkley}.items():
        for stream, source in STABLE.items():
            random = np.random.default_rng(zlib.crc32(f"river/{stream}".encode()))
            alarms = 0
            for _ in range(streams):
                detector = make()
                for value in source(random, 20_000, (0, 20)):
                    detector.update(float(value))
                    alarms += detector.drift_detected
            report(results, name, f"false alarms, {stream}", 1, None, alarms / streams * 5, "per 100,000 rows", streams)
        for drifted, (before, after) in DRIFTS.items():
            random = np.random.default_rng(zlib.crc32(f"river/{drifted}".encode()))
            delays = []
            for _ in range(streams):
                detector = make()
                for value in STABLE[before](random, 20_000, (0, 20)):
                    detector.update(float(value))
                delay = np.inf
                for row, value in enumerate(after(random, 20_000, (0, 20))):
                    detector.update(float(value))
                    if detector.drift_detected:
                        delay = row + 1
                        break
                delays.append(delay)
            report(results, name, f"median delay, {drifted}", 1, None, float(np.median(delays)), "rows", streams)


def report(results, peer, what, rows, reference, value, unit, trials):
    results.append({"peer": peer, "what": what, "windowRows": rows, "referenceRows": reference, "value": value, "unit": unit, "trials": trials})
    print(f"{peer:12} W {rows:5} reference {reference or '-':>6}  {what:28} {value:8.4g} {unit} ({trials})", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--windows", type=int, default=200, help="windows a cell")
    parser.add_argument("--streams", type=int, default=20, help="streams of 20,000 rows for river")
    parser.add_argument("--peers", default="evidently,alibi,nannyml,river")
    parser.add_argument("--json")
    arguments = parser.parse_args()
    results = []
    for peer in arguments.peers.split(","):
        if peer == "river":
            run_river(arguments.streams, results)
        else:
            run_windows(peer, arguments.windows, results)
    if arguments.json:
        with open(arguments.json, "w") as file:
            json.dump(results, file, indent=1)


if __name__ == "__main__":
    main()
