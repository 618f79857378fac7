"""A service that only logs its predictions; the Collector makes metrics of them. See README.md.

    OTEL_EXPORTER_OTLP_ENDPOINT=http://127.0.0.1:14318 PORT=8080 python service.py

POST /predict   {"age": 41, "plan": "a"}               -> {"id": "...", "score": 0.27, "label": "stays"}
POST /outcomes  {"id": "...", "label": "leaves"}       -> {}
"""

import json
import math
import os
import signal
import threading
import time
import uuid
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from opentelemetry._logs import SeverityNumber
from opentelemetry.exporter.otlp.proto.http._log_exporter import OTLPLogExporter
from opentelemetry.sdk._logs import LoggerProvider
from opentelemetry.sdk._logs.export import BatchLogRecordProcessor
from opentelemetry.sdk.resources import Resource

provider = LoggerProvider(Resource.create({"service.name": "churn-service"}))
provider.add_log_record_processor(BatchLogRecordProcessor(OTLPLogExporter()))
logger = provider.get_logger("churn-service")


def log(event_name, attributes):
    """An event under Tidemark's conventions: docs/reference/semconv.md names all attributes."""
    logger.emit(
        event_name=event_name,
        timestamp=time.time_ns(),
        severity_number=SeverityNumber.INFO,
        attributes={"ml.model.name": "churn", **attributes},
    )


def predict(inputs):
    """A logistic model of age and plan, and all that a service has to say of its answer."""
    score = 1 / (1 + math.exp(-0.05 * (inputs["age"] - 50) - (0.4 if inputs["plan"] == "b" else 0.0)))
    answer = {"id": str(uuid.uuid4()), "score": score, "label": "leaves" if score >= 0.5 else "stays"}
    log(
        "ml.inference.details",
        {
            "ml.model.version": "1",
            "ml.inference.id": answer["id"],
            "ml.prediction.score": score,
            "ml.prediction.label": answer["label"],
            "ml.inference.inputs": inputs,
        },
    )
    return answer


def report(outcome):
    log(
        "ml.outcome.reported",
        {
            "ml.inference.id": outcome["id"],
            "ml.outcome.kind": "class",
            "ml.outcome.label": outcome["label"],
        },
    )
    return {}


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps({"/predict": predict, "/outcomes": report}[self.path](body)).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)

    def log_message(self, *_):
        pass


if __name__ == "__main__":
    server = ThreadingHTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8080"))), Handler)
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print(f"listening on http://127.0.0.1:{server.server_port}", flush=True)
    server.serve_forever()
    provider.shutdown()
