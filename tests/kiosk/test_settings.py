"""What a machine is told from outside: a clear line names file and key, and nothing opens before all of it is right."""

import dataclasses
from pathlib import Path

import pytest
from pydantic import ValidationError

from kiosk.assembly import build_machine
from kiosk.locality import load_locality
from kiosk.settings import Settings, SettingsError, load_settings

ROOT = Path(__file__).parents[2]
DEFAULTS = ROOT / "config" / "kiosk.toml"


@pytest.fixture
def write(tmp_path):
    """Write a configuration file."""

    def writing(text, name="site.toml"):
        file = tmp_path / name
        file.write_text(text, encoding="utf-8")
        return file

    return writing


def refused(files, environment=None):
    with pytest.raises(SettingsError) as caught:
        load_settings(files, environment or {})
    return str(caught.value)


def test_the_reference_file_says_exactly_the_defaults_of_the_program():
    assert load_settings([DEFAULTS], {}) == Settings()


def test_without_any_file_a_machine_is_a_production_kiosk_on_loopback():
    settings = load_settings([], {})
    assert (settings.kiosk.mode, settings.kiosk.stage) == ("kiosk", "production")
    assert settings.faces.resident == "127.0.0.1:8080"
    assert settings.folder == Path("var")


def test_the_later_file_wins_key_by_key(write):
    first = write('[kiosk]\nname = "a"\nmode = "counter"\n', "a.toml")
    second = write('[kiosk]\nname = "b"\n', "b.toml")
    settings = load_settings([first, second], {})
    assert (settings.kiosk.name, settings.kiosk.mode) == ("b", "counter")


def test_the_environment_wins_over_files(write):
    file = write('[county]\nurl = "http://127.0.0.1:1"\n')
    settings = load_settings([file], {"KIOSK_COUNTY__URL": "http://127.0.0.1:2", "KIOSK_COUNTY__POLL_SECONDS": "5"})
    assert (settings.county.url, settings.county.poll_seconds) == ("http://127.0.0.1:2", 5.0)


def test_digits_in_the_environment_stay_text_where_text_is_asked_for():
    settings = load_settings([], {"KIOSK_KIOSK__SITE": "510521109", "KIOSK_KIOSK__NAME": "7"})
    assert (settings.kiosk.site, settings.kiosk.name) == ("510521109", "7")


def test_lists_and_numbers_in_the_environment_are_read_as_in_a_file():
    settings = load_settings([], {"KIOSK_FACES__PROXY_HOSTS": '["hall.example"]', "KIOSK_PANEL__WIDTH_PX": "2160"})
    assert settings.faces.proxy_hosts == ("hall.example",)
    assert settings.panel.pixels_per_mm == 2160 / 336.0


def test_other_variables_and_those_of_the_hub_are_none_of_ours():
    environment = {"PATH": "/bin", "KIOSK_HUB__LISTEN": "x", "KIOSK_HOME": "y", "XKIOSK_COUNTY__URL": "z"}
    assert load_settings([], environment) == Settings()


def test_the_hubs_section_of_a_shared_file_is_left_to_the_hub(write):
    assert load_settings([write("[hub]\nanything = 1\n")], {}) == Settings()


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("[kiosk]\nnmae = 'x'\n", "kiosk.nmae: unknown key"),
        ("[kisok]\nname = 'x'\n", "kisok: unknown key"),
        ("[kiosk]\nname = 3\n", "kiosk.name"),
        ("[kiosk]\nmode = 'wall'\n", "kiosk.mode"),
        ("[kiosk]\nstage = 'test'\n", "kiosk.stage"),
        ("[kiosk]\nsite = '51'\n", "kiosk.site"),
        ("kiosk = 3\n", "kiosk"),
        ("[county]\npoll_seconds = 'often'\n", "county.poll_seconds"),
        ("[county]\ntimeout_seconds = 0\n", "county.timeout_seconds"),
        ("[county]\ntimeout_seconds = nan\n", "county.timeout_seconds"),
        ("[session]\nlongest_seconds = 100000\n", "session.longest_seconds"),
        ("[faces]\nresident = 'nowhere'\n", "faces.resident"),
        ("[faces]\nproxy_hosts = 'one'\n", "faces.proxy_hosts"),
        ("[panel]\nwidth_px = 1080.5\n", "panel.width_px"),
        ("[devices]\ncard = 1979-05-27\n", ""),
    ],
)
def test_a_key_or_a_type_that_is_not_ours_is_refused_by_file_and_key(write, text, named):
    file = write(text)
    if not named:
        assert load_settings([file], {}).devices.card == "1979-05-27"  # an unquoted day is text, and no driver's line
        return
    assert f"{file}: {named}" in refused([file])


def test_a_wrong_key_in_the_environment_is_named_too():
    assert "environment: kiosk.nmae: unknown key" in refused([], {"KIOSK_KIOSK__NMAE": "x"})
    assert "environment: kisok: unknown key" in refused([], {"KIOSK_KISOK__NAME": "x"})
    assert "environment: panel.width_px" in refused([], {"KIOSK_PANEL__WIDTH_PX": "wide"})


def test_a_file_that_is_missing_is_named(tmp_path):
    assert f"{tmp_path / 'absent.toml'}: cannot be read" in refused([tmp_path / "absent.toml"])
    assert f"{tmp_path}: cannot be read" in refused([tmp_path])


@pytest.mark.parametrize("content", [b"[kiosk\nname", b"a = 1\na = 2\n", b"\xff\xfe\x00"])
def test_a_file_that_is_no_toml_is_named(tmp_path, content):
    file = tmp_path / "broken.toml"
    file.write_bytes(content)
    assert f"{file}: not TOML" in refused([file])


def test_settings_cannot_be_changed_afterwards():
    with pytest.raises(ValidationError):
        Settings().kiosk.name = "other"


PROXY = 'proxy = "127.0.0.1:443"\nproxy_hosts = ["hall.example"]\n'
OUTSIDE = [
    "0.0.0.0:8080",
    "192.168.1.5:8080",
    "hall.example:8080",
    "127.evil.example:8080",
    "[::]:8080",
    "[fe80::1]:8080",
]


@pytest.mark.parametrize("address", OUTSIDE)
def test_the_resident_face_never_leaves_loopback_even_behind_a_proxy(write, address):
    file = write(f'[faces]\nresident = "{address}"\n{PROXY}')
    assert "faces.resident" in refused([file])


@pytest.mark.parametrize("face", ["staff", "display"])
@pytest.mark.parametrize("address", OUTSIDE)
def test_another_face_leaves_loopback_only_behind_a_named_proxy(write, face, address):
    assert f"faces.{face}" in refused([write(f'[faces]\n{face} = "{address}"\n')])
    behind = load_settings([write(f'[faces]\n{face} = "{address}"\n{PROXY}')], {})
    assert getattr(behind.faces, face) == address
    half = write(f'[faces]\n{face} = "{address}"\nproxy = "127.0.0.1:443"\n')
    assert f"faces.{face}" in refused([half])


@pytest.mark.parametrize("address", ["127.0.0.1:9000", "127.3.2.1:9000", "localhost:9000", "[::1]:9000"])
def test_every_form_of_loopback_is_taken(write, address):
    assert load_settings([write(f'[faces]\nresident = "{address}"\n')], {}).faces.resident == address


@pytest.mark.parametrize("port", ["0", "65536", "99999"])
def test_a_port_that_does_not_exist_is_refused(write, port):
    assert "faces.resident" in refused([write(f'[faces]\nresident = "127.0.0.1:{port}"\n')])


@pytest.mark.parametrize("kind", ["card", "fingerprint", "printer"])
def test_production_refuses_every_simulated_device_and_names_it(tmp_path, kind):
    devices = {"card": "", "fingerprint": "", "printer": ""} | {kind: "simulated:"}
    kiosk = {"stage": "production", "folder": str(tmp_path / "var"), "locality": str(ROOT / "config/localities/510521")}
    with pytest.raises(SettingsError, match=f"devices.{kind}"):
        build_machine(Settings.model_validate({"kiosk": kiosk, "devices": devices}))
    assert not (tmp_path / "var").exists(), "nothing was opened"


@pytest.mark.parametrize("line", ["pcsc:Virtual PCD", "pcsc:Virtual PCD 00 01?pad=yes", "pcsc:vsmartcard"])
def test_production_refuses_a_card_reader_made_of_software_by_its_line(tmp_path, line):
    kiosk = {"stage": "production", "folder": str(tmp_path / "var"), "locality": str(ROOT / "config/localities/510521")}
    with pytest.raises(SettingsError, match=r"devices\.card.*made of software"):
        build_machine(Settings.model_validate({"kiosk": kiosk, "devices": {"card": line}}))
    assert not (tmp_path / "var").exists(), "nothing was opened"


def test_a_device_line_that_means_nothing_is_named(tmp_path):
    kiosk = {"folder": str(tmp_path / "var"), "locality": str(ROOT / "config/localities/510521")}
    with pytest.raises(SettingsError, match=r"devices\.card: 'usb:'"):
        build_machine(Settings.model_validate({"kiosk": kiosk, "devices": {"card": "usb:"}}))


class TestLocality:
    """The pack of a place."""

    def test_the_pack_of_the_town_is_whole(self):
        pack = load_locality(ROOT / "config/localities/510521")
        assert len(pack.towns) == 20
        assert pack.town_name("510521109001") == "云龙镇"
        assert pack.town_name("999999999") == "999999999"

    def test_a_pack_cannot_be_changed(self):
        pack = load_locality(ROOT / "config/localities/510521")
        with pytest.raises(ValidationError):
            pack.zone = "UTC"
        assert not dataclasses.is_dataclass(pack)

    @pytest.mark.parametrize(
        ("content", "named"),
        [
            (None, "cannot be read"),
            (b"[hall\n", "not TOML"),
            (b"\xff\xfe", "not TOML"),
            (b"[hall]\nname = 'x'\n", "hall.logo"),
            (b"colour = 'red'\n", "hall"),
        ],
    )
    def test_a_pack_that_is_missing_or_broken_is_named(self, tmp_path, content, named):
        if content is not None:
            (tmp_path / "locality.toml").write_bytes(content)
        with pytest.raises(SettingsError) as caught:
            load_locality(tmp_path)
        assert str(caught.value).startswith(f"{tmp_path / 'locality.toml'}: ")
        assert named in str(caught.value)

    def test_a_zone_that_does_not_exist_is_refused_by_name(self, tmp_path):
        text = (ROOT / "config/localities/510521/locality.toml").read_text(encoding="utf-8")
        (tmp_path / "locality.toml").write_text(text.replace("Asia/Shanghai", "Asia/Nowhere"), encoding="utf-8")
        with pytest.raises(SettingsError, match="zone"):
            load_locality(tmp_path)
