import pytest

from haechi.domain.korean import PARTICLES, with_particle


@pytest.mark.parametrize(
    ("word", "pair", "read"),
    [
        ("서버", "은/는", "서버는"),
        ("모델", "은/는", "모델은"),
        ("기밀", "으로/로", "기밀로"),
        ("제한", "으로/로", "제한으로"),
        ("클라우드", "으로/로", "클라우드로"),
        ("주민등록번호", "이/가", "주민등록번호가"),
        ("주민등록번호(kr.rrn)", "이/가", "주민등록번호(kr.rrn)이"),
        ("‘사내망’", "을/를", "‘사내망’을"),
        ("10", "을/를", "10을"),
        ("21", "으로/로", "21로"),
        ("gpt-4", "은/는", "gpt-4는"),
        ("gpt-3", "은/는", "gpt-3은"),
        ("gpt-4o", "은/는", "gpt-4o는"),
        ("claude-opus-4-1", "으로/로", "claude-opus-4-1로"),
        ("our-70b", "이/가", "our-70b가"),
        ("home", "은/는", "home은"),
        ("home", "으로/로", "home으로"),
        ("claude", "으로/로", "claude로"),
        ("gpt", "으로/로", "gpt로"),
        ("llm", "으로/로", "llm으로"),
        ("LLM", "이/가", "LLM이"),
        ("URL", "으로/로", "URL로"),
        ("API", "을/를", "API를"),
        ("DPA", "을/를", "DPA를"),
        ("model", "으로/로", "model로"),
        ("apple", "으로/로", "apple로"),
        ("opus", "을/를", "opus를"),
        ("sonnet", "을/를", "sonnet을"),
        ("haiku", "과/와", "haiku와"),
        ("lab", "은/는", "lab은"),
        ("web", "은/는", "web은"),
        ("phone", "과/와", "phone과"),
        ("engine", "이라/라", "engine이라"),
        ("note", "은/는", "note는"),
        ("server", "은/는", "server는"),
        ("", "은/는", "는"),
        ("…", "은/는", "…는"),
    ],
)
def test_particle_fits_the_spoken_word(word: str, pair: str, read: str) -> None:
    assert with_particle(word, pair) == read


def test_every_pair_is_written_as_its_two_shapes() -> None:
    assert all("/".join(shapes) == pair for pair, shapes in PARTICLES.items())
