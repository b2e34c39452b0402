"""Words that vary a text and are nothing: trades, goods, departments, moods."""

from random import Random

from benchmarks.detection.held_out import lookalikes
from benchmarks.detection.held_out.shape import Maker

FIRMS = (
    "한수도예㈜", "(주)돌담수산", "나래항공정비", "가온종묘", "미르조선기자재", "도담유업", "해금강페리",
    "솔뫼임업협동조합", "은여울장례식장",
    "두레박농기계", "초롱인쇄소", "다올방송기술", "늘봄동물병원", "주식회사 별무리천문대", "모란무대조명",
    "참빛등대관리원", "가람철도차량",
    "Doldam Fisheries", "Kiln Lab Inc.", "예솔극단", "바른저울계량", "오름트레킹㈜", "이든보청기", "누리썰매장",
)  # fmt: skip
GOODS = (
    "유약 샘플", "냉동 갈치 20kg", "회전익 블레이드 볼트", "무 종자 3호", "밸러스트 펌프", "저지방 원유",
    "구명조끼 세트", "낙엽송 원목", "수의 일습",
    "트랙터 클러치", "옵셋 인쇄판", "무선 마이크", "경추 보호대", "적도의 가대", "무빙라이트", "항로표지 렌즈",
    "제동 슈", "의상 원단",
    "전자저울 로드셀", "등산 스틱", "귓본 재료", "제설기 오거",
)  # fmt: skip
TEAMS = (
    "소성1반", "선별장", "정비통제실", "육종연구팀", "의장설계파트", "집유관리팀", "터미널운영팀", "산림경영과",
    "의전팀", "부품창고", "제판실",
    "송출운영부", "간호데스크", "관측지원실", "무대감독실", "항로표지과", "차륜반", "기획공연팀", "교정시험실", "가이드운영팀",
)  # fmt: skip
RANKS = (
    "주임",
    "대리",
    "과장",
    "차장",
    "팀장",
    "부장",
    "실장",
    "소장",
    "반장",
    "책임",
    "선임",
    "수석",
    "이사",
    "계장",
    "조장",
    "매니저",
    "프로",
)
HONORIFICS = (
    "님",
    "님",
    "님",
    " 님",
    " 씨",
    " 선생님",
    "님께서",
    " 고객님",
    " 어르신",
    "님이",
    "씨가",
    "님께",
)
MOODS = (
    "감사합니다.",
    "수고하세요!",
    "ㅎㅎ",
    "부탁드려요~",
    "급해요ㅠㅠ",
    "확인 요망.",
    "이상입니다.",
    "끝.",
    "오늘도 안전운항!",
    "넵넵",
    "그럼 이만 줄입니다.",
)
HOSTS = ("kiln-07", "ferry-gw", "mx2.doldam.example", "obs-cam01", "stage-a", "pos-3", "rail-edge-11")
FEATURES = (
    "환불 화면",
    "배차 알고리즘",
    "예약 달력",
    "영수증 출력",
    "알림톡 발송",
    "좌석 배치",
    "재고 실사",
    "체중 그래프",
    "출항 통제",
    "로그 회전",
)


def _count(chance: Random) -> str:
    return str(chance.randrange(2, 60))


def _hour(chance: Random) -> str:
    return f"{chance.randrange(6, 22):02d}:{chance.choice(('00', '10', '15', '30', '40', '45'))}"


def _month(chance: Random) -> str:
    return f"{chance.randrange(1, 13)}월"


def _small(chance: Random) -> str:
    return f"{chance.randrange(1, 999) / 10:.1f}"


FILLERS: dict[str, Maker] = {
    "firm": lambda chance: chance.choice(FIRMS),
    "good": lambda chance: chance.choice(GOODS),
    "team": lambda chance: chance.choice(TEAMS),
    "rank": lambda chance: chance.choice(RANKS),
    "honor": lambda chance: chance.choice(HONORIFICS),
    "mood": lambda chance: chance.choice(MOODS),
    "host": lambda chance: chance.choice(HOSTS),
    "feature": lambda chance: chance.choice(FEATURES),
    "count": _count,
    "hour": _hour,
    "month": _month,
    "small": _small,
    "day": lookalikes.day,
    "clock": lookalikes.clock,
}
"""What may stand in a text unlabelled."""
