"""NannyML's DLE (LightGBM, its defaults) over the windows of one set of a model that predicts quantities.

usage: nannyml_dle.py FOLDER, which holds set.json ({"numeric": [...], "categorical": [...]}), reference.csv and windows.csv (features,
predicted, outcome, window). Prints {"nannyml": version, "windows": [{metric: [value, sampling error]}]}.
"""
import json
import sys
import warnings

warnings.filterwarnings("ignore")

import nannyml  # noqa: E402
import pandas as pd  # noqa: E402

METRICS = ["mae", "mse", "rmse"]


def read(folder, part, categorical):
    frame = pd.read_csv(f"{folder}/{part}.csv", dtype={name: str for name in categorical})
    # A window is a day, so that windows of any size are chunks.
    frame["timestamp"] = pd.Timestamp("2020-01-01") + pd.to_timedelta(frame["window"], unit="D")
    return frame


def main(folder):
    with open(f"{folder}/set.json") as file:
        columns = json.load(file)
    estimator = nannyml.DLE(
        feature_column_names=columns["numeric"] + columns["categorical"],
        y_pred="predicted",
        y_true="outcome",
        timestamp_column_name="timestamp",
        chunk_period="D",
        metrics=METRICS,
    )
    categorical = columns["categorical"]
    estimator.fit(read(folder, "reference", categorical))
    windows = read(folder, "windows", categorical).drop(columns="outcome")
    result = estimator.estimate(windows).filter(period="analysis").to_df()
    rows = [
        {metric: [result[(metric, "value")].iloc[i], result[(metric, "sampling_error")].iloc[i]] for metric in METRICS}
        for i in range(len(result))
    ]
    print(json.dumps({"nannyml": nannyml.__version__, "windows": rows}))


main(sys.argv[1])
