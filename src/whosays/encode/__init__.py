"""Texts → (n, d) unit vectors, and the ONNX graphs that the taggers run on too. torch is imported in `export.py` alone."""

from __future__ import annotations
