"""A small service that predicts whether a customer will leave, watched by Tidemark.

    PROFILE=profile.json OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:4318 PORT=8080 python service.py

POST /predict   {"age": 41, "plan": "a"}               -> {"id": "...", "score": 0.27, "label": "stays"}
POST /outcomes  {"id": "...", "label": "leaves"}       -> {}
"""

import json
import math
import os
import signal
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.exporter.otlp.proto.http.metric_exporter import OTLPMetricExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.metrics import MeterProvider
from opentelemetry.sdk.metrics.export import PeriodicExportingMetricReader
from opentelemetry.sdk.resources import Resource

from model_telemetry import ModelTelemetry

THRESHOLD = 0.5


def sigmoid(logit):
    return 1 / (1 + math.exp(-logit))


def predict(inputs):
    """Probability that the customer leaves, a mean of two logistic models, and what each of them says."""
    members = {
        "by_age": sigmoid(0.05 * (inputs["age"] - 50)),
        "by_plan": sigmoid(0.4 if inputs["plan"] == "b" else 0.0),
    }
    return 0.8 * members["by_age"] + 0.2 * members["by_plan"], members


def create_handler(telemetry):
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            if self.path == "/predict":
                self._answer(200, self._predict(body))
            elif self.path == "/outcomes":
                telemetry.record_outcome(body["id"], body["label"])
                self._answer(200, {})
            else:
                self._answer(404, {"error": f"no such path: {self.path}"})

        def _predict(self, inputs):
            started = time.perf_counter()
            try:
                score, members = predict(inputs)
            except Exception as error:
                telemetry.record_failure(error)
                raise
            label = "leaves" if score >= THRESHOLD else "stays"
            seconds = time.perf_counter() - started
            prediction_id = telemetry.record_prediction(inputs, score, label, seconds, members)
            return {"id": prediction_id, "score": score, "label": label}

        def _answer(self, status, content):
            body = json.dumps(content).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_):
            pass

    return Handler


def main():
    resource = Resource.create({"service.name": "churn-service"})
    meter_provider = MeterProvider([PeriodicExportingMetricReader(OTLPMetricExporter())], resource)
    logger_provider = LoggerProvider(resource)
    logger_provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
    with open(os.environ["PROFILE"], encoding="utf8") as file:
        profile = json.load(file)
    telemetry = ModelTelemetry("churn", "1", profile, meter_provider, logger_provider)

    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), create_handler(telemetry))
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
    logger_provider.shutdown()
    meter_provider.shutdown()


if __name__ == "__main__":
    main()
