"""Secrets come from the environment and from files, and are in no message, whatever else is wrong."""

from pathlib import Path

import pytest

from openhab_bridge.configuration.secrets import LONGEST
from smappee_gateway.broker import Broker, Tls
from tests.authority import Authority
from tests.openhab_bridge.configuring import BOTH, loaded, mistake, mistakes

SECRET = "hunter2xyz"  # noqa: S105 # made up
GATEWAYS = "gateways: [gateway]\n"


def test_any_value_may_come_from_the_environment_or_a_file(tmp_path: Path) -> None:
    (tmp_path / "password").write_text(f" {SECRET}\r\n")
    (tmp_path / "port").write_text("1884\n")
    text = f"target: {{host: !env HOST, port: !file port, user: !env YES, password: !file password}}\n{GATEWAYS}"
    broker = loaded(tmp_path, text, {"HOST": "house", "YES": "yes"}).target
    assert broker == Broker("house", 1884, "yes", f" {SECRET}")


def test_a_file_may_be_named_by_its_whole_path(tmp_path: Path) -> None:
    secret = tmp_path / "elsewhere" / "url"
    secret.parent.mkdir()
    secret.write_text(f"mqtts://anna:{SECRET}@house")
    assert loaded(tmp_path, f"target: !file {secret}\n{GATEWAYS}").target == Broker(
        "house", 8883, "anna", SECRET, Tls()
    )


@pytest.mark.parametrize("written", ["authority.pem", "!file authority.pem", "!env PEM"])
def test_a_certificate_is_a_file_or_comes_itself(tmp_path: Path, written: str) -> None:
    pem = Authority().pem.strip()
    (tmp_path / "authority.pem").write_text(pem)
    text = f"target: {{host: house, tls: {{certificate: {written}}}}}\n{GATEWAYS}"
    assert loaded(tmp_path, text, {"PEM": pem}).target.tls == Tls(authority=pem)


def test_what_is_no_certificate_is_told(tmp_path: Path) -> None:
    text = f"target: {{host: house, tls: {{certificate: a.pem}}}}\n{GATEWAYS}"
    file = tmp_path / "a.pem"
    where = "1: target.tls.certificate: "
    assert mistake(tmp_path, text) == f"{where}{file} cannot be read: No such file or directory"
    for content, said in (
        (b"", "it has no line -----BEGIN CERTIFICATE-----"),
        (b"-----BEGIN PRIVATE KEY-----", "it has no line -----BEGIN CERTIFICATE-----"),
        (b"-----BEGIN CERTIFICATE-----\nYQ==\n-----END CERTIFICATE-----\n", "this one is damaged"),
        ("-----BEGIN CERTIFICATE-----\né\n".encode(), "this one is damaged"),
        (b"\xff", "which is a text"),
    ):
        file.write_bytes(content)
        found = mistake(tmp_path, text)
        assert found.startswith(f"{where}must be a certificate in PEM")
        assert found.endswith(said)


def test_a_certificate_that_would_not_be_used_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.pem").write_text(Authority().pem)
    text = f"target: {{host: house, tls: {{certificate: a.pem, verify: no}}}}\n{GATEWAYS}"
    said = "has a certificate that verify: false would leave unused; remove one of them"
    assert mistake(tmp_path, text) == f"1: target.tls: {said}"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("!env MISSING", "the environment variable MISSING is not set"),
        ("!env EMPTY", "the environment variable EMPTY is empty"),
        ("!env SPACE", "the environment variable SPACE is empty"),
        ("!env ''", "!env must be followed by the name of an environment variable, such as !env PASSWORD"),
        (f"!env my {SECRET}", "!env must be followed by the name of an environment variable, such as !env PASSWORD"),
        ("!file missing", "{folder}/missing cannot be read: No such file or directory"),
        ("!file empty", "{folder}/empty is empty"),
        ("!file binary", "{folder}/binary is not a text in UTF-8"),
        ("!file long", "{folder}/long is longer than a secret"),
        ("!file .", "{folder} cannot be read: Is a directory"),
        ("!file ''", "!file must be followed by the path of a file, such as !file password.txt"),
        ('!file "a\\0b"', "!file must be followed by the path of a file, such as !file password.txt"),
    ],
)
def test_a_secret_that_is_not_there_is_told_once(tmp_path: Path, written: str, said: str) -> None:
    (tmp_path / "empty").write_text("\n")
    (tmp_path / "binary").write_bytes(b"\xff")
    (tmp_path / "long").write_text("x" * (LONGEST + 1))
    text = f"target: {{host: house, user: a, password: {written}}}\n{GATEWAYS}"
    found = mistake(tmp_path, text, {"EMPTY": "", "SPACE": " "})
    assert found == f"1: target.password: {said.format(folder=tmp_path)}"


@pytest.mark.parametrize(
    "written",
    [
        "web: {port: !env SECRET}",
        "web: {port: !file secret}",
        "web: {host: !env SECRET_URL}",
        "log: !env SECRET",
        "log: !env SECRET_URL",
        "all_points: !env SECRET",
        "homie: {versions: [!env SECRET]}",
        "homie: !env SECRET",
        "homie: {prefix: !env SECRET_TOPIC}",
        "traffic: {settle_s: !env SECRET}",
        "gateways: [{host: a, batteries: [!env SECRET]}]",
        "gateways: [{host: a, parents: {ct_1: !env SECRET}}]",
        "gateways: [{host: a, time_zone: !env SECRET}]",
        "gateways: [{host: a, serial: !env SECRET}]",
        "gateways: [!env SECRET_URL]",
        "gateways: !env SECRET",
        "target: {host: !env SECRET_URL}",
        "target: {host: a, tls: {certificate: !env SECRET_PEM}}",
        "target: !env SECRET_LINES",
        "target: {host: a, user: a, password: !env SECRET_LINES}",
    ],
)
def test_a_secret_in_a_wrong_place_is_not_repeated(tmp_path: Path, written: str) -> None:
    (tmp_path / "secret").write_text(SECRET)
    environment = {
        "SECRET": SECRET,
        "SECRET_URL": f"mqtt://anna:{SECRET}",
        "SECRET_TOPIC": f"{SECRET}/#",
        "SECRET_PEM": f"-----BEGIN CERTIFICATE-----\n{SECRET}\n-----END CERTIFICATE-----",
        "SECRET_LINES": f"a\n{SECRET}",
    }
    found = mistakes(tmp_path, f"{written}\n", environment)
    assert any(problem.startswith(f"1: {written.partition(':')[0]}") for problem in found)
    assert SECRET not in "\n".join(found)


@pytest.mark.parametrize(
    "written",
    [
        f"target: mqtt//anna:{SECRET}@house",
        f"target: mqtt://anna:{SECRET}",
        f"target: mqtt://anna:{SECRET}/@house",
        f"target: mqtt://anna:{SECRET}@hou se",
        f"target: mqtt://anna:{SECRET}@house:port",
        f"target: mqtt:/anna:{SECRET}@house:1@1",
        f"target: [mqtt://anna:{SECRET}@house]",
        f"target: {{mqtt://anna:{SECRET}@house: }}",
        f"target: {{host: 'mqtt://anna:{SECRET}@house'}}",
        f"target: {{host: 'mqtt://anna:{SECRET}'}}",
        f"log: mqtt://anna:{SECRET}@house",
        f"log: mqtt://anna:{SECRET}",
        f"gateways: [{{host: a, time_zone: 'mqtt://anna:{SECRET}@house'}}]",
        f"target: {{host: a, user: a, pasword: {SECRET}}}",
        f"target: {{host: a, user: a, password: [{SECRET}]}}",
        f"target: {{host: a, password: {SECRET}}}",
        f"target: {{host: a, user: a, password: !{SECRET}}}",
        f"target: {{host: a, user: a, password: !{SECRET}!a}}",
        f"target: {{host: a, user: a, password: &{SECRET}}}",
        f"target: {{host: a, user: a, password: *{SECRET}}}",
        f"target: {{host: a, user: a, password: @{SECRET}}}",
        f"target: {{host: a, user: a, password: '{SECRET}}}",
        f'target: {{host: a, user: a, password: "{SECRET}\\{SECRET}"}}',
        f"target:\n  password: a: {SECRET}",
        f"target:\n  password: a\n  {SECRET}\n",
        f"target:\n  password: a\n {SECRET}: 1\n",
    ],
)
def test_a_password_in_the_file_is_not_repeated(tmp_path: Path, written: str) -> None:
    assert SECRET not in "\n".join(mistakes(tmp_path, f"{written}\n"))


def test_settings_do_not_show_passwords(tmp_path: Path) -> None:
    settings = loaded(tmp_path, f"target: mqtt://anna:{SECRET}@house\n{GATEWAYS}")
    assert settings.target.password == SECRET
    assert SECRET not in repr(settings)


def test_an_unused_secret_changes_nothing(tmp_path: Path) -> None:
    assert loaded(tmp_path, BOTH, {"UNUSED": SECRET}) == loaded(tmp_path, BOTH)
