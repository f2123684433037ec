"""Texts → (n, d) unit vectors, and the ONNX graphs that the taggers run on too. torch is imported in `export.py` alone."""

from __future__ import annotations

from whosays.encode.encoder import DEFAULT, Encoder
from whosays.encode.network import Network
from whosays.encode.runtime import Head, graph, session

__all__ = ["DEFAULT", "Encoder", "Head", "Network", "graph", "session"]
