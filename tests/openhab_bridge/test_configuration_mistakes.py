"""Every mistake in bridge.yaml is told at once: its line and place, what is allowed, what was probably meant."""

import json
import re
from pathlib import Path
from zoneinfo import available_timezones

import pytest

from openhab_bridge.configuration import gateways, load
from openhab_bridge.configuration.errors import ConfigurationError
from tests.openhab_bridge.configuring import BOTH, mistake, mistakes
from tests.openhab_bridge.test_configuration import EXAMPLE

REFERENCE = Path(__file__).parents[2] / "docs" / "bridge-configuration.md"
TRUTH = "yes, no, on, off, true and false mean a truth value in YAML; write the text in quotes"
EMPTY = "is empty; give a value, or remove the key"
A_LOAD = "a load as in its topics, such as 5500001259-3, or as printed on its CT hub, such as 5500001259/D"
TOPICS = "the beginning of topics: no + or #, no space, no / at its ends, not two in a row, no $ in front"
HOST = "must be a host name or an IP address; a port is written with a key of its own or in a URL"
QUOTED = "in user and password write @ as %40, / as %2F, # as %23"


def test_all_mistakes_are_told_at_once_line_by_line(tmp_path: Path) -> None:
    text = """\
        gateways:
          - host: 192.168.1.5
            prot: 1883
            time_zone: europe/brussel
            batteries: [ct_1, the car, [ct_2]]
            running:
              ct_1:
                threshold_w: lots
          - http://house
        home-assistant: {enabled: true}
        homie: {versions: [3]}
        topics: {prefix: "smappee/#"}
        traffic:
          pwoer: {deadband: 1}
          power: {deadband: -1}
        web: {port: 0}
        web: {port: 1}
        log: loud
    """
    found = mistakes(tmp_path, text)
    assert [re.sub(r"There are: .*", "There are: …", problem) for problem in found] == [
        "1: target: is missing: the broker to publish to, such as mqtt://localhost",
        "3: gateways[0].prot: no such key; did you mean port? There are: …",
        "4: gateways[0].time_zone: 'europe/brussel' is no time zone of this system; did you mean Europe/Brussels?",
        f"5: gateways[0].batteries[1]: must be {A_LOAD}; not 'the car'",
        "5: gateways[0].batteries[2]: must be a text, not a list",
        "8: gateways[0].running.ct_1.threshold_w: must be a number from 1 to 10000, not 'lots'",
        "9: gateways[1]: must be mqtt://host, mqtts://user:password@host:port: it must begin with mqtt:// or mqtts://",
        "10: home-assistant: no such key; did you mean home_assistant? There are: …",
        "11: homie.versions[0]: must be one of: 4, 5; not '3'",
        f"12: topics.prefix: must be {TOPICS}, not 'smappee/#'",
        "14: traffic.pwoer: no such key; did you mean power? There are: …",
        "15: traffic.power.deadband: must be a number from 0 to 1000000, not '-1'",
        "16: web: is there twice, in line 16 and in line 17",
        "16: web.port: must be a whole number from 1 to 65535, not '0'",
        "18: log: must be one of: text, json; not 'loud'",
    ]


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("port: 65536", "port: must be a whole number from 1 to 65535, not '65536'"),
        ("port: 1883.0", "port: must be a whole number from 1 to 65535, not '1883.0'"),
        ("port: 0x75b", "port: must be a whole number from 1 to 65535, not '0x75b'"),
        ("port:", f"port: {EMPTY}"),
        ("port: [1]", "port: must be a whole number from 1 to 65535, not a list"),
        ("port: {a: 1}", "port: must be a whole number from 1 to 65535, not a table of keys"),
        (f"port: {'9' * 5000}", f"port: must be a whole number from 1 to 65535, not '{'9' * 40}…'"),
        ("user: no", f"user: {TRUTH}"),
        ("password: Off", f"password: {TRUTH}"),
        ("password: ~", f"password: {EMPTY}"),
        ("user: ' '", f"user: {EMPTY}"),
        ('user: "a\\0b"', "user: must be in one line, without control characters"),
        ('password: "a\\nb"', "password: must be in one line, without control characters"),
        ("password: a", "has a password and no user; MQTT asks for both"),
        ("tls: maybe", "tls: must be true or false, not 'maybe'"),
        ("tls: []", "tls: must be keys with their values (verify, certificate), not a list"),
        ("tls: {verify: }", f"tls.verify: {EMPTY}"),
        ("serial: 5010-001", "serial: must be the serial number on the gateway, digits only, not '5010-001'"),
        ("serial: ../501000", "serial: must be the serial number on the gateway, digits only, not '../501000'"),
        ("time_zone: Mars", "time_zone: 'Mars' is no time zone of this system; one is Europe/Brussels"),
        ("time_zone: /etc", "time_zone: '/etc' is no time zone of this system; one is Europe/Brussels"),
        ("time_zone: Europe", "time_zone: 'Europe' is no time zone of this system; did you mean Europe/Rome?"),
        ("batteries: ct_1", "batteries: must be a list of loads, each behind a dash, not 'ct_1'"),
        ("parents: [ct_1]", "parents: must be loads, each with the load that contains it, not a list"),
        ("parents: {ct_1: ct_2, ct_2: ct_1}", "parents: these would contain themselves: ct_1, ct_2"),
        ("parents: {the house: ct_1}", f"parents.…: must be {A_LOAD}; not 'the house'"),
        ("running: {ct_1: {on_delay_s: 3601}}", "running.ct_1.on_delay_s: must be a number from 0 to 3600, not '3601'"),
        ("running: {ct_1: {on_delay_s: }}", f"running.ct_1.on_delay_s: {EMPTY}"),
        (
            "modules: ~/modules.toml",
            "modules: must be a whole path, or one relative to this file; ~ has no meaning here",
        ),
    ],
)
def test_a_wrong_value_of_a_gateway_is_told_with_what_is_allowed(tmp_path: Path, written: str, said: str) -> None:
    at_gateway = "gateways[0]: " if said.startswith("has ") else "gateways[0]."
    line = 2 if at_gateway.endswith(": ") else 3
    text = f"gateways:\n  - host: house\n    {written}\ntarget: house\n"
    assert mistake(tmp_path, text) == f"{line}: {at_gateway}{said}"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("mqtt://house:0", "the port must be a whole number from 1 to 65535"),
        ("mqtt://house:65536", "the port must be a whole number from 1 to 65535"),
        ("mqtt://house:mqtt", "the port must be a whole number from 1 to 65535"),
        ("mqtt://", "the host is missing"),
        ("mqtt://[::1", "the host cannot be read"),
        ("mqtt://house/topic", "nothing may stand behind host and port"),
        ("mqtt://house?tls", "nothing may stand behind host and port"),
        ("ws://house", "it must begin with mqtt:// or mqtts://"),
        ("a:b@house", f"it must begin with mqtt:// or mqtts://; {QUOTED}"),
        ("mqtt://a:b/c@house", f"the port must be a whole number from 1 to 65535; {QUOTED}"),
    ],
)
def test_a_wrong_url_is_told_without_repeating_it(tmp_path: Path, written: str, said: str) -> None:
    text = f"target: {written}\ngateways: [house]"
    assert mistake(tmp_path, text) == f"1: target: must be mqtt://host, mqtts://user:password@host:port: {said}"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("house:1884", HOST),
        ("my house", HOST),
        ("my..house", HOST),
        (f"{'a.' * 127}de", HOST),
        ("mqtt://my%20house", HOST),
        ("'mqtt://a:b%0Ac@house'", "has a control character in its user or password"),
        ("mqtt://:b@house", "has a password and no user; MQTT asks for both"),
        ("{host: 'mqtt://a:b@house'}", "host: must be a host alone; a URL stands in the place of all keys of a broker"),
        ("on", TRUTH),
        ("", "is empty; must be a URL (mqtt://host, mqtts://user:password@host:port), or host, port, user, password "),
        ("[house]", "must be keys with their values (host, port, user, password, tls), not a list"),
        ("{port: 1883}", "host: is missing: the name or the address of the broker"),
    ],
)
def test_what_is_no_broker_is_told(tmp_path: Path, written: str, said: str) -> None:
    found = mistake(tmp_path, f"target: {written}\ngateways: [house]")
    assert found.startswith("1: target")
    assert said in found


@pytest.mark.parametrize(
    "prefix", ["/smappee", "smappee/", "a//b", "a b", "smappee/+", "#", "$SYS", "a\tb", "/".join("abcdefghijk")]
)
@pytest.mark.parametrize("section", ["homie", "topics", "home_assistant"])
def test_a_prefix_must_be_the_beginning_of_topics(tmp_path: Path, section: str, prefix: str) -> None:
    assert f"4: {section}.prefix: must be " in mistake(tmp_path, f"{BOTH}{section}:\n  prefix: {json.dumps(prefix)}")


def test_openhab_finds_homie_devices_only_below_one_level(tmp_path: Path) -> None:
    assert "4: homie.prefix: must be one level" in mistake(tmp_path, f"{BOTH}homie:\n  prefix: devices/homie\n")


def test_discovery_needs_the_plain_topics(tmp_path: Path) -> None:
    text = f"{BOTH}home_assistant: {{enabled: true}}\ntopics: {{enabled: false}}\n"
    assert mistake(tmp_path, text).startswith("3: home_assistant: needs the plain topics")


def test_an_address_is_no_folder(tmp_path: Path) -> None:
    said = mistake(tmp_path, f"{BOTH}state_folder: mqtt://anna:secret@host\n")
    assert said.startswith("3: state_folder: must be a folder")
    assert "secret" not in said


def test_two_ways_of_publishing_do_not_share_a_prefix(tmp_path: Path) -> None:
    text = f"{BOTH}homie: {{prefix: house}}\ntopics: {{prefix: house}}\nhome_assistant: {{prefix: house}}\n"
    assert mistake(tmp_path, text) == "4: topics: homie has the same prefix house; each needs its own"


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("homie: {versions: []}", "3: homie.versions: is empty; to speak no Homie at all, write enabled: false"),
        ("homie: {versions: }", "3: homie.versions: is empty; to speak no Homie at all, write enabled: false"),
        ("homie: {versions: yes}", "3: homie.versions[0]: must be one of: 4, 5; not 'yes'"),
        ("all_points: maybe", "3: all_points: must be true or false, not 'maybe'"),
        ("all_points:", f"3: all_points: {EMPTY}"),
        ("topics: on", "3: topics: must be keys with their values (enabled, prefix), not 'on'"),
        ("log: {}", "3: log: must be one of: text, json; not a table of keys"),
        ("state_folder: [a]", "3: state_folder: must be a text, not a list"),
        ("? [a, b]\n: 1", "1: line 3: a key must be a plain word"),
        ("!env A: 1", "1: line 3: a key must be a plain word"),
    ],
)
def test_what_is_published_is_checked(tmp_path: Path, written: str, said: str) -> None:
    assert mistake(tmp_path, f"{BOTH}{written}\n") == said


def test_gateways_that_cannot_be_told_apart_are_told(tmp_path: Path) -> None:
    text = """\
        target: house
        gateways:
          - {host: house, serial: 5010001234}
          - HOUSE
          - mqtt://house:1884
          - {host: other, serial: 5010001234}
    """
    assert mistakes(tmp_path, text) == [
        "4: gateways[1]: needs host and serial: its address is that of gateways[0], too; add its serial",
        "6: gateways[3]: gateways[0] has this serial, too; name each gateway once",
    ]


@pytest.mark.parametrize("written", ["", "[]"])
def test_there_must_be_a_gateway(tmp_path: Path, written: str) -> None:
    assert mistake(tmp_path, f"target: house\ngateways: {written}") == (
        "2: gateways: is empty; name at least one gateway"
    )


def test_an_empty_file_tells_what_must_be_there(tmp_path: Path) -> None:
    assert mistakes(tmp_path, "# nothing\n") == [
        "1: gateways: is missing: a list of the gateways to listen to",
        "1: target: is missing: the broker to publish to, such as mqtt://localhost",
    ]
    assert "1: must be keys with their values" in mistake(tmp_path, "- a")


def test_a_load_that_is_written_twice_in_two_ways_is_told(tmp_path: Path) -> None:
    text = "target: a\ngateways:\n  - host: b\n    running:\n      ct_1:\n      ct-1:\n      c: {x: 1}\n"
    found = mistakes(tmp_path, text)
    assert found[:2] == [
        f"{line}: gateways[0].running.{load}: this load is there twice, written in two ways"
        for line, load in ((5, "ct_1"), (6, "ct-1"))
    ]
    assert [problem.partition(";")[0] for problem in found[2:]] == [
        f"7: gateways[0].running.c: must be {A_LOAD}",
        "7: gateways[0].running.c.x: no such key",
    ]


def test_mistakes_in_the_file_with_the_modules_are_passed_on(tmp_path: Path) -> None:
    text = "target: a\ngateways:\n  - host: b\n    serial: 2010001234\n    modules: modules.toml\n    prot: 1\n"
    file = tmp_path / "modules.toml"
    assert f"5: gateways[0].modules: {file} cannot be read: No such file" in mistakes(tmp_path, text)[0]
    file.write_text('[[output_module]]\nid = "a b"\nname = "Cellar"\nrelais = 1\n')
    assert [problem[: len("5: gateways[0].modules: output_module 1, ")] for problem in mistakes(tmp_path, text)] == [
        "5: gateways[0].modules: output_module 1, ",
        "5: gateways[0].modules: output_module 1, ",
        "6: gateways[0].prot: no such key; did you",
    ]
    file.write_text('[[output_module]]\nid = "5600001234"\nname = "Cellar"\n')
    wrong_gateway = mistake(tmp_path, text.replace("    prot: 1\n", ""))
    assert wrong_gateway.startswith("5: gateways[0].modules: gateway 2010001234: Input and Output modules need")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a: b: c", "1: there is a second ': ' in this line, or it is indented; write the value in quotes"),
        ("a: 1\nb\nc: 2", "2: this is neither `key: value` nor `- value`"),
        ("a:\n\tb: 1", "2: there is a tab; indent with spaces"),
        ("a: @b", "1: a value cannot begin with this character; write the value in quotes"),
        ("a: 1\nb: 'c\nd: 2\n", "2: the quote that begins here has no end"),
        ("a:\n  - 1\n b: 1", "3: this is indented in another way than what it belongs to, or is no `key: value`"),
        ("a: [1, 2\nb: 1", "2: a comma or the closing bracket is missing"),
        ('a: "\\q"', "1: within double quotes \\ has a meaning of its own; use single quotes"),
        ('a: "\\xqq"', "1: within double quotes \\ has a meaning of its own; use single quotes"),
        ('a: "\\UFFFFFFFF"', "1: within double quotes \\U is followed by a letter that does not exist"),
        ("a: 1\n---\nb: 1", "2: a second document begins; there may be only one"),
        ("a: &b 1", "1: & and * at the beginning of a value refer to others, which is not used; "),
        ("a: 1\nb: *a", "2: & and * at the beginning of a value refer to others, which is not used; "),
        ("a: 1\nb: \x07", "2: there is a character that does not belong in a text"),
        ("[" * 1000, "1: this is nested too deeply"),
        ("%YAML 9.9\n---\na: 1", "1: this cannot be understood as YAML; when it is a value, write it in quotes"),
    ],
)
def test_what_is_not_yaml_is_told_in_plain_words(tmp_path: Path, text: str, said: str) -> None:
    assert mistake(tmp_path, text).startswith(said)


@pytest.mark.parametrize("written", ["!password b", "!!binary YQ==", "!env [a]", "!x {a: b}"])
def test_other_tags_than_those_of_secrets_are_told(tmp_path: Path, written: str) -> None:
    found = mistakes(tmp_path, f"{BOTH}log: {written}\n")[0]
    assert found == (
        "3: log: only !env NAME and !file PATH may stand before a text; a text that begins with ! needs quotes"
    )


def test_a_file_that_cannot_be_read_is_told(tmp_path: Path) -> None:
    missing, binary = tmp_path / "missing.yaml", tmp_path / "binary.yaml"
    binary.write_bytes(b"a: \xff")
    for file, said in (
        (missing, f"{missing}: cannot be read: No such file or directory"),
        (tmp_path, f"{tmp_path}: cannot be read: Is a directory"),
        (binary, f"{binary}: is not a text in UTF-8"),
        (Path("a\0b"), "PosixPath('a\\x00b'): is not the path of a file"),
    ):
        with pytest.raises(ConfigurationError) as caught:
            load(file, {})
        assert caught.value.problems == (said,)


def test_a_system_without_time_zones_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Europe/Brussels" in available_timezones()
    monkeypatch.setattr(gateways, "available_timezones", set)
    text = "target: a\ngateways: [{host: b, time_zone: Europe/Brussel}]"
    assert mistake(tmp_path, text).endswith("it has none at all: install the package tzdata")


@pytest.mark.parametrize(
    "place",
    [
        "{}",
        "target: {{tls: {}}}",
        "gateways: [{}]",
        "gateways: [{{host: a, running: {{ct_1: {}}}}}]",
        "homie: {}",
        "topics: {}",
        "home_assistant: {}",
        "traffic: {{power: {}}}",
        "web: {}",
    ],
)
def test_every_key_is_in_the_example_and_in_the_reference(tmp_path: Path, place: str) -> None:
    found = "\n".join(mistakes(tmp_path, place.format("{wrong: 1}")))
    match = re.search(r"no such key; There are: (.*)", found)
    assert match is not None
    for key in match[1].split(", "):
        assert re.search(rf"\b{key}:", EXAMPLE.read_text())
        assert f"`{key}`" in REFERENCE.read_text()
