"""What a Python service sends so that Tidemark watches its model.

Stock OpenTelemetry and nothing else: the names are those of Tidemark's semantic conventions
(docs/reference/semconv.md), the boundaries those of the model's profile, as `tidemark profile` writes it.
"""

import math
import time
import uuid

from opentelemetry._logs import SeverityNumber

SCOPE = "tidemark"
OTHER = "_other_"


class ModelTelemetry:
    """Counts the inputs and answers of one model version, and sends an event for each prediction and outcome."""

    def __init__(self, name, version, profile, meter_provider, logger_provider):
        self._model = {"ml.model.name": name, "ml.model.version": version, "ml.deployment.role": "champion"}
        self._logger = logger_provider.get_logger(SCOPE)
        fields = {(field["target"], field["name"]): field for field in profile["fields"]}
        self._features = [field for (target, _), field in fields.items() if target == "feature"]

        meter = meter_provider.get_meter(SCOPE)
        self._duration = meter.create_histogram("ml.inference.duration", unit="s")
        self._predictions = meter.create_counter("ml.inference.predictions", unit="{prediction}")
        self._labels = meter.create_counter("ml.prediction.labels", unit="{prediction}")
        self._states = meter.create_counter("ml.feature.values", unit="{value}")
        self._categories = meter.create_counter("ml.feature.categories", unit="{value}")
        self._score = None
        if ("prediction", "score") in fields:
            boundaries = fields["prediction", "score"]["boundaries"]
            self._score = meter.create_histogram(
                "ml.prediction.score", unit="1", explicit_bucket_boundaries_advisory=boundaries
            )
        # An instrument has one list of boundaries and each feature its own, so each feature has its own meter.
        self._values = {
            field["name"]: meter_provider.get_meter(f"{SCOPE}.{field['name']}").create_histogram(
                "ml.feature.value", unit="{value}", explicit_bucket_boundaries_advisory=field["boundaries"]
            )
            for field in self._features
            if field["kind"] == "numeric"
        }

    def record_prediction(self, inputs, score, label, seconds, members=None):
        """Records one answered prediction and returns the id that its outcome is to be reported under.

        members: of an ensemble, what each member answered, by its name: a number, or the class's text.
        """
        prediction_id = str(uuid.uuid4())
        for field in self._features:
            self._record_input(field, inputs.get(field["name"]))
        self._duration.record(seconds, self._model)
        self._predictions.add(1, self._model)
        self._labels.add(1, {**self._model, "ml.prediction.label": label})
        if self._score is not None:
            self._score.record(score, self._model)
        self._emit(
            "ml.inference.details",
            {
                **self._model,
                "ml.inference.id": prediction_id,
                "ml.prediction.score": score,
                "ml.prediction.label": label,
                **({"ml.ensemble.answers": members} if members else {}),
            },
        )
        return prediction_id

    def record_failure(self, error):
        """Records one prediction that failed, by the class of its error."""
        self._predictions.add(1, {**self._model, "error.type": type(error).__name__})

    def record_outcome(self, prediction_id, label):
        """Reports the true class of a prediction, now or weeks later."""
        self._emit(
            "ml.outcome.reported",
            {
                "ml.model.name": self._model["ml.model.name"],
                "ml.inference.id": prediction_id,
                "ml.outcome.kind": "class",
                "ml.outcome.label": label,
            },
        )

    def _record_input(self, field, value):
        feature = {**self._model, "ml.feature.name": field["name"]}
        state = state_of(field, value)
        self._states.add(1, {**feature, "ml.feature.value.state": state})
        if state in ("valid", "out_of_range") and field["kind"] == "numeric":
            self._values[field["name"]].record(value, feature)
        if state in ("valid", "unseen_category") and field["kind"] == "categorical":
            category = value if value in field["categories"] else OTHER
            self._categories.add(1, {**feature, "ml.feature.category": category})

    def _emit(self, event_name, attributes):
        self._logger.emit(
            event_name=event_name,
            timestamp=time.time_ns(),
            severity_number=SeverityNumber.INFO,
            attributes=attributes,
        )


def state_of(field, value):
    """The one state of a feature's value, as the profile sees it."""
    if value is None:
        return "missing"
    if field["kind"] == "categorical":
        if not isinstance(value, str):
            return "type_mismatch"
        known = value in field["categories"] or value in field["otherCategories"]
        return "valid" if known else "unseen_category"
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return "type_mismatch"
    if not math.isfinite(value):
        return "non_finite"
    lowest, highest = field["range"]["min"], field["range"]["max"]
    outside = (lowest is not None and value < lowest) or (highest is not None and value > highest)
    return "out_of_range" if outside else "valid"
