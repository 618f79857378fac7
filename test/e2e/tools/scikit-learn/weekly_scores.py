"""Scores of exported predictions by week (Monday, UTC) as scikit-learn computes them, as JSON on stdout.

    weekly_scores.py predictions.parquet
"""

import json
import sys

import numpy as np
import pyarrow.parquet as pq
from sklearn.metrics import accuracy_score, brier_score_loss, f1_score, log_loss, roc_auc_score

WEEK = np.timedelta64(7, "D")
A_MONDAY = np.datetime64("2001-01-01")


def main(path: str) -> None:
    rows = pq.read_table(path, columns=["time", "score", "label", "outcome_label"])
    time = rows["time"].to_numpy().astype("datetime64[ms]")
    score = rows["score"].to_numpy()
    predicted = np.array(rows["label"].to_pylist()) == "late"
    outcome = np.array(rows["outcome_label"].to_pylist(), dtype=object)
    week = (time - A_MONDAY) // WEEK
    print(json.dumps([scores(int(w), score[week == w], predicted[week == w], outcome[week == w]) for w in np.unique(week)]))


def scores(week: int, score: np.ndarray, predicted: np.ndarray, outcome: np.ndarray) -> dict:
    known = np.isin(outcome, ["late", "on_time"])
    late = (outcome[known] == "late").astype(int)
    score, predicted = score[known], predicted[known]
    return {
        "start": f"{A_MONDAY + week * WEEK}T00:00:00.000Z",
        "predictions": len(known),
        "coverage": float(known.mean()),
        "accuracy": accuracy_score(late, predicted),
        "f1": f1_score(late, predicted),
        "rocAuc": roc_auc_score(late, score),
        "logLoss": log_loss(late, score),
        "brier": brier_score_loss(late, score),
        "lateShare": float(late.mean()),
    }


main(sys.argv[1])
