"""Texts in one piece of memory are the texts that were put there, each found by itself."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from so24.sources.documents.packed import KnownTexts, PackedTexts

ANY_TEXT = st.text(st.characters(), max_size=5)  # lone halves of pairs too


@given(st.lists(ANY_TEXT))
def test_each_text_is_at_its_place(texts: list[str]) -> None:
    packed = PackedTexts()
    for text in texts:
        packed.append(text)
    assert [packed[place] for place in range(len(packed))] == texts


@given(st.lists(ANY_TEXT, unique=True), ANY_TEXT)
def test_a_known_text_is_found_at_its_place_and_another_nowhere(
    texts: list[str], other: str
) -> None:
    known = KnownTexts()
    for place, text in enumerate(texts):
        assert known.find(text) is None
        known.append(text)
        assert known.find(text) == place
    assert [known.find(text) for text in texts] == list(range(len(texts)))
    assert known.find(other) == (texts.index(other) if other in texts else None)


def test_thousands_are_found_after_the_slots_have_grown() -> None:
    known = KnownTexts()
    for number in range(5_000):
        known.append(str(number))
    assert all(known.find(str(number)) == number for number in range(5_000))
    assert known.find("5000") is None
