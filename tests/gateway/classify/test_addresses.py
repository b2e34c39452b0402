"""Addresses of every spelling, and everyday text that only looks like one. ⟦…⟧ marks what is to be found."""

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from haechi.domain.label import Level
from haechi.gateway.classify.addresses.study import Addresses

KOREAN = """
수령인 주소 확인 부탁드려요 > ⟦경기 용인시 기흥구 동백중앙로 191, 8층 (중동, 쥬네브문월드)⟧
⟦서울특별시 강동구 천호대로 1005 (천호동, 래미안강동팰리스) 103동 2804호⟧
⟦경기도 수원시 권선구 매실로 70, 호매실휴먼시아 5단지 505동 1103호⟧
⟦대구광역시 달성군 유가읍 테크노상업로 120⟧
⟦부산광역시 기장군 정관읍 정관중앙로 88-9, 502호⟧
환자 주소: ⟦광주 광산구 수완로 25 301호⟧
⟦충북 음성군 대소면 오태로 12-15⟧ (주)가람
고객사 본점: ⟦서울특별시 중구 통일로 10, 연세대학교 세브란스빌딩 15층⟧
계약 목적물은 ⟦서울특별시 서초구 잠원동 73 신반포아파트 제331동 제5층 제502호⟧이다.
⟦강원도 속초시 중앙로 147번길 16 2층⟧ 카페
등기부상 ⟦경기도 이천시 부발읍 무촌리 산25-3⟧ 임야
⟦전북 완주군 봉동읍 과학로 885⟧
⟦서울 동작구 대방동 23-61, 가람빌라 B02호⟧
보내는 곳: ⟦인천 서구 봉수대로 806⟧ / 받는 곳: ⟦경남 사천시 사남면 공단1로 78⟧
⟦서울특별시 광진구 능동로 120 (화양동, 건국대학교)⟧
LOC=⟦제주특별자치도 제주시 애월읍 애월로1길 25⟧;
출생지는 ⟦부산시 영도구 영선동4가 186⟧이며
⟦경기 파주시 광탄면 신산리 123-4번지 2층⟧
⟦충남 아산시 배방읍 배방로 57-29 한성필하우스 102동 804호⟧
⟦서울 성북구 길음로 33 길음뉴타운 806동 1501호⟧
⟦서울특별시 종로구 자하문로 28길 7⟧에 소재한
주소: ⟦서울특별시 강남구 테헤란로 123⟧
⟦서울 강남구 테헤란로 152, 강남파이낸스센터 20층⟧에서 뵙겠습니다
⟦서울시 강남구 테헤란로 152 (역삼동, 강남파이낸스센터)⟧
⟦강남구 테헤란로 152, 3층 302호⟧로 보내주세요.
⟦경기 성남시 분당구 판교역로 235⟧
⟦경기도 성남시 분당구 판교역로 166 카카오 판교 아지트 B동 3층⟧
⟦성남시 분당구 정자일로 95⟧ 네이버
⟦서울특별시강남구테헤란로123⟧
⟦서울강남구역삼동823-12⟧
⟦서울  강남구   테헤란로   123⟧
배송지: ⟦(06236) 서울특별시 강남구 테헤란로 152⟧
⟦06236 서울특별시 강남구 테헤란로 152⟧
⟦135-080 서울시 강남구 역삼동 823-12⟧
우편번호 ⟦06236⟧
우편번호: ⟦135-080⟧
우편번호: ⟦06236⟧ 주소: ⟦서울 강남구 테헤란로 152⟧
⟦서울특별시 중구 세종대로 지하 101⟧
⟦강원특별자치도 춘천시 중앙로 1⟧
⟦강원도 평창군 대관령면 올림픽로 715⟧
⟦전북특별자치도 전주시 완산구 효자로 225⟧에 위치
⟦전라북도 전주시 덕진구 백제대로 567⟧
⟦전남 순천시 장천2길 23-1⟧
⟦광주광역시 서구 상무중앙로 7⟧
⟦전남광주통합특별시 서구 상무중앙로 7, 5층⟧
⟦광주 북구 용봉로 77⟧
⟦세종특별자치시 한누리대로 2130⟧
⟦세종시 나성동 745⟧
⟦세종특별자치시 조치원읍 군청로 87-16⟧
⟦제주특별자치도 제주시 첨단로 242⟧
⟦제주도 서귀포시 성산읍 고성리 1127-2번지⟧
⟦제주시 연동 312-1⟧
⟦경북 경주시 안강읍 산대리 산 12-3번지⟧
⟦충남 홍성군 홍북읍 충남대로 21⟧
⟦부산 해운대구 센텀중앙로 79 센텀사이언스파크 15층⟧
⟦부산광역시 해운대구 우동 1407 두산위브더제니스 101동 4503호⟧
⟦인천 연수구 송도과학로 32 송도IT센터 M동 12층⟧
⟦대구 달서구 달구벌대로 1130, 지하 1층⟧
⟦대전 유성구 대학로 99⟧
⟦울산 남구 삼산로 274⟧
⟦수원시 영통구 삼성로 129⟧
⟦수원 영통구 삼성로 129⟧
⟦서울 종로구 종로1가 24⟧
⟦서울 종로구 종로 1⟧
⟦서울 중구 을지로3가 95-4⟧
⟦서울 영등포구 문래동3가 55-20⟧
⟦서울 송파구 올림픽로35길 125 101동 1203호⟧
⟦서울 구로구 디지털로26길 111, JnK디지털타워 803호⟧
⟦서울 금천구 가산디지털1로 168 우림라이온스밸리 A동 1101호⟧
⟦서울 강서구 화곡로 302-1⟧번으로
⟦서울시 마포구 월드컵북로 396, 누리꿈스퀘어 비즈니스타워 10층⟧
⟦서울 성동구 왕십리로 83-21 D타워 7층⟧
⟦서울 관악구 관악로 1⟧, 서울대학교
⟦경기도 용인시 수지구 풍덕천동 664 한빛아파트 103동 1502호⟧
⟦경기도 고양시 일산동구 장항동 869⟧
⟦경기 하남시 미사강변대로 200 미사강변센트럴자이 102-1503⟧
⟦경남 창원시 의창구 원이대로 362 (대원동)⟧
⟦경남 김해시 주촌면 골든루트로 80-59⟧
⟦서울 강남구 역삼동 823-12번지 한빛빌딩 3층⟧
⟦강남구 역삼동 823-12⟧
⟦역삼동 823-12번지⟧
⟦강남구 역삼1동 823-12 2층⟧
⟦서울시 강남구 역삼동 래미안아파트 101동 1203호⟧에 거주
⟦강남구 대치동 은마아파트 12동 304호⟧
⟦테헤란로 152, 15층⟧
⟦올림픽대로 123⟧
⟦서울,강남구,테헤란로 152⟧
⟦서울특별시 강남구 테헤란로 152⟧, 담당자 홍길동
{"address": "⟦서울 강남구 테헤란로 152⟧", "zip": "⟦06236⟧"}
| 홍길동 | ⟦서울 강남구 테헤란로 152 3층⟧ | 010-1234-5678 |
홍길동,⟦경기도 파주시 문발로 77⟧,010-1234-5678
⟦경기도 파주시 문발로 77⟧ 010-1234-5678
⟦경기도 파주시 문발로 77⟧/02-123-4567
자택은 ⟦인천 부평구 부평대로 12번길 7, 202호⟧입니다
⟦인천광역시 남동구 구월남로 125 삼환아파트 3동 101호⟧
⟦서울 서초구 서초대로74길 11 삼성전자빌딩⟧
⟦경기도 안양시 동안구 시민대로 235 (관양동) 5층⟧
⟦서울 용산구 한강대로 92 LS용산타워 8층 802호⟧
⟦충북 청주시 흥덕구 오송읍 오송생명2로 187⟧
⟦대전광역시 서구 둔산동 1420 정부대전청사 4동⟧
⟦서울 도봉구 도봉로 552, 가동 102호⟧
⟦서울 은평구 은평로 195 B1⟧
⟦서울 은평구 은평로 195 지하1층⟧
⟦경기 화성시 동탄대로 677-12, 3-4층⟧
주소는 ⟦전북 익산시 익산대로 460⟧이고
⟦경상북도 안동시 풍천면 도청대로 455⟧
⟦경북 울릉군 울릉읍 도동리 206⟧
⟦전남 신안군 흑산면 가거도길 38-2⟧
⟦서울특별시 노원구 동일로237길 36 105-803⟧
⟦서울시 동작구 상도로 369 1동 203호⟧
⟦경남 진주시 동진로 33(칠암동)⟧
⟦서울특별시 강남구 테헤란로 152(역삼동)⟧
⟦서울 강북구 4.19로 12⟧
⟦서울 강남구 봉은사로 524 (지번: 삼성동 159)⟧
⟦부산 동래구 충렬대로 238번길 15, 1203호⟧
⟦서울시 성북구 보문로34다길 2⟧
사는 곳이 ⟦부천시 원미구 길주로 210⟧이라
⟦서울 양천구 목동서로 159-1 7층⟧
⟦대구광역시 수성구 범어동 산 1-5⟧
⟦서울 송파구 잠실동 40-1 롯데월드몰 5층⟧
⟦서울 강서구 마곡중앙로 161-8 두산더랜드파크 B동 512호⟧
⟦경기도 남양주시 화도읍 마석우리 326-12 3통 2반⟧
본점 소재지 ⟦서울특별시 영등포구 여의대로 108⟧
⟦테헤란로152 3층⟧
⟦경기도 성남시 분당구 불정로 6⟧ NAVER그린팩토리
⟦서울특별시 서초구 반포대로 58, 101동 502호(서초동, 서초아트자이)⟧
⟦충남 천안시 서북구 불당25로 177⟧
⟦경기도 시흥시 산기대학로 237 종합교육관 302호⟧
⟦강원 강릉시 경강로2021번길 9-1⟧
⟦전남 여수시 여문1로 12 (문수동 123-4)⟧
⟦(우)06236 서울 강남구 테헤란로 152⟧
⟦(우 06236) 서울 강남구 테헤란로 152⟧
우) ⟦06236 서울 강남구 테헤란로 152⟧
⟦서울 송파구 문정동 642-3 문정역테라타워 B동 1203호⟧ (주)한빛
⟦서울 강남구 논현로 508 GS타워⟧
⟦대전 서구 둔산로 100, 대전시청 12층⟧
⟦서울 종로구 사직로 161⟧ 경복궁
⟦서울특별시 중구 소공로 120 신관 13층⟧
⟦경기 김포시 고촌읍 아라육로 152번길 46-48 A동 1층 107호⟧
⟦경기도 광주시 오포로 520-16⟧
⟦경북 포항시 남구 청암로 77 (지곡동)⟧ 포항공과대학교 교수님께
⟦서울특별시 강서구 공항대로 213 (마곡동, 보타닉파크타워2)⟧
⟦경상남도 거제시 장평3로 80 삼성중공업 (장평동)⟧
⟦서울시 관악구 신림로 12길 3-5, 201호 (신림동)⟧
⟦경기도 평택시 포승읍 평택항로 98 (만호리 570)⟧
⟦서울시 마포구 성산동 200-1 성산시영아파트 12동 1101호⟧
⟦서울시 중랑구 면목본동 123-4⟧
⟦전라남도 영광군 백수읍 해안로 957-3⟧
⟦서울 동대문구 휘경동 286번지 33호⟧
⟦서울 강남구 삼성동 159-1 트레이드타워 33층⟧
⟦울산광역시 울주군 온산읍 화산리 123⟧
⟦경기도 가평군 청평면 북한강로 2037-11 나동⟧
⟦서울특별시 성북구 안암로 145 고려대학교 우정정보관 205호⟧
⟦서울 강남구 테헤란로 152 (우 06236)⟧
⟦부산 남구 대연동 12 번지⟧
⟦서울특별시 강남구 강남대로 298 지하2층 B201호⟧
⟦서울 마포구 양화로 45, 세아타워 17F⟧
⟦부산 강서구 명지국제8로 233 더힐시그니처 1403호⟧
⟦경기도 수원시 장안구 서부로 2066 제2종합연구동 83501호⟧
⟦인천광역시 중구 공항로424번길 47⟧
⟦서울 중구 퇴계로 100 스테이트타워 남산 8층⟧
⟦대한민국 서울특별시 강남구 테헤란로 152⟧
⟦서울 은평구 진관동 은평뉴타운 우물골 204동 1302호⟧
⟦성남시분당구 정자동 12-3⟧
⟦부산 수영구 광안동 산1-5번지⟧
주소: ⟦사당로 50⟧
도로명주소	⟦중앙로 12⟧
고객님 댁이 ⟦노원구 상계로 123, 상계주공7단지아파트 705동 1101호⟧ 맞으시죠
⟦노원구 상계동 720 주공아파트 7단지 705동 1101호⟧로 배송
제 주소는 ⟦서울 마포구 독막로 12길 5 2층⟧이에요.
⟦서울 마포구 독막로 12길 5 2층⟧예요
환자 김OO, ⟦충북 제천시 의림대로 242 삼성아파트 3동 802호⟧ 거주
납품처=⟦경기도 안산시 단원구 원시동 785-4⟧
⟦경기도 안산시 단원구 시화호수로 485, 시화MTV 2층⟧
<addr>⟦서울 강남구 도산대로 318⟧</addr>
addr=⟦서울 강남구 도산대로 318⟧&zip=⟦06054⟧
shipTo: "⟦대구광역시 북구 칠성로 55, 207동 1104호⟧",
관할: ⟦서울 서초구 서초중앙로 157⟧ 서울중앙지방법원
채무자 주소 ⟦전북 군산시 나운동 155-3 나운현대아파트 102동 304호⟧
현장주소 ⟦강원특별자치도 원주시 지정면 신지정로 200, 1205동 902호⟧
지점: ⟦인천광역시 미추홀구 인하로 100⟧
⟦인천광역시 서해구 청라에메랄드로 99⟧
⟦인천 남구 주안동 155-3⟧
⟦충남 연기군 조치원읍 신흥리 12⟧
⟦서울 강남구 압구정로 113 현대아파트 72동 1305호⟧ (홍길동)
- ⟦서울 강남구 압구정로 113⟧
- ⟦부산 남구 문현금융로 40⟧
1) ⟦서울 강남구 압구정로 113⟧
2) ⟦부산 남구 문현금융로 40⟧
⟦서울 강남구 압구정로 113⟧ 및 ⟦부산 남구 문현금융로 40⟧
⟦서울 강남구 압구정로 113⟧에서 ⟦부산 남구 문현금융로 40⟧까지
우편번호가 ⟦48400⟧이고
⟦48400, 부산 남구 문현금융로 40⟧
새 주소: ⟦경기 구리시 갈매중앙로 190, 휴밸나인 A-1203호⟧
사업장: ⟦서울 성동구 성수이로 118, 성수아카데미타워 1203~1205호⟧
⟦서울 금천구 벚꽃로 298, 대륭포스트타워6차 1508호⟧
⟦서울 구로구 구로동 170-5 우림이비지센터 1차 901호⟧
⟦서울 영등포구 당산로41길 11 당산SK V1센터 W동 1204호⟧
⟦서울시 동대문구 왕산로 225 미주상가 B동 3층 12호⟧
⟦전남 무안군 삼향읍 오룡길 1⟧
⟦경북 예천군 호명읍 도청대로 345⟧
⟦제주 제주시 노형동 925⟧
⟦세종 도움6로 11⟧
⟦세종 어진동 618-2⟧
⟦서울특별시 동작구 노량진로 74 (노량진동)⟧입니다.
⟦강남구 래미안아파트 101동 203호⟧
⟦경남 양산시 물금읍 증산리 123⟧
"""

ENGLISH = """
⟦Room 1203, 101-dong, 25 Digital-ro 32-gil, Guro-gu, Seoul⟧
⟦55, Hanlim-ro, Jeju-si, Jeju-do 63021⟧
⟦1234 Rose Garden Lane, San Jose, CA 95126⟧
⟦3 Abbey Road, London NW8 9AY⟧
zip code: ⟦06236⟧
⟦123, Teheran-ro, Gangnam-gu, Seoul⟧
⟦152 Teheran-ro, Gangnam-gu, Seoul 06236, Republic of Korea⟧
⟦3F, 25, Banpo-daero 12-gil, Seocho-gu, Seoul, Korea⟧
⟦235 Pangyoyeok-ro, Bundang-gu, Seongnam-si, Gyeonggi-do 13494⟧
⟦823-12 Yeoksam-dong, Gangnam-gu, Seoul⟧
Address: ⟦1600 Amphitheatre Parkway, Mountain View, CA 94043⟧
⟦350 Fifth Avenue, New York, NY 10118, USA⟧
⟦221B Baker Street, London NW1 6XE⟧
⟦10 Downing Street, London, SW1A 2AA, United Kingdom⟧
⟦Flat 3, 45 Queen's Road, Bristol BS8 1QE⟧
⟦742 Evergreen Terrace, Springfield, IL 62704⟧
⟦1 Infinite Loop, Cupertino, CA 95014⟧
⟦P.O. Box 123, Springfield, IL 62704⟧
ship to ⟦48 Elm St., Apt 5, Boston, MA 02116-1234⟧
⟦500 W 5th Street, Suite 300, Austin, TX 78701⟧
She lives at ⟦12 Oak Lane⟧.
⟦18 Castle Street, Edinburgh EH2 3AH⟧
⟦4521 N. Lincoln Ave., Chicago, IL 60625⟧
Seoul office: ⟦Seoul, Gangnam-gu, Teheran-ro 152⟧
⟦Gangnam-daero 123, Seocho-gu, Seoul⟧
⟦#302, 12, Teheran-ro 4-gil, Gangnam-gu, Seoul, 06232, Korea⟧
⟦101-dong 1203-ho, 36 Dongil-ro 237-gil, Nowon-gu, Seoul⟧
⟦25 Hangang-daero, Yongsan-gu, Seoul⟧
⟦12-3, Sejong-daero 21-gil, Jung-gu, Seoul 04518⟧
⟦77 Massachusetts Ave, Cambridge, MA 02139⟧
⟦1 Hacker Way, Menlo Park, California 94025⟧
⟦90 High St, Oxford OX1 4BG⟧
⟦4 Privet Drive, Little Whinging, Surrey GU25 4AA⟧
⟦2200 Mission College Blvd., Santa Clara, CA 95054⟧
⟦1455 Market St, 4th Floor, San Francisco, CA 94103⟧
⟦1600 Broadway, New York, NY 10019⟧
⟦15 Oak Avenue, Denver, Colorado⟧
home address is ⟦15 Oak Avenue, Denver⟧
123 is the id; ⟦9 Elm Court, Leeds LS1 4AP⟧
"address":"⟦350 5th Ave, New York, NY 10118⟧"
ZIP ⟦06236⟧
⟦30 Gangnam-daero 55-gil, Seocho-gu, Seoul⟧
⟦Unit 4, 88 George Street, Sydney, NSW 2000⟧
"""

OVER_LINES = [
    "⟦서울특별시\n강남구 테헤란로 152⟧",
    "⟦서울특별시 강남구\n테헤란로 152\n3층⟧",
    "⟦742 Evergreen Terrace\nSpringfield, IL 62704⟧",
]

ORDINARY = r"""
서울 성북구 안암동 5가 고려대 체육관에서
서울 종로구 종로 3가 지하철역
대로변 3층 건물
서울 서대문구 연희동 카페 추천 5곳
경복궁역 3번 출구에서 도보로 5분
영등포구 12개 동 가운데 3개 동
기준금리 3.5%로 2회 동결
한국도로공사 2026년 예산
부산항 3부두로 20피트 컨테이너 12개
수원으로 12명 이동
경로 1. 서울→대전
세종시로 2026년 이전
전주로 3박 여행
광주로 12시 출발
강남으로 20분
새만금로 개통 3년
신작로 1995
회전교차로 3곳
상암동 2026년 예산
구로동 20대 여성
강남구 압구정동 30대 직장인
역삼동 5층짜리 건물
서울시 강남구 신사동 3.2km
파일을 /home/서울/로그로 3 저장
강남구에 삽니다
서울특별시 강남구 역삼동
양재동의 한 아파트에서 불이 났다
영업시간은 09:00~18:00, 302호로 오세요
101동 1203호 입주민입니다
회의실은 302호입니다
평화로 가는 길
중앙로에서 만나요
좌표는 37.5665, 126.9780
서울중앙지방법원 2023가단12345
서울고등법원 2022나2012345 판결
제3조 제2항에 따라
종로학원 3층에서
앞으로 3개월 안에
서로 2번씩
바로 1시간 뒤
서울에서 부산으로 3시간 걸린다
경기도로 2024년부터
이대로 3년이 지나면
새로 12명을 뽑았다
기본으로 5개를 준다
길 1km 앞에서 좌회전
세 가지 이유로 1. 비용 2. 시간
다음 이유로
1. 비용
강남구 기준 매출로 12억 원
올림픽대로 3km 구간 정체
강변북로 2개 차로 통제
서울 지하철 2호선 강남역 11번 출구
강남대로 2개 차로
강남대로 20분 소요
종로 3가역에서
종로3가에서 봅시다
을지로 4가 사거리
테헤란로 일대 집값이 3% 올랐다
동 3개를 합쳐
우리 3명이
거리 3km
정리 1. 요약
관리 2팀
처리 3건
이 동 5개
활동 3개월
운동 30분
자동 2회
이동 5분
변동 3%
서울시 강남구 인구는 53만
강남구 3개 동
수성구 범어동 3개 단지
화면 2개
측면 3곳
반면 2023년
서비스 종료로 3월 1일
재택근무로 2주
국도 3호선
버스로 15분
서울로 3시간
경로 2: /var/log
코드로 3줄
for i in range(10): 처리 1회
version 12 Road map
3 Place orders, 4 Close tickets
I waited 12 Long days, Then left
12 Angry Men, 1957
5 Star Hotel, Paris
See section 4 Street View
Chapter 3 The Long Road, 12 pages
10 Best Way, to learn
I-95 Road closed at 12
아파트 3층 높이
상가 2층 임대
빌딩 5동 신축
부산 해운대구 아파트 3채
서울 강남 아파트 12층
부대 동 1호
주문번호 12345 서울
로 1
길 2
동 3
서울 3대 맛집
경기 2차 대전
대구 3연전
가. 서울 나. 부산 3
인천 2공장 3라인
울산 2공장 302호
수원 3라인
전주 1대1 경기
회의는 역삼동 3층 회의실
다음으로 2번 항목
비율로 12:3
기준대로 12시까지
온도로 120도
서울특별시 조례 제123호
남구 2, 북구 3 매장
총괄관리 12명
평리 3
제주 올레길 7코스
둘레길 12코스
올레길 3
2번 국도로 30km
무료로 3회
병렬로 4개 프로세스
세로 100px 가로 200px
위로 10 픽셀
새 길 2
우편번호를 알려 주세요
우편번호 5자리
우편번호 체계가 2015년에 바뀌었다
post 12345
postgres://db:54321
the zip file is 12345 bytes
서울 강남구 아파트 매매가 12억
송파구 잠실동 3개 단지 재건축
강남구 역삼동 2030세대
서울시 강남구 선거구 3곳
대구 수성구 3.5% 상승
종로구 3, 중구 5
종로 1 을지로 2
부산 2박 3일
강남구청역 3번 출구 앞
역삼역 3번 출구
명동 2호점
신사동 3호점 오픈
서울숲길 산책
경의선숲길 6.3km
2번길
3길 5
A동 101호
B동 203호 입주
회의 장소: 본관 3층 302호
건물 3층 302호에서
서초동 법원
오전동 3시
국민은행 역삼동지점 3층
서울남부지법 2023고단1234
법률 제12345호
의안번호 2101234
평균으로 3
기준으로 10
가격대로 3만원
순서대로 1, 2, 3
차례대로 3명씩
뜻대로 1년
왼쪽으로 90도
그래서 이리 3
우리 12
머리 2개
자리 3
도로 3
수도로 1
사진으로 2장
글로 3줄
말로 1분
한마디로 1
별로 2
월별로 12
부서별로 3개
지역별로 5
연도별로 2023, 2024
종류별로 1~3
서울 지역별로 3곳
강남구 동별로 3
경기도 시군별로 31
대로 5
큰길 3
제주 여행길 3
하루 종일 걸은 길 10km
부산 광안리 3
부산 광안리 2박
속초 대포동 3월
서울 명동 5월 축제
서울 종로 3월 1일
광화문로 1만 명
테헤란로 3만 명
테헤란로 300m
테헤란로 2024
세종대로 12시
서울 세종대로 3km 통제
세종대로 2일 집회
강남대로 1일 통행량 12만
서울시 강남구 강남대로 3개 차로
The 2 Korean War
Room 302
3rd Floor
12 Street Fighter
2024 Annual Road Show, Seoul
5 Reasons Why, Seoul
10 Downing
1 Way
He drove 12 Miles Down Route 66, then
100 Most Beautiful Place, 2024
version 3.2 Road to Release
Apollo 11 Drive, Houston
Figure 3 Place, Value
Top 10 Court cases
"12 Kings Road" is a film
In 2020 Wall Street, NY fell
about 30 Wall Street firms
Section 5 Way Forward
500 Square feet
20 Hill climbs, 3 loops
"""

ADDRESSES = Addresses()


def _marked(marked: str) -> tuple[str, list[str]]:
    """The text without its marks, and what they enclose."""
    return re.sub("[⟦⟧]", "", marked), re.findall("⟦(.*?)⟧", marked, re.DOTALL)


def _found(text: str) -> list[str]:
    return [text[hit.start : hit.end] for hit in ADDRESSES.scan(text)]


@pytest.mark.parametrize("marked", [*KOREAN.strip().splitlines(), *ENGLISH.strip().splitlines(), *OVER_LINES])
def test_an_address_is_found_from_postcode_to_flat(marked: str) -> None:
    text, expected = _marked(marked)
    assert _found(text) == expected


@pytest.mark.parametrize("text", ORDINARY.strip().splitlines())
def test_what_only_looks_like_one_is_left_alone(text: str) -> None:
    assert _found(text) == []


def test_a_finding_says_kind_level_and_form() -> None:
    hits = ADDRESSES.scan("서울 강남구 테헤란로 152, 우편번호 06236, 12 Oak Road, Leeds LS1 4AP")
    assert [(hit.kind, hit.level, hit.rule) for hit in hits] == [
        ("address", Level.CONFIDENTIAL, "address.road"),
        ("address", Level.CONFIDENTIAL, "address.postcode"),
        ("address", Level.CONFIDENTIAL, "address.abroad"),
    ]


@pytest.mark.parametrize(
    "particle", ["에서", "로", "으로", "입니다", "이고", "까지", "의", "는", ".", ",", ")", "\n"]
)
@pytest.mark.parametrize(
    "address",
    ["서울 강남구 테헤란로 152", "서울 강남구 역삼동 823-12", "경기 성남시 분당구 판교역로 235, 3층 302호"],
)
def test_what_follows_directly_is_not_taken_along(address: str, particle: str) -> None:
    assert _found(f"오늘 {address}{particle}") == [address]


PIECES = (
    "서울", "강남구", "역삼동", "테헤란로", "12길", "152", "-3", "101동", "1203호", "3층", " ", ",", "\n", "(", ")", "산", "번지",
    "리", "면", "가", "로1", "06236", "우편번호", "Street", "-ro", "-gu", "12", "Aa", "Seoul", "NW1 6XE", "\ud800", "\x00", "😀",
)  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join) | st.text(max_size=80))
def test_any_text_is_read_and_spans_lie_within_it_apart(text: str) -> None:
    behind = 0
    for hit in ADDRESSES.scan(text):
        assert behind <= hit.start < hit.end <= len(text)
        behind = hit.end


@pytest.mark.parametrize(
    "piece",
    ["로1", "동1", "면면면면면면면면면리1", "시군구시군구동 1 ", "101동 1호 ", "서울 강남구 테헤란로 152 ", "1 Aa-ro, Aa-gu, ",
     "1 Aa Aa Road ", "1 ", "0가 1", "아파트 1", "(", " ", "역삼동 1 (", "테헤란로 1 한빛 한빛 한빛 "],
)  # fmt: skip
def test_the_work_grows_with_the_text_and_not_faster(piece: str) -> None:
    short, long = (piece * (size // len(piece)) for size in (4_000, 32_000))
    assert _seconds(long) < 8 * 4 * max(_seconds(short), 0.002)  # linear would be 8


def _seconds(text: str) -> float:
    return min(_once(text) for _ in range(2))


def _once(text: str) -> float:
    start = time.process_time()
    ADDRESSES.scan(text)
    return time.process_time() - start
