"""Encoders that need no weights, for tests of what happens between a store and any model."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from whosays.types import Vectors


@dataclass(frozen=True)
class Hashing:
    """Texts → vectors drawn by chance, the same for the same text; another `name` is another model."""

    name: str
    dimension: int = 96

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.name.encode()).hexdigest()

    def encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in enumerate(texts):
            seed = int.from_bytes(hashlib.blake2b(f"{self.name} {text}".encode(), digest_size=8).digest())
            vectors[row] = np.random.default_rng(seed).normal(size=self.dimension)
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), dtype=np.float32)

    def embed(self, texts: Sequence[str]) -> Vectors:
        return self.encode(texts)
