"""Models that only sentence-transformers can load, made into what ONNX Runtime serves. The one module here that imports torch."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from tokenizers import Tokenizer

from whosays.encode import reference
from whosays.encode.encoder import DEFAULT, Encoder, find
from whosays.encode.folder import TOKENIZER, ModelFolder, digest
from whosays.errors import ModelError
from whosays.types import Vectors

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

GRAPH = "model.onnx"
_VERSION = 1
_INSTALL = "sentence-transformers, torch and onnxscript are needed for this model once: `./run train --help` installs them"
#: What a model is called where sentence-transformers fetches it from.
_NAME = re.compile(r"\w[\w.-]*(/\w[\w.-]*)?")
#: Seconds to wait for a word from there.
_PATIENCE = 5.0


def fetch(name: str, cache: Path) -> Path:
    """Return a folder in `cache` with the model of that name, loaded by sentence-transformers once. Raises ModelError."""
    folder = cache / ("model-" + re.sub(r"[^\w.-]+", "--", name))
    if not folder.exists():
        if not _NAME.fullmatch(name):
            raise ModelError(f"there is no folder {name}, and a model's name, which it is not either, is NAME or GROUP/NAME")
        model = _load(name, fetched=_may_be_fetched(name))
        with _made(folder) as temporary:
            model.save(str(temporary))
    return folder


def export(folder: ModelFolder, cache: Path) -> Path:
    """Return a folder in `cache` with `GRAPH` and a tokenizer that cuts and pads as the model does, made and checked once."""
    exported = cache / f"export-v{_VERSION}-{folder.digest[:16]}"
    if not exported.exists():
        model = _load(str(folder.path))
        with _made(exported) as temporary, warnings.catch_warnings():
            # torch's exporter warns of its own deprecated parts.
            warnings.simplefilter("ignore")
            try:
                _save_tokenizer(model, temporary / TOKENIZER)
                _save_graph(model, temporary / GRAPH)
            except ImportError as error:
                raise ModelError(f"{folder.path}: {_INSTALL} ({error})") from error
            except Exception as error:  # whatever a model of any kind makes torch raise
                raise ModelError(f"{folder.path} cannot be exported to ONNX: {error}") from error
            tokenizer = Tokenizer.from_file(str(temporary / TOKENIZER))
            encoder = Encoder(name="", digest="", tokenizer=tokenizer, path=temporary / GRAPH)
            reference.compare(encoder.encode(reference.TEXTS), _encode(model)(reference.TEXTS))
    return exported


def original(folder: Path) -> Callable[[Sequence[str]], Vectors]:
    """Return sentence-transformers' own encoding by the model in `folder`: texts → (n, d) float32 unit rows."""
    return _encode(_load(str(folder)))


def _may_be_fetched(name: str) -> bool:
    """Say whether the place that models are fetched from answers: where it does not, its library asks for more than a minute."""
    try:
        from huggingface_hub import constants, get_session  # noqa: PLC0415 - not installed where it is not needed
    except ImportError as error:
        raise ModelError(f"{name}: {_INSTALL}") from error
    try:
        get_session().head(constants.ENDPOINT, timeout=_PATIENCE)
    except Exception:  # of its client, which is another one in each of its versions, or that it was told to fetch nothing
        return False
    return True


def _load(name: str, *, fetched: bool = True) -> SentenceTransformer:
    """Load a model by its folder or name; unless it may be `fetched`, what was fetched before."""
    try:
        from sentence_transformers import SentenceTransformer  # noqa: PLC0415 - not installed where it is not needed
    except ImportError as error:
        raise ModelError(f"{name}: {_INSTALL}") from error
    try:
        return SentenceTransformer(name, device="cpu", local_files_only=not fetched)
    except Exception as error:  # sentence-transformers raises what its many loaders raise
        if not fetched:
            raise ModelError(
                f"there is no folder {name}, and no model of that name was fetched before; the place to fetch it from cannot be"
                " reached: give a model's folder, or try again with a network"
            ) from error
        raise ModelError(f"sentence-transformers cannot load {name!r} (a folder, or a model's name?): {error}") from error


def _encode(model: SentenceTransformer) -> Callable[[Sequence[str]], Vectors]:
    def encode(texts: Sequence[str]) -> Vectors:
        vectors = model.encode(list(texts), normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(vectors, dtype=np.float32)

    return encode


def _save_tokenizer(model: SentenceTransformer, path: Path) -> None:
    backend = model.tokenizer.backend_tokenizer
    backend.enable_truncation(model.max_seq_length or model.tokenizer.model_max_length)
    backend.enable_padding(pad_id=model.tokenizer.pad_token_id, pad_token=model.tokenizer.pad_token)
    backend.save(str(path))


def _save_graph(model: SentenceTransformer, path: Path) -> None:
    import torch  # noqa: PLC0415 - as in `_load`

    class Unit(torch.nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.model = model.eval()

        def forward(self, ids: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
            embedding = self.model({"input_ids": ids, "attention_mask": mask})["sentence_embedding"]
            return torch.nn.functional.normalize(embedding, dim=1)

    free = {0: torch.export.Dim.DYNAMIC, 1: torch.export.Dim.DYNAMIC}
    ids = model.tokenizer(["a text", "another text, longer"], padding=True, return_tensors="pt")
    torch.onnx.export(
        Unit(),
        (ids["input_ids"], ids["attention_mask"]),
        path,
        input_names=["ids", "mask"],
        output_names=["vectors"],
        dynamic_shapes={"ids": free, "mask": free},
        dynamo=True,
        verbose=False,
    )


@contextmanager
def _made(folder: Path) -> Iterator[Path]:
    """Give a temporary folder that becomes `folder` when the block ends well, and is gone when it does not."""
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        temporary = Path(tempfile.mkdtemp(prefix=f".{folder.name}.", dir=folder.parent))
    except OSError as error:
        raise ModelError(f"cannot write the model cache {folder.parent}: {error.strerror}") from error
    try:
        yield temporary
        if not folder.exists():
            temporary.rename(folder)
    finally:
        shutil.rmtree(temporary, ignore_errors=True)


def main() -> None:
    """Write the default model's reference vectors."""
    folder = find(DEFAULT)
    assert folder is not None
    rows = ",\n".join(json.dumps([round(float(value), 6) for value in row]) for row in original(folder)(reference.TEXTS))
    texts = json.dumps(reference.TEXTS, ensure_ascii=False, indent=1)
    written = f'{{"model": "{DEFAULT}", "digest": "{digest(folder)}",\n"texts": {texts},\n"vectors": [\n{rows}\n]}}\n'
    reference.FILE.write_text(written, "utf-8")


if __name__ == "__main__":
    main()
