"""The hub reads its own section of the kiosk's files and refuses what it does not understand."""

import os
import stat
from pathlib import Path

import pytest

from county.keys import open_key
from county.settings import SettingsError, Stage, load_settings


@pytest.fixture
def file(tmp_path):
    def write(text, name="kiosk.toml"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_without_a_section_the_defaults_stand(file):
    settings = load_settings([file('[kiosk]\nmode = "kiosk"\n')], {})
    assert settings.listen == "127.0.0.1:8090"
    assert settings.database == "sqlite:///var/county.sqlite"
    assert settings.people == Path("var/people.jsonl")
    assert settings.demo_seed == 0
    assert settings.stage is Stage.PRODUCTION


def test_a_later_file_wins_and_the_environment_wins_over_files(file):
    first = file('[hub]\nstage = "development"\nlisten = "127.0.0.1:1"\ndemo_seed = 1\nsample_rates = true\n', "a.toml")
    second = file("[hub]\ndemo_seed = 2\n", "b.toml")
    environment = {"KIOSK_HUB__SAMPLE_RATES": "false", "KIOSK_HUB__LISTEN": "127.0.0.1:9", "KIOSK_FACES__STAFF": "x"}
    settings = load_settings([first, second], environment)
    assert (settings.demo_seed, settings.sample_rates, settings.listen) == (2, False, "127.0.0.1:9")
    assert (settings.host, settings.port) == ("127.0.0.1", 9)


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[hub]\nlissten = 1\n", "hub.lissten"),
        ("[hub]\ndemo_seed = 'one'\n", "hub.demo_seed"),
        ("[hub]\nsample_rates = 1\n", "hub.sample_rates"),
        ("[hub]\nstage = 'test'\n", "hub.stage"),
        ("[hub]\nnot_offered = ['999']\n", "hub.not_offered"),
        ("[hub]\nstage = 'production'\ndemo_seed = 1\n", "hub.demo_seed"),
        ("[hub]\nlisten = '0.0.0.0:8090'\n", "hub.listen"),
        ("[hub]\nlisten = '192.168.1.5:8090'\n", "hub.listen"),
        ("[hub]\nlisten = 'town.example:8090'\n", "hub.listen"),
        ("[hub]\nlisten = '[::1]:8090'\n", "hub.listen"),
        ("[hub]\nlisten = '127.0.0.1'\n", "hub.listen"),
        ("[hub]\nlisten = '127.0.0.1:99999'\n", "hub.listen"),
        ("hub = 3\n", "[hub]"),
        ("[hub\n", "not TOML"),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(file, text, named):
    with pytest.raises(SettingsError) as refused:
        load_settings([file(text)], {})
    assert named in str(refused.value)


def test_the_file_is_named_too(file):
    with pytest.raises(SettingsError, match=r"b\.toml: unknown key hub\.colour"):
        load_settings([file("[hub]\ndemo_seed = 1\n", "a.toml"), file("[hub]\ncolour = 1\n", "b.toml")], {})
    with pytest.raises(SettingsError, match=r"a\.toml: hub\.demo_seed"):
        load_settings([file("[hub]\ndemo_seed = -1\n", "a.toml"), file("", "b.toml")], {})
    with pytest.raises(SettingsError, match=r"KIOSK_HUB__.*hub\.colour"):
        load_settings([], {"KIOSK_HUB__COLOUR": "red"})


def test_a_missing_file_is_named(tmp_path):
    with pytest.raises(SettingsError, match=r"none\.toml: cannot be read"):
        load_settings([tmp_path / "none.toml"], {})


def test_the_key_is_made_once_and_only_its_owner_reads_it(tmp_path):
    file = tmp_path / "var" / "county-key"
    first = open_key(file)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert open_key(file).published() == first.published()
    assert "PrivateKey" not in repr(first)


@pytest.mark.skipif(os.name != "posix", reason="modes are a POSIX notion")
def test_a_key_that_others_may_read_is_refused(tmp_path):
    open_key(tmp_path / "key")
    (tmp_path / "key").chmod(0o644)
    with pytest.raises(SettingsError, match="0600"):
        open_key(tmp_path / "key")


def test_a_broken_key_is_refused(tmp_path):
    (tmp_path / "key").write_text("nothing of a key")
    (tmp_path / "key").chmod(0o600)
    with pytest.raises(SettingsError, match="no X25519 key"):
        open_key(tmp_path / "key")


def test_a_password_of_the_database_stands_in_no_file(tmp_path):
    file = tmp_path / "hub.toml"
    file.write_text('[hub]\ndatabase = "postgresql+psycopg://hub:geheim@db/county"\n', encoding="utf-8")
    with pytest.raises(SettingsError, match="password") as refused:
        load_settings([file], {})
    assert "geheim" not in str(refused.value)
    told = {"KIOSK_HUB__DATABASE": "postgresql+psycopg://hub:geheim@db/county"}
    assert load_settings([], told).database.endswith("@db/county")
    file.write_text('[hub]\ndatabase = "postgresql+psycopg://hub@db:5432/county"\n', encoding="utf-8")
    assert load_settings([file], {}).database.endswith(":5432/county")
