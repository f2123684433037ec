"""`whosays train`: the models that find claims, and the cross-encoder that reads them with a question, step by step."""

from __future__ import annotations

import argparse
from dataclasses import replace
from pathlib import Path
from random import Random

from whosays.cli.exits import Exit, UsageError
from whosays.cli.output import warn
from whosays.config import Settings
from whosays.errors import ConfigError

#: The steps to the cross-encoder: one that learns from labels, what it says of pairs, and one that learns from that.
TEACHING = ("teacher", "pairs", "relevance")


def run(settings: Settings, options: argparse.Namespace) -> Exit:
    """Run a step of training, or all to the models that find claims. Raises WhosaysError."""
    from whosays.attribution import calibration, passes, rounding  # noqa: PLC0415 - what only this command needs

    match options.only:
        case passes.RANGES:
            rounding.measure(options.data, options.out, settings.threads, warn)
        case passes.CONFIDENCE:
            fitted = calibration.calibrate(options.data, options.out, settings.cache_folder, settings.threads, warn)
            fitted.save(options.out)
        case "teacher":
            _teacher(settings, options)
        case "pairs" | "relevance" if options.teacher is None:
            raise UsageError(f"--only {options.only} wants the folder of the large model that teaches: --teacher FOLDER")
        case "pairs":
            _pairs(settings, options)
        case "relevance":
            _relevance(settings, options)
        case _:
            _finder(settings, options)
    return Exit.DONE


def _finder(settings: Settings, options: argparse.Namespace) -> None:
    try:
        from whosays.attribution import training  # noqa: PLC0415 - torch is there for training alone
    except ImportError as error:
        raise _no_torch(error) from error
    given = {**_given(options), "threads": settings.threads}
    recipes = {name: replace(recipe, **given) for name, recipe in training.RECIPES.items()}
    training.train(options.data, _base(settings, options), options.out, warn, only=options.only, recipes=recipes)


def _teacher(settings: Settings, options: argparse.Namespace) -> None:
    try:
        from whosays.distil import labelled  # noqa: PLC0415 - torch is there for training alone
    except ImportError as error:
        raise _no_torch(error) from error
    recipe = replace(labelled.RECIPE, **_given(options), threads=settings.threads)
    labelled.train(options.data, _base(settings, options), options.out, recipe, warn)


def _pairs(settings: Settings, options: argparse.Namespace) -> None:
    from whosays.crossencoder import CrossEncoder  # noqa: PLC0415 - what only this step needs
    from whosays.distil import lots  # noqa: PLC0415
    from whosays.parts import load_encoder, open_corpus  # noqa: PLC0415
    from whosays.reading import read  # noqa: PLC0415
    from whosays.types import Article  # noqa: PLC0415

    articles = [reading for reading in read([str(options.data)], mapping=options.map) if isinstance(reading, Article)]
    encoder = load_encoder(settings)
    teacher = CrossEncoder.load(options.teacher, settings.cache_folder, settings.threads)
    corpus = open_corpus(settings.store, encoder)
    try:
        made = lots.lots(corpus, encoder, teacher, articles, Random(options.seed or 1))
        lots.write(options.out, made, options.most, warn)
    finally:
        corpus.close()


def _relevance(settings: Settings, options: argparse.Namespace) -> None:
    try:
        from whosays.distil import student  # noqa: PLC0415 - torch is there for training alone
    except ImportError as error:
        raise _no_torch(error) from error
    given = student.Recipe(threads=settings.threads)
    given = replace(given, epochs=options.epochs or given.epochs, seed=given.seed if options.seed is None else options.seed)
    student.train(options.data, options.teacher, options.out, given, warn)


def _base(settings: Settings, options: argparse.Namespace) -> Path:
    """Return the folder of the encoder to start from."""
    from whosays.encode import export  # noqa: PLC0415 - as above
    from whosays.encode.encoder import find  # noqa: PLC0415

    name = options.base or settings.encoder
    return find(name) or export.fetch(name, settings.cache_folder)


def _given(options: argparse.Namespace) -> dict[str, int]:
    return {key: getattr(options, key) for key in ("epochs", "seed") if getattr(options, key) is not None}


def _no_torch(error: ImportError) -> ConfigError:
    return ConfigError(f"training needs torch and sentence-transformers ({error}): call it as ./run train …")
