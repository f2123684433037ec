"""What tests of several rooms share."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

from tests import postgres as servers

# How long an example takes says more of what else the machine has to do than of what is tested.
settings.register_profile("whosays", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("whosays")


@pytest.fixture(scope="session")
def model_cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cache folder for the graphs of the models, built once for all tests, whichever process runs them."""
    base = tmp_path_factory.getbasetemp()
    # Each of pytest-xdist's processes has a folder of its own in one that they share.
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "models"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[servers.Server]:
    """A PostgreSQL server with pgvector, for all tests of this process."""
    with servers.running() as server:
        yield server


@pytest.fixture
def postgres(postgres_server: servers.Server) -> Iterator[str]:
    """The address of an empty PostgreSQL database."""
    with postgres_server.database() as address:
        yield address


@pytest.fixture
def postgres_store(postgres_server: servers.Server) -> Iterator[str]:
    """The address of a store in PostgreSQL that holds no articles yet."""
    with postgres_server.store() as address:
        yield address
