"""NannyML's CBPE over the windows of one set.

usage: nannyml_cbpe.py FOLDER, which holds set.json ({"classes": [...]}), reference.csv and windows.csv (score columns s0, s1, ...,
predicted, outcome, window). Prints {"nannyml": version, "windows": [{metric: [value, sampling error]}]}.
"""
import json
import sys
import warnings

warnings.filterwarnings("ignore")

import nannyml  # noqa: E402
import pandas as pd  # noqa: E402

METRICS = ["accuracy", "precision", "recall", "f1", "roc_auc"]


def read(folder, part):
    frame = pd.read_csv(f"{folder}/{part}.csv")
    # A window is a day, so that windows of any size are chunks.
    frame["timestamp"] = pd.Timestamp("2020-01-01") + pd.to_timedelta(frame["window"], unit="D")
    return frame


def main(folder):
    with open(f"{folder}/set.json") as file:
        classes = json.load(file)["classes"]
    scores = {name: f"s{k}" for k, name in enumerate(classes)} if classes else "s0"
    estimator = nannyml.CBPE(
        y_pred_proba=scores,
        y_pred="predicted",
        y_true="outcome",
        timestamp_column_name="timestamp",
        chunk_period="D",
        problem_type="classification_multiclass" if classes else "classification_binary",
        metrics=METRICS,
    )
    estimator.fit(read(folder, "reference"))
    result = estimator.estimate(read(folder, "windows").drop(columns="outcome")).filter(period="analysis").to_df()
    windows = [
        {metric: [result[(metric, "value")].iloc[i], result[(metric, "sampling_error")].iloc[i]] for metric in METRICS}
        for i in range(len(result))
    ]
    print(json.dumps({"nannyml": nannyml.__version__, "windows": windows}))


main(sys.argv[1])
