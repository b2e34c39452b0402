"""Second thoughts: what is an ordinary word, and where a name really stands."""

import pytest

from haechi.gateway.classify.names.doubts import runs_on, settled


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("파일 내용에서 정규식을 찾는다", "정규식"),
        ("채용 면접 평가표 양식", "평가표"),
        ("도용 추정자를 찾는다", "추정자"),
        ("도시정비과 담당", "도시정비"),
        ("존댓말로 답해 줘", "존댓말로"),
        ("배송지: 서울", "배송지"),
        ("월 화 수 목  금", "목  금"),
        ("Date: Tue Oct 27", "Tue Oct"),
        ("R/O acute appendicitis", "R/O acute appendicitis"),
        ("H. pylori CLO(+)", "H. pylori"),
        ("15-GIL HWASEONG-SI", "HWASEONG-SI"),
        ("Aran Robotics signs", "Aran Robotics"),
        ("called ER at once", "ER"),
        ("접수 김○○ 고객", "김"),
        ("박**님이 남긴 글", "박"),
        ("수신 이*진", "이"),
        ("○민수 씨", "민수"),
        ("Dear Friend,", "Friend"),
        ("룬 대리석", "룬"),
        ("Acme Holdings pays", "Acme Holdings"),
        ("wifi Dasom!2024", "Dasom"),
        ("Saetbyeol-daero 12", "Saetbyeol"),
        ("HTTP/Https", "HTTP/Https"),
        ("Interviewers: platform team", "Interviewers"),
        ("Blockers: none", "Blockers"),
        ("Agenda: Hiring, Roadmap, Budget", "Roadmap"),
        ("Risk: Escalation Duty Manager", "Escalation Duty"),
        ("선명: 제2해동호", "해동호"),
        ("배송창 문구 수정", "배송창"),
        ("도구: 전선관 두 개", "전선관"),
    ],
)
def test_what_is_no_name(text: str, value: str) -> None:
    start = text.index(value)
    assert settled(text, start, start + len(value), False) is None


@pytest.mark.parametrize(
    ("text", "value", "name"),
    [
        ("담당 정유라 <a@b.kr>", "정유라", "정유라"),
        ("김민수님께서", "김민수", "김민수"),
        ("이상화 선수가", "이상화", "이상화"),
        ("성명: 고유정", "고유정", "고유정"),
        ("day번 하윤샘에게", "하윤샘", "하윤"),
        ("노을샘 과장", "노을샘", "노을샘"),
        ("to Mrs Fiona Galbraith,", "Mrs Fiona Galbraith", "Fiona Galbraith"),
        ("Referee: Hana Woo", "Referee: Hana Woo", "Hana Woo"),
        ("beneficiary Jeroen van der Meulen", "Jeroen van der Meulen", "Jeroen van der Meulen"),
        ("洪吉童 貴下", "洪吉童", "洪吉童"),
        ("**이준** 확인", "이준", "이준"),
        ("• Dohyun : done", "• Dohyun", "Dohyun"),
        ("Priya: I will look", "Priya", "Priya"),
        ("Constance Fleming called", "Constance Fleming", "Constance Fleming"),
        ("fixed by 강도윤 today", "by 강도윤", "강도윤"),
        ("Anjali 삭제", "Anjali 삭제", "Anjali"),
        ("ask Marek. Then call", "Marek. Then", "Marek"),
        ("with cousin Hyejin", "cousin Hyejin", "Hyejin"),
        ("1.KANG/DOYUN MR", "KANG/DOYUN", "KANG/DOYUN"),
        ("paid Zoé Müller today", "Zoé Müller", "Zoé Müller"),
    ],
)
def test_where_a_name_stands(text: str, value: str, name: str) -> None:
    start = text.index(value)
    place = settled(text, start, start + len(value), False)
    assert place is not None
    assert text[place[0] : place[1]] == name


@pytest.mark.parametrize(
    ("text", "behind", "whether"),
    [
        ("강도윤팀장이", 3, False),
        ("강도윤이가", 3, False),
        ("강도윤", 3, False),
        ("강도윤 회의", 3, False),
        ("이오넥스", 2, True),
    ],
)
def test_whether_a_word_runs_on(text: str, behind: int, whether: bool) -> None:
    assert runs_on(text, 0, behind) is whether


def test_a_known_given_name_is_believed_although_the_word_is_ordinary() -> None:
    assert settled("조사원이 왔다", 0, 3, False) is None
    assert settled("조사원이 왔다", 0, 3, True) == (0, 3)
