"""Words that are not in UTF-8: how they could read, and when only one encoding makes words of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.exports.foreign import readings, western


@pytest.mark.parametrize(
    "word, encoding, expected",
    [
        ("Müller", "cp1252", ["windows-1252 Müller", "mac-roman M\xb8ller", "cp850 M³ller"]),
        ("Müller", "mac-roman", ["mac-roman Müller", "windows-1250 Mźller", "cp850 Mƒller"]),
        ("Müller", "cp850", ["cp850 Müller", "mac-roman MÅller"]),
        ("Łódź", "cp1250", ["windows-1250 Łódź", "mac-roman £Ûdü", "windows-1252 £ódŸ"]),
        ("Café", "mac-roman", ["mac-roman Café", "windows-1252 CafŽ", "cp850 CafÄ"]),
        ("après", "cp1252", ["windows-1252 après", "windows-1250 aprčs", "mac-roman aprËs"]),
        ("Straße", "mac-roman", ["mac-roman Straße", "cp850 Straºe", "windows-1252 Stra§e"]),
        ("5€", "cp1252", ["windows-1252 5€", "mac-roman 5Ä", "cp850 5Ç"]),
    ],
)
def test_the_likeliest_reading_is_named_first(word: str, encoding: str, expected: list[str]) -> None:
    assert [f"{name} {text}" for name, text in readings(word.encode(encoding))] == expected


GERMAN = "Nr;Straße;Betrag\n1;Große Gasse;5 €\n2;Übergröße „neu“;6 €\n"


@pytest.mark.parametrize(
    "text, words",
    [
        (GERMAN, ("Straße", "Große", "Übergröße")),
        ("a,Müller\n", ("Müller",)),
        ("a,März\n", ("März",)),
        ("a,Zoë\n", ("Zoë",)),
        ("a,5 €\n", ("€",)),
        ("a,l\u2019année\n", ("l\u2019année",)),
    ],
)
def test_what_only_windows_1252_makes_words_of(tmp_path: Path, text: str, words: tuple[str, ...]) -> None:
    (tmp_path / "x.csv").write_bytes(text.encode("cp1252"))
    assert western(tmp_path / "x.csv") == words


@pytest.mark.parametrize(
    "text, encoding",
    [
        (GERMAN.replace("€", "E").replace("„neu“", "neu"), "cp850"),
        (GERMAN, "mac-roman"),
        (GERMAN, "cp1250"),
        ("a,Łódź\nb,Müller\n", "cp1250"),
        ("a,příliš žluťoučký kůň\n", "cp1250"),
        ("a,Près de l'étang\n", "cp1252"),
        ("a,señor\n", "cp1252"),
        ("a,Москва\nb,Пётр\n", "cp1251"),
        ("a,Αθήνα\n", "cp1253"),
        ("a,İstanbul Şişli\n", "cp1254"),
        ("a,it\u2019s\n", "cp1252"),
        ("a,東京\n", "cp932"),
        ("a,não\n", "cp850"),
        ("plain\n", "cp1252"),
    ],
)
def test_what_another_encoding_could_mean_as_well(tmp_path: Path, text: str, encoding: str) -> None:
    """German in cp1250 is the same bytes as in windows-1252: reading it so is right."""
    (tmp_path / "x.csv").write_bytes(text.encode(encoding))
    found = western(tmp_path / "x.csv")
    assert found == () or text.encode(encoding).decode("cp1252") == text
