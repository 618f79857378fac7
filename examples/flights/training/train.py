"""Trains the flight-delay model and exports it.

    node --conditions=tidemark-source examples/flights/src/training-data.ts flights.parquet
    python3.11 -m venv .venv && .venv/bin/pip install -r examples/flights/training/requirements.txt
    .venv/bin/python examples/flights/training/train.py flights.parquet examples/flights/model

Trained on 1 to 28 January 2001, seeded. Writes flight-delay.onnx (inputs as FEATURES, float32; output: the
probability of `late`), flight-delay.json (how to turn names into numbers, and the threshold) and
flight-delay.scores.json (a few flights and what scikit-learn says of them, for the service's tests), and prints how
well it does on January (out of fold) and on February, which it has not seen.
"""

import json
import sys
from pathlib import Path

import numpy as np
import onnx
import pyarrow.compute as pc
import pyarrow.parquet as pq
import sklearn
import skl2onnx
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.metrics import f1_score, log_loss, precision_recall_curve, roc_auc_score
from sklearn.model_selection import KFold
from skl2onnx.common.data_types import FloatTensorType

SEED = 2001
FEATURES = ["hour", "weekday", "distance", "origin", "destination", "inbound_delay"]
WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
TRAINING = ("2001-01-01", "2001-01-29")
FEBRUARY = ("2001-01-29", "2001-02-26")
# An airport's late share counts as if it had this many flights more, of the average kind.
SMOOTHING = 200.0


def main(data_path: str, model_folder: str) -> None:
    data = pq.read_table(data_path)
    training, february = between(data, *TRAINING), between(data, *FEBRUARY)
    late = is_late(training)

    out_of_fold = np.empty(len(late))
    for fit, hold_out in KFold(5, shuffle=True, random_state=SEED).split(late):
        encoding = learn_encoding(training.take(fit), late[fit])
        model = classifier().fit(to_columns(training.take(fit), encoding), late[fit])
        out_of_fold[hold_out] = model.predict_proba(to_columns(training.take(hold_out), encoding))[:, 1]
    threshold = best_threshold(late, out_of_fold)

    encoding = learn_encoding(training, late)
    model = classifier().fit(to_columns(training, encoding), late)
    print_scores("January (out of fold)", late, out_of_fold, threshold)
    print_scores("January (as trained)", late, model.predict_proba(to_columns(training, encoding))[:, 1], threshold)
    scores = model.predict_proba(to_columns(february, encoding))[:, 1]
    print_scores("February", is_late(february), scores, threshold)
    export(model, encoding, threshold, len(late), Path(model_folder))
    write_some_scores(february, scores, Path(model_folder))


def classifier() -> HistGradientBoostingClassifier:
    return HistGradientBoostingClassifier(
        max_iter=120, learning_rate=0.1, max_leaf_nodes=16, min_samples_leaf=400, random_state=SEED
    )


def between(data, start: str, end: str):
    day = pc.strftime(data["departure"], format="%Y-%m-%d")
    return data.filter(pc.and_(pc.greater_equal(day, start), pc.less(day, end)))


def is_late(data) -> np.ndarray:
    return (data["outcome"].to_numpy() == "late").astype(np.int64)


def learn_encoding(data, late: np.ndarray) -> dict:
    """Smoothed late share by airport, and the average for airports not seen."""
    average = float(late.mean())

    def shares(column: str) -> dict[str, float]:
        airports, index = np.unique(data[column].to_numpy().astype(str), return_inverse=True)
        flights = np.bincount(index)
        smoothed = (np.bincount(index, weights=late) + SMOOTHING * average) / (flights + SMOOTHING)
        return {airport: round(float(share), 6) for airport, share in zip(airports, smoothed)}

    return {"average": round(average, 6), "origin": shares("origin"), "destination": shares("destination")}


def to_columns(data, encoding: dict) -> np.ndarray:
    """The model's inputs as float32, as the service computes them; NaN for missing."""
    columns = [
        data["hour"].to_numpy(),
        [WEEKDAYS.index(day) for day in data["weekday"].to_pylist()],
        data["distance"].to_numpy(),
        [encoding["origin"].get(airport, encoding["average"]) for airport in data["origin"].to_pylist()],
        [encoding["destination"].get(airport, encoding["average"]) for airport in data["destination"].to_pylist()],
        pc.fill_null(data["inbound_delay"], float("nan")).to_numpy(),
    ]
    return np.column_stack([np.asarray(column, dtype=np.float32) for column in columns])


def best_threshold(late: np.ndarray, scores: np.ndarray) -> float:
    """Threshold of the largest F1."""
    precision, recall, thresholds = precision_recall_curve(late, scores)
    f1 = 2 * precision * recall / np.maximum(precision + recall, 1e-12)
    return round(float(thresholds[np.argmax(f1[:-1])]), 4)


def print_scores(name: str, late: np.ndarray, scores: np.ndarray, threshold: float) -> None:
    print(
        f"{name}: {len(late)} flights, {late.mean():.4f} late, ROC AUC {roc_auc_score(late, scores):.4f}, "
        f"log loss {log_loss(late, scores):.4f}, F1 {f1_score(late, scores >= threshold):.4f} at {threshold}"
    )


def export(model, encoding: dict, threshold: float, rows: int, folder: Path) -> None:
    graph = skl2onnx.to_onnx(
        model,
        name="flight-delay",
        initial_types=[("features", FloatTensorType([None, len(FEATURES)]))],
        options={"zipmap": False},
        target_opset=17,
    )
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "flight-delay.onnx").write_bytes(graph.SerializeToString())
    description = {
        "name": "flight-delay",
        "version": "1",
        "features": FEATURES,
        "weekdays": WEEKDAYS,
        "threshold": threshold,
        "lateShare": encoding,
        "training": {
            "from": TRAINING[0],
            "to": TRAINING[1],
            "rows": rows,
            "seed": SEED,
            "scikit-learn": sklearn.__version__,
            "skl2onnx": skl2onnx.__version__,
            "onnx": onnx.__version__,
        },
    }
    (folder / "flight-delay.json").write_text(json.dumps(description, indent=2) + "\n")


def write_some_scores(data, scores: np.ndarray, folder: Path) -> None:
    rows = np.random.default_rng(SEED).choice(len(scores), 40, replace=False)
    flights = data.take(rows).select(FEATURES).to_pylist()
    lines = [json.dumps({"flight": flight, "score": float(score)}) for flight, score in zip(flights, scores[rows])]
    (folder / "flight-delay.scores.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
