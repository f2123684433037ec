"""compose.yaml asks for what there is: roles, settings, secrets. No engine that could run it is needed here."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from whosays.cli.arguments import parser
from whosays.cli.serving import Role
from whosays.config import KEYS, Settings
from whosays.given import IN_FILES, SECRETS, variable

ROOT = Path(__file__).parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
HOST = "${WHOSAYS_HOST:?the public name of this machine}"
OURS = ("bot", "reader", "sender")


def test_each_role_has_a_service_that_serves_in_it_and_two_bots_run() -> None:
    roles = {name: parser().parse_args(SERVICES[name]["command"]).role for name in OURS}
    assert roles == {name: name for name in OURS}
    assert set(Role) == {Role.ALL, *map(Role, OURS)}
    assert SERVICES["bot"]["deploy"]["replicas"] == 2
    assert all(SERVICES[name]["image"] == SERVICES["bot"]["image"] for name in OURS)
    assert SERVICES["bot"]["build"] == "."
    assert set(SERVICES) == {*OURS, "postgres", "proxy"}


def test_what_services_are_told_are_settings_and_where_a_secret_is_told_it_is_a_file() -> None:
    known = {variable(key) for key in KEYS} - {variable(key) for key in SECRETS}
    known |= {variable(key) + "_FILE" for key in IN_FILES}
    for name in OURS:
        environment = SERVICES[name]["environment"]
        assert environment.keys() <= known
        files = {value.removeprefix("/run/secrets/") for key, value in environment.items() if key.endswith("_FILE")}
        assert files == set(SERVICES[name]["secrets"]) <= COMPOSE["secrets"].keys()
        assert environment["WHOSAYS_STORE"] == "", "the image names a file, which would be a second store"


def test_what_services_are_told_can_be_read(tmp_path: Path) -> None:
    written = {
        "store": "postgresql://whosays:0123@postgres/whosays\n",
        "token": "123:abc\n",
        "webhook": "0123abcd\n",
    }
    for name, content in written.items():
        (tmp_path / name).write_text(content, "utf-8")
    for name in OURS:
        told = {
            key: value.replace("/run/secrets", str(tmp_path)).replace(HOST, "a.example")
            for key, value in SERVICES[name]["environment"].items()
        }
        settings = Settings.from_environment(told)
        assert settings.store.startswith("postgresql://")
        assert (settings.telegram_bot_token is None) is (name == "reader")
        assert (settings.webhook_url is not None) is (name == "bot")


def test_the_proxy_leads_to_where_the_bots_listen_and_secrets_are_no_part_of_the_repository() -> None:
    bot = SERVICES["bot"]["environment"]
    port, path = bot["WHOSAYS_WEBHOOK_LISTEN"].rpartition(":")[2], bot["WHOSAYS_WEBHOOK_URL"].rpartition("/")[2]
    proxy = COMPOSE["configs"]["proxy"]["content"]
    assert f"reverse_proxy /{path} " in proxy
    assert f"dynamic a bot {port} " in proxy
    assert "/secrets/" in (ROOT / ".gitignore").read_text("utf-8").split()


def test_whoever_needs_the_store_waits_for_it() -> None:
    assert all(SERVICES[name]["depends_on"] == {"postgres": {"condition": "service_healthy"}} for name in OURS)
    assert SERVICES["postgres"]["image"].startswith("pgvector/pgvector:pg18")
    # Since PostgreSQL 18 the image keeps its data below this folder, one for each version.
    assert SERVICES["postgres"]["volumes"] == ["articles:/var/lib/postgresql"]
