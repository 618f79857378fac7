"""A model for MLServer: the probability that a loan is repaid, from age and income."""

import numpy as np
from mlserver import MLModel
from mlserver.codecs import NumpyCodec
from mlserver.types import InferenceRequest, InferenceResponse


class Credit(MLModel):
    async def predict(self, payload: InferenceRequest) -> InferenceResponse:
        features = self.decode(payload.inputs[0], default_codec=NumpyCodec)
        score = 1 / (1 + np.exp(4 - 0.1 * features[:, 0] - 0.001 * features[:, 1]))
        return InferenceResponse(
            id=payload.id,
            model_name=self.name,
            model_version=self.version,
            outputs=[
                NumpyCodec.encode_output("probabilities", np.stack([1 - score, score], axis=1)),
                NumpyCodec.encode_output("label", (score > 0.5).astype(np.int64)),
            ],
        )
