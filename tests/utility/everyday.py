# ruff: noqa: E501  (passages, logs and tool results stand here as people paste them)
"""What people ask a model for on an ordinary day, none of it anybody's secret: the measure of usefulness.

Written by hand, Korean and English. A passage, a snippet or a table meets a few tasks that people really give
for such a thing; numbers that need no author (order numbers, hashes, UUIDs) come from a generator with a fixed
seed. Addresses are of the documentation ranges, telephone numbers are call centres', names are of products and
offices.
"""

import itertools
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final
from uuid import UUID

Body = dict[str, Any]

# ── whole requests, each for itself ─────────────────────────────────────────────────────────────────────────

ALONE: Final = """
다음 주 팀 회식 장소를 고르는 설문 문항을 다섯 개 만들어줘. 채식하는 사람도 있어.
신입사원 환영 메일 초안 부탁해. 따뜻하지만 너무 길지 않게, 복지 안내는 사내 위키 링크로 대신할 거야.
'검토 부탁드립니다'를 덜 딱딱하게 말하는 방법 세 가지만.
회의가 길어지는 걸 막는 진행 요령을 A4 반 장으로 정리해줘.
분기 실적 발표 자료의 제목을 열 개 제안해줘. 핵심은 구독 매출 18% 성장과 해지율 2.1% 야.
고객센터 1588-0000 으로 전화하면 나오는 ARS 안내 문구를 다듬어줘. 지금 것은 40초가 넘어.
수신자 부담 전화 080-123-4567 안내를 영문 홈페이지에 넣으려고 해. 한 줄로 써줘.
대표번호가 1544-1234 에서 1661-1234 로 바뀐다는 공지문을 존댓말로.
민법 제750조와 제751조의 차이를 비전공자에게 설명해줘.
개인정보 보호법 제28조의8 제1항이 무엇을 요구하는지 세 문장으로 요약해줘.
상법 제382조의3 에서 말하는 충실의무가 실무에서 어떤 뜻인지 알려줘.
근로기준법 제60조에 따라 입사 11개월 차의 연차가 며칠인지 계산하는 방법은?
2026년 3월 1일부터 180일 뒤는 무슨 요일이야?
총액 12,345,678원을 부가세 별도로 나누면 공급가액과 세액이 각각 얼마인지 식과 함께.
연 이율 4.35%, 3년 만기, 원금 50,000,000원의 단리와 복리 차이를 표로.
환율이 1,387.5원일 때 $2,499.99 는 원화로 얼마인지, 수수료 1.75% 까지 넣어서.
서울에서 부산까지 KTX 로 출장 갈 때 반나절 일정표를 짜줘. 회의는 14:00~16:30.
A4 210×297mm 를 A5 로 줄이면 면적 비가 얼마야?
Kubernetes 1.31.4 에서 1.33.0 으로 올릴 때 확인할 사항을 점검표로.
Python 3.11.7 과 3.13.1 의 성능 차이를 말로만 설명해줘.
PostgreSQL 16.4 의 autovacuum 설정 가운데 큰 테이블에서 먼저 손볼 세 가지는?
git 에서 a1b2c3d 커밋만 다른 브랜치로 옮기는 방법.
사내 서버 192.0.2.15 에서 198.51.100.23 의 443 포트로 나가는 방화벽 요청서 문구를 써줘.
ping 203.0.113.7 이 되다가 안 되다가 해. 어디부터 봐야 하는지 순서대로.
IPv6 문서용 주소 2001:db8::1 이 왜 라우팅되지 않는지 설명해줘.
CIDR 198.51.100.0/24 를 네 개의 서브넷으로 나누면?
정규식으로 2026-01-02 꼴의 날짜만 고르고 싶어. 자바 기준으로.
엑셀에서 A열의 주문번호 앞 4자리만 B열에 넣는 수식은?
구글 시트에서 =QUERY 로 월별 합계를 내는 예를 하나만.
VLOOKUP 이 #N/A 를 낼 때 확인할 다섯 가지.
피벗 테이블로 지역별·월별 매출을 보는 순서를 신입에게 설명하듯.
"고맙습니다"와 "감사합니다"는 어떻게 달라? 공문에는 어느 쪽이 나아?
다음 제목을 더 짧게: 2027년도 상반기 전사 정보보호 교육 이수 현황 및 미이수자 조치 계획 보고
면접 질문을 만들어줘. 직무는 백엔드 개발자, 5년 차, 결제 도메인.
결제 실패율이 0.8%에서 1.3%로 늘었다는 사실을 경영진에게 어떻게 말하면 좋을까?
장애 보고서의 목차를 잡아줘. 장애 시간은 02:14~03:41, 영향 범위는 정산 배치.
배송이 늦어진 고객에게 보낼 사과 문구. 보상은 적립금 3,000원.
앱 리뷰에 다는 답글을 공손하게: '업데이트 7.12.0 뒤로 로그인이 풀려요'
카드뉴스 여섯 장의 문구. 주제는 여름철 전기요금 줄이기.
보도자료 첫 문단만 다시 써줘. 사실은 바꾸지 말고, 숫자는 앞에.
초등학생에게 블랙홀을 설명하는 200자 글.
한국어 맞춤법 봐줘: 몇일 뒤에 뵈요. 그럼 이만 줄일께요.
라틴어 속담 festina lente 의 뜻과, 회사 슬로건으로 쓸 때 조심할 점.
재택근무 규정 초안에서 빠지기 쉬운 조항은 무엇이야?
표준 계약서의 제7조(손해배상)를 쉬운 말로 풀어줘.
면책 조항을 영어로: 본 자료는 참고용이며 법적 효력이 없습니다.
OKR 세 개를 만들어줘. 부서는 고객지원, 기간은 2027년 1분기.
제안서에 들어갈 회사 소개 문단을 격식 있게 고쳐줘: 우리는 2011년에 시작해서 지금 340명이 일해요.
Draft a two-paragraph announcement that the cafeteria will close for maintenance on 14-16 December 2026.
Write a polite follow-up to a vendor whose quotation Q-2026-0417 is two weeks late. Do not sound angry.
Explain the difference between a mutex and a semaphore to a junior developer, with one everyday analogy.
Give me five subject lines for a newsletter about energy-saving office equipment, at most 45 characters each.
What does HTTP status 409 mean, and when should an API return 422 instead?
Turn these notes into minutes: budget approved; hiring frozen until Q2; next meeting 2027-01-11 10:00 KST.
Suggest a naming convention for S3 buckets across dev, staging and production.
How do I calculate the standard error of a proportion of 37 out of 412?
Summarise the plot of Hamlet in exactly six sentences.
Translate into Korean, formal: "We regret to inform you that the maintenance window has been extended by 90 minutes."
What are the trade-offs between UUIDv4 and UUIDv7 as primary keys?
Explain RFC 9110 section 15.5.10 in plain words.
Compare TLS 1.2 and TLS 1.3 handshakes in a table with four rows.
Why does 0.1 + 0.2 give 0.30000000000000004?
Convert 86,400,000 milliseconds to days, and 1,073,741,824 bytes to GiB.
Is 2147483647 the largest signed 32-bit integer? Show the arithmetic.
Plan a three-day onboarding for interns in a data team of eight; include one hands-on exercise a day.
Rewrite this in plain English: The aforementioned deliverables shall be furnished not later than close of business.
Give the big-O of building a heap bottom-up and why it is not O(n log n).
Write a haiku about a deployment on Friday evening.
List ten questions to ask before buying a second-hand laser printer.
What should a postmortem say about root cause when there are three contributing ones?
Proofread: Their going too release version 4.2.0-rc.3 on tuesday, irregardless of the weather.
Make a packing list for a four-day trade fair, booth 12-B34, hall 7.
Describe the ISO 8601 week date of 2026-11-22 and how it differs from the calendar date.
What is the time in Seoul when it is 09:30 on 1 March in New York? Mind daylight saving.
Please explain ISBN-13 check digits with 978-3-16-148410-0 as the example.
How is the check digit of the EAN 8801234567893 computed?
Write an error message for a file that is larger than 16 MiB. It should say what to do next.
Give three counter-arguments to "we should rewrite everything in Rust".
Sketch a decision tree for choosing between a queue and a stream; text only.
Help me phrase feedback for a colleague whose code reviews are correct but harsh.
일본어로: 회의실 예약이 취소되었으니 다시 신청해 주세요.
중국어 간체로 번역: 본 제품은 실온(15~25℃)에서 보관하십시오.
Übersetze ins Koreanische: Bitte beachten Sie die geänderten Öffnungszeiten ab dem 1. Februar.
Traduis en coréen, ton professionnel : « Merci de confirmer votre présence avant vendredi midi. »
""".strip().splitlines()

# ── passages, and what is asked of a passage ────────────────────────────────────────────────────────────────

ON_KOREAN: Final = (
    "다음 글을 세 문장으로 요약해줘.\n\n{}",
    "아래 내용을 영어로 번역해줘. 숫자와 날짜는 그대로 두고.\n---\n{}\n---",
    "{}\n\n위 글에서 결정된 것과 아직 정해지지 않은 것을 나누어 표로 만들어줘.",
    "이 초안을 더 공손하고 짧게 고쳐줘:\n「{}」",
    "다음을 읽고 경영진이 물을 만한 질문 다섯 개와 답의 방향을 적어줘.\n{}",
)
KOREAN: Final = """
2026년 11월 20일 주간회의. 정산 배치는 12월 3일 새벽 2시에 신규 서버로 옮긴다. 되돌리기 기준은 처리 시간 45분 초과. 예산 3,200만 원은 승인되었고 외주 인력 2명의 투입 시점은 다음 회의에서 정한다.
본 매뉴얼은 모델 HX-4400B 의 설치와 점검을 다룬다. 정격 전압은 AC 220V 60Hz, 소비 전력은 1,350W 이다. 필터(부품번호 F-2290-11)는 2,000시간마다 교체하고, 오류 코드 E-17 이 뜨면 배수 호스를 먼저 확인한다.
올해 상반기 온라인 매출은 전년 같은 기간보다 23.4% 늘어난 1,284억 원이었다. 다만 반품률이 6.1%에서 7.9%로 올라 영업이익률은 0.7%포인트 낮아졌다. 하반기에는 물류센터 한 곳을 더 열 계획이다.
제12조(계약의 해지) ① 당사자 일방이 이 계약을 위반하고 상대방의 시정 요구를 받은 날부터 30일 이내에 시정하지 아니한 때에는 계약을 해지할 수 있다. ② 제1항에 따른 해지는 제15조의 손해배상 청구에 영향을 미치지 아니한다.
도서관은 11월 30일(월)부터 12월 4일(금)까지 장서 점검으로 휴관합니다. 반납은 1층 무인 반납기에서 하실 수 있고, 예약 도서의 보관 기한은 5일 늘어납니다. 문의: 대표전화 1577-0000.
릴리스 노트 5.8.0: 검색 속도를 평균 310ms 에서 120ms 로 줄였습니다. 이슈 #4821, #4907 을 고쳤습니다. 설정 파일의 `cache.ttl` 은 초 단위로 바뀌었으니 기존 값에 60 을 곱해 주세요. 5.6.x 이하에서는 바로 올릴 수 없습니다.
이번 달 안전 점검에서 소화기 214대 가운데 9대가 유효 기간을 넘겼고, 비상구 표시등 3곳이 꺼져 있었다. 조치는 12월 10일까지 끝내고 사진과 함께 보고하기로 했다.
서버실 온도가 27.8℃ 까지 올라 경보가 났다. 항온항습기 2호기의 압축기가 03:12 에 멈췄고, 예비기가 자동으로 켜지기까지 6분이 걸렸다. 영향 받은 장비는 랙 R07 의 스토리지 2대이다.
공고 제2026-118호. 2027년도 사내 벤처 3기를 모집합니다. 신청은 12월 1일부터 18일 17:00 까지 사내 포털에서 받고, 서류 통과 팀은 1월 8일에 발표합니다. 팀당 지원금은 최대 5,000만 원입니다.
고객 설문(응답 1,942건)에서 만족도는 5점 만점에 4.2점이었다. 불만의 38%는 '상담 대기 시간', 21%는 '환불 절차'였다. 자유 의견에는 챗봇이 같은 답을 되풀이한다는 지적이 많았다.
강릉 사업소 인근 도로 공사로 12월 2일 22:00 부터 다음 날 05:00 까지 정문 출입이 제한됩니다. 차량은 후문을 이용해 주시고, 납품 차량은 하루 전까지 물류팀 게시판에 시간을 적어 주세요.
커피 원두 블렌드 'N°7'은 에티오피아 60%, 콜롬비아 40%로 볶는다. 1차 크랙 뒤 95초에 배출하고, 포장 뒤 3일이 지난 것부터 매장에 낸다. 로트 번호는 R26-1107-03 처럼 연·월일·순번으로 적는다.
""".strip().splitlines()

ON_ENGLISH: Final = (
    "Summarise for an executive in two sentences:\n\n{}",
    "Translate into natural Korean business style.\n\n{}",
    "{}\n\nExtract every date, amount and identifier above as JSON.",
    "Rewrite the following as a bulleted status update:\n> {}",
    "What is unclear or missing in this text? Ask me at most four questions.\n\n{}",
)
ENGLISH: Final = """
Incident INC-20861 began at 2026-11-18T03:42:10Z when the primary database failed over to zone b. Checkout errors peaked at 14.2% for eleven minutes. The standby had been running 9.6.24 instead of 9.6.31, so two prepared statements were rejected. Total refunds came to $18,204.50.
Purchase order PO-88213-04 covers 1,200 units of part 7741-AX at EUR 3.85 each, delivery in three lots on 5, 19 and 26 January 2027. Incoterms are DAP Rotterdam. Late delivery is charged at 0.5% a day, capped at 10% of the order.
Version 2.0 drops the v1 endpoints. Clients must send `Accept: application/vnd.shop.v2+json` and read `next_cursor` instead of `page`. Rate limits are 600 requests per minute per token; bursts above that answer 429 with a Retry-After header.
Our warehouse in Busan handled 48,310 parcels last week, 6% above forecast. Average dwell time fell to 7.4 hours. Conveyor C3 tripped twice because of a misaligned sensor; the supplier ships a replacement (serial SN-0094-7781-Q) on Thursday.
The study enrolled 312 adults over 24 weeks. The primary endpoint improved by 1.8 points (95% CI 0.9 to 2.7, p < 0.001). Dropout was 11.5% in the treatment arm and 9.9% in the control arm. Funding: grant 2025-HS-00471.
Employees may work from abroad for up to 20 working days a year. Requests are made four weeks ahead in the portal; the tax team answers within five days. Equipment must stay encrypted and may not be lent.
The new boiler plant reaches 94.7% efficiency at 65% load. Flue gas leaves at 112 °C. Commissioning is planned for week 51; until then the old unit, tag B-101, runs at 7.2 bar.
Chapter 4 argues that schedules slip because uncertainty is reported as a single number. The author suggests ranges, weekly recalibration and a visible buffer, and shows 23 projects where that halved the error.
The board approved the 2027 budget of KRW 41.8 billion, of which 12% is reserved for automation. Marketing loses 3% and must close two regional offices. A review takes place on 30 June.
Please note that invoice 2026/INV/003917 was paid twice on 2 and 9 November. We suggest offsetting the second payment against the next delivery rather than a refund, which takes 15 banking days.
""".strip().splitlines()

# ── code, configuration, logs, tables ───────────────────────────────────────────────────────────────────────

ON_CODE: Final = (
    "이 코드가 무엇을 하는지 한국어로 설명하고, 위험한 곳이 있으면 짚어줘.\n```\n{}\n```",
    "```\n{}\n```\nWrite unit tests for this, edge cases first.",
    "Review this as you would a pull request; be brief.\n\n{}",
    "다음 코드를 더 읽기 쉽게 고쳐줘. 동작은 바꾸지 마.\n\n```\n{}\n```",
)
CODE: Final = (
    """def moving_average(values: list[float], window: int) -> list[float]:
    if window < 1:
        raise ValueError("window must be positive")
    total, out = 0.0, []
    for index, value in enumerate(values):
        total += value - (values[index - window] if index >= window else 0.0)
        if index >= window - 1:
            out.append(total / window)
    return out""",
    """import os
from sqlalchemy import create_engine

PASSWORD = os.environ["DB_PASSWORD"]
engine = create_engine(f"postgresql://app:{PASSWORD}@db.example.internal:5432/orders")
secret = get_secret("orders/api-key")
password = getpass.getpass("Password: ")""",
    """export async function fetchOrder(id: string): Promise<Order> {
  const res = await fetch(`/api/v2/orders/${encodeURIComponent(id)}`, {
    headers: { Authorization: `Bearer ${await tokens.current()}` },
  });
  if (!res.ok) throw new HttpError(res.status, await res.text());
  return (await res.json()) as Order;
}""",
    """const debounce = (fn, ms = 250) => {
  let t;
  return (...args) => { clearTimeout(t); t = setTimeout(() => fn(...args), ms); };
};
input.addEventListener("keyup", debounce(search, 300));""",
    """func (s *Server) Shutdown(ctx context.Context) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	for c := range s.conns {
		if err := c.SetDeadline(time.Now().Add(5 * time.Second)); err != nil {
			return fmt.Errorf("deadline %s: %w", c.RemoteAddr(), err)
		}
	}
	return s.ln.Close()
}""",
    """pub fn parse_version(s: &str) -> Option<(u16, u16, u16)> {
    let mut it = s.trim_start_matches('v').splitn(3, '.').map(|p| p.parse().ok());
    Some((it.next()??, it.next()??, it.next()??))
}
#[test]
fn reads() { assert_eq!(parse_version("v1.82.7"), Some((1, 82, 7))); }""",
    """@RestController
@RequestMapping("/api/coupons")
class CouponController {
    private final CouponService service;
    @PostMapping("/{code}/redeem")
    ResponseEntity<Redemption> redeem(@PathVariable String code, @RequestParam long orderId) {
        return ResponseEntity.ok(service.redeem(code.toUpperCase(Locale.ROOT), orderId));
    }
}""",
    """data class Slot(val start: LocalTime, val end: LocalTime)

fun List<Slot>.merged(): List<Slot> = sortedBy { it.start }.fold(emptyList()) { acc, s ->
    val last = acc.lastOrNull()
    if (last != null && !s.start.isAfter(last.end)) acc.dropLast(1) + last.copy(end = maxOf(last.end, s.end))
    else acc + s
}""",
    """static uint32_t crc32(const uint8_t *p, size_t n) {
    uint32_t c = 0xFFFFFFFFu;
    while (n--) {
        c ^= *p++;
        for (int k = 0; k < 8; k++) c = c & 1 ? (c >> 1) ^ 0xEDB88320u : c >> 1;
    }
    return ~c;
}""",
    """template <class K, class V, size_t N>
class LruCache {
  std::list<std::pair<K, V>> items_;
  std::unordered_map<K, typename decltype(items_)::iterator> index_;
 public:
  std::optional<V> get(const K& key);
  void put(K key, V value);  // evicts when size() == N
};""",
    """public async Task<IReadOnlyList<Invoice>> OverdueAsync(DateOnly today, CancellationToken ct) =>
    await _db.Invoices.AsNoTracking()
        .Where(i => i.DueOn < today && i.PaidOn == null)
        .OrderBy(i => i.DueOn).Take(100).ToListAsync(ct);""",
    """class Cart
  MAX = 99
  def add(sku, qty = 1)
    raise ArgumentError, "too many" if qty > MAX
    @lines[sku] = [@lines.fetch(sku, 0) + qty, MAX].min
  end
end""",
    """<?php
$stmt = $pdo->prepare('SELECT id, title FROM posts WHERE slug = :slug AND published_at <= NOW()');
$stmt->execute(['slug' => $_GET['slug'] ?? '']);
echo htmlspecialchars($stmt->fetch()['title'] ?? '없음', ENT_QUOTES);""",
    """#!/usr/bin/env bash
set -euo pipefail
for f in /var/log/app/*.log; do
  [[ $(stat -c %s "$f") -gt 104857600 ]] && gzip -9 "$f" && mv "$f.gz" "/archive/$(date +%Y%m%d)-$(basename "$f").gz"
done
curl -fsS -H "Authorization: Bearer ${API_TOKEN}" https://api.example.com/v1/rotate""",
    """SELECT d.name, date_trunc('month', o.created_at) AS month,
       count(*) AS orders, sum(o.total_krw) AS revenue
FROM orders o JOIN depots d ON d.id = o.depot_id
WHERE o.created_at >= DATE '2026-01-01' AND o.status IN ('PAID', 'SHIPPED')
GROUP BY 1, 2 HAVING sum(o.total_krw) > 10000000 ORDER BY 2, 4 DESC;""",
    """CREATE TABLE shipment (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  order_no varchar(20) NOT NULL CHECK (order_no ~ '^[A-Z]{2}-\\d{4}-\\d{6}$'),
  phone varchar(20), email varchar(320), password_hash bytea NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now()
);
INSERT INTO region (code, name) VALUES ('11', '서울특별시'), ('26', '부산광역시');""",
    """apiVersion: apps/v1
kind: Deployment
metadata: {name: web, labels: {app: web, version: "2.14.3"}}
spec:
  replicas: 3
  template:
    spec:
      containers:
        - name: web
          image: registry.example.com/web@sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08
          env:
            - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password}}}
          resources: {limits: {cpu: 500m, memory: 512Mi}}""",
    """services:
  db:
    image: postgres:16.4
    environment:
      POSTGRES_PASSWORD: ${POSTGRES_PASSWORD:?set me}
    ports: ["127.0.0.1:5432:5432"]
  cache: {image: "redis:7.4-alpine", command: ["redis-server", "--requirepass", "${REDIS_PASSWORD}"]}""",
    """resource "aws_security_group_rule" "office" {
  type              = "ingress"
  from_port         = 443
  to_port           = 443
  protocol          = "tcp"
  cidr_blocks       = ["198.51.100.0/24", "203.0.113.16/28"]
  security_group_id = "sg-0a1b2c3d4e5f67890"
}""",
    """server {
  listen 443 ssl http2;
  server_name shop.example.com;
  ssl_certificate     /etc/ssl/shop.crt;
  ssl_certificate_key /etc/ssl/shop.key;
  location /api/ { proxy_pass http://192.0.2.10:8080; proxy_read_timeout 65s; }
}""",
    """-----BEGIN CERTIFICATE-----
MIIBhTCCASugAwIBAgIQIRi6zePL6mKjOipn+dNuaTAKBggqhkjOPQQDAjASMRAw
DgYDVQQKEwdBY21lIENvMB4XDTE3MTAyMDE5NDMwNloXDTE4MTAyMDE5NDMwNlow
-----END CERTIFICATE-----
openssl x509 -noout -dates -in server.crt""",
    """diff --git a/app/limits.py b/app/limits.py
index 3f1c2d9..b77a0e4 100644
--- a/app/limits.py
+++ b/app/limits.py
@@ -41,7 +41,7 @@ class Bucket:
-        self.tokens = min(self.capacity, self.tokens + elapsed * self.rate)
+        self.tokens = min(self.capacity, self.tokens + max(0.0, elapsed) * self.rate)""",
    """<form method="post" action="/login" autocomplete="on">
  <label>이메일 <input type="email" name="email" placeholder="you@example.com" required></label>
  <label>비밀번호 <input type="password" name="password" minlength="12"></label>
  <button class="btn btn-primary">로그인</button>
</form>""",
    """{"openapi":"3.1.0","info":{"title":"Parcel API","version":"1.4.0"},"paths":{"/parcels/{id}":{"get":{
 "parameters":[{"name":"id","in":"path","schema":{"type":"string","pattern":"^[0-9]{12}$"}}],
 "responses":{"200":{"description":"소포 하나"},"404":{"description":"없음"}}}}}}""",
    """# pyproject.toml
[project]
name = "ledger-tools"
version = "0.9.12"
dependencies = ["httpx>=0.28,<0.29", "pydantic==2.12.3", "rich~=14.1"]
[tool.ruff.lint]
select = ["E", "F", "B", "UP"]""",
    """library(dplyr)
sales |>
  filter(date >= as.Date("2026-07-01"), channel %in% c("web", "app")) |>
  group_by(week = lubridate::floor_date(date, "week")) |>
  summarise(krw = sum(amount), median = median(amount), n = n())""",
)

ON_LOG: Final = (
    "이 로그에서 먼저 봐야 할 줄과 까닭을 알려줘.\n\n{}",
    "What went wrong here, and what would you check next?\n```\n{}\n```",
    "{}\n\n위 내용을 장애 티켓의 '현상'과 '원인 추정'으로 나누어 써줘.",
)
LOGS: Final = (
    """2026-11-22T04:11:07.331Z INFO  [worker-3] request id=0f8fad5b-d9cb-469f-a165-70867728950e path=/v2/orders status=200 took=41ms
2026-11-22T04:11:07.902Z WARN  [worker-1] pool exhausted size=20 waiting=7
2026-11-22T04:11:12.015Z ERROR [worker-1] timeout after 5000ms upstream=192.0.2.44:5432""",
    """Traceback (most recent call last):
  File "/app/jobs/settle.py", line 118, in run
    total += Decimal(row["amount"])
decimal.InvalidOperation: [<class 'decimal.ConversionSyntax'>]
The above exception was the direct cause of the following exception: SettlementError: batch 20261121-0007 stopped at row 48211""",
    """Exception in thread "main" java.lang.NullPointerException: Cannot invoke "Order.total()" because "order" is null
	at com.example.shop.Checkout.sum(Checkout.java:87)
	at com.example.shop.Checkout.main(Checkout.java:22)
Caused by: java.sql.SQLTimeoutException: ORA-01013: user requested cancel of current operation""",
    '''203.0.113.9 - - [22/Nov/2026:13:05:41 +0900] "GET /static/app.8f3a1c.js HTTP/2.0" 304 0 "-" "Mozilla/5.0 (X11; Linux x86_64)"
198.51.100.77 - - [22/Nov/2026:13:05:42 +0900] "POST /api/cart/items HTTP/2.0" 422 131 "https://shop.example.com/p/100234" "okhttp/5.1.0"''',
    """kernel: [1843201.552190] Out of memory: Killed process 21877 (java) total-vm:9218340kB, anon-rss:7340112kB
systemd[1]: app.service: Main process exited, code=killed, status=9/KILL
systemd[1]: app.service: Scheduled restart job, restart counter is at 14.""",
    """{"ts":1795312867123,"level":"error","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","span_id":"00f067aa0ba902b7","msg":"charge declined","code":"insufficient_funds","amount":129000,"currency":"KRW"}
{"ts":1795312868950,"level":"info","trace_id":"4bf92f3577b34da6a3ce929d0e0e4736","msg":"retry scheduled","in_ms":30000}""",
    """npm ERR! code ERESOLVE
npm ERR! While resolving: web@3.2.1
npm ERR! Found: react@19.1.0
npm ERR! Could not resolve dependency: peer react@"^18.0.0" from react-grid@4.0.7
npm ERR! A complete log of this run can be found in: /home/dev/.npm/_logs/2026-11-22T02_10_55_418Z-debug-0.log""",
    """E0000 thread 'main' panicked at src/store.rs:204:17: index out of bounds: the len is 8 but the index is 8
   5: ledger::store::Store::seek at ./src/store.rs:204:17
   6: ledger::main at ./src/main.rs:31:9
note: run with `RUST_BACKTRACE=full`""",
    """FAILED tests/test_tax.py::test_rounding[10.005-10.01] - AssertionError: assert Decimal('10.00') == Decimal('10.01')
FAILED tests/test_tax.py::test_vat[KR-1100] - assert 99 == 100
2 failed, 318 passed, 4 skipped in 12.71s""",
    """Warning  BackOff    2m (x14 over 8m)  kubelet  Back-off restarting failed container web in pod web-7d9c6b5f4-x2k8p_prod(6f1e0c1a-3b5d-4f6e-9a77-0c2d4e8b1a90)
Warning  Unhealthy  8m                kubelet  Readiness probe failed: Get "http://192.0.2.131:8080/readyz": context deadline exceeded""",
)

ON_TABLE: Final = (
    "다음 표에서 눈에 띄는 점 세 가지와 그 근거를 알려줘.\n\n{}",
    "Turn this into a Markdown table, add a total row, and say which line to question.\n\n{}",
    "{}\n\n이 데이터로 막대그래프를 그리는 파이썬 코드를 써줘. 축 이름은 한국어로.",
    "아래를 엑셀에 붙였을 때 증감률(%) 열을 만드는 수식을 알려줘.\n{}",
)
TABLES: Final = (
    """월,매출(천원),주문,반품
2026-07,184320,5120,311
2026-08,179005,4988,402
2026-09,201440,5533,298""",
    """| 지점 | 방문 | 구매 | 전환율 |
|---|---:|---:|---:|
| 강남 | 12,480 | 1,902 | 15.2% |
| 해운대 | 9,310 | 1,120 | 12.0% |
| 둔산 | 4,205 | 733 | 17.4% |""",
    """sku\tname\tqty\tunit_price\twarehouse
A-10023\tHDMI 케이블 2m\t340\t8900\tICN-2
B-20417\tUSB-C 허브 7포트\t112\t42900\tPUS-1
C-30001\t무선 마우스\t58\t27500\tICN-2""",
    """order_no;placed;status;total
KR-2026-004417;2026-11-02 09:12;SHIPPED;129000
KR-2026-004418;2026-11-02 09:15;PAID;58900
KR-2026-004421;2026-11-02 09:31;CANCELLED;0""",
    """부서     예산(백만)  집행   잔액
인프라    1,240      987    253
데이터      860      902    -42
보안        415      301    114""",
    """| metric | p50 | p95 | p99 |
|---|---|---|---|
| search (ms) | 41 | 183 | 611 |
| checkout (ms) | 88 | 402 | 1,930 |
| upload (s) | 0.9 | 4.2 | 11.8 |""",
    """시각,센서,온도,습도
2026-11-22 00:00,S-01,21.4,41
2026-11-22 00:10,S-01,21.9,40
2026-11-22 00:20,S-01,26.7,33
2026-11-22 00:30,S-01,22.0,40""",
    """tracking,carrier,weight_kg,delivered
123456789012,CJ,1.2,2026-11-19
6091234567890,우체국,0.4,2026-11-20
EE123456789KR,EMS,2.75,2026-11-24""",
    """제품,표준코드,유통기한,재고
생수 2L,8801234567893,2027-05-31,4800
녹차 500mL,8809876543213,2027-02-14,1250""",
    """quarter  headcount  attrition  open_reqs
2026Q1   312        3.1%       18
2026Q2   327        2.8%       11
2026Q3   340        4.0%       22""",
)

# ── numbers that are nobody's ───────────────────────────────────────────────────────────────────────────────

ABOUT_A_NUMBER: Final = (
    "주문번호 {order} 의 배송이 멈췄다는 문의에 답하는 문구를 써줘. 운송장은 {tracking} 이고 지금 옥천 허브에 있어.",
    "{uuid} 와 같은 형식의 값을 자바스크립트로 검증하는 함수를 하나 만들어줘.",
    "Commit {sha} broke the nightly build of 2026-11-{day:02}. Write a short note to the channel asking for a revert.",
    "유닉스 시각 {epoch} (밀리초 {millis}) 은 한국 시각으로 언제야? 계산 과정도 보여줘.",
    "문서번호 {document} 를 근거로 하는 협조 요청 공문의 첫 문단을 써줘. 금액은 {won:,}원, 기한은 {date:%Y년 %m월 %d일}.",
    "Is {sha256} a plausible SHA-256? Explain how many bits it encodes and how to verify the download.",
    "버전 {version} 에서 {next} 로 올리는 변경 기록을 '추가/변경/수정'으로 나누어 써줘. 티켓은 {ticket} 이야.",
    "Format {won} KRW and {cents:.2f} USD for a Korean and an American reader, and explain the grouping rules.",
    "접수번호 {reception} 민원에 '처리 중'이라고 알리는 문자 80자 이내로.",
    "Explain this cron line for the job {job}: `{minute} {hour} * * 1-5 /opt/jobs/run --id {job}`",
)


def numbers(seed: int = 20_261_122) -> Iterator[str]:
    """Each frame a few times, with numbers as systems hand them out."""
    chance = Random(seed)
    for frame, _ in itertools.product(ABOUT_A_NUMBER, range(4)):
        when = datetime(2026, 1, 5, 9, tzinfo=UTC) + timedelta(seconds=chance.randrange(28_000_000))
        major, minor = chance.randrange(1, 20), chance.randrange(30)
        yield frame.format(
            order=f"{when:%Y%m%d}-{chance.randrange(10**7):07}",
            tracking=f"{chance.randrange(10**12):012}",
            uuid=UUID(int=chance.getrandbits(128), version=4),
            sha=f"{chance.getrandbits(160):040x}"[: chance.choice([7, 12, 40])],
            sha256=f"{chance.getrandbits(256):064x}",
            day=chance.randrange(1, 29),
            epoch=int(when.timestamp()),
            millis=int(when.timestamp() * 1000) + chance.randrange(1000),
            document=f"정보기획-{chance.randrange(1000, 9999)}",
            won=chance.randrange(10_000, 900_000_000),
            cents=chance.random() * 10_000,
            date=when,
            version=f"{major}.{minor}.{chance.randrange(10)}",
            next=f"{major}.{minor + 1}.0-rc.{chance.randrange(1, 4)}",
            ticket=f"OPS-{chance.randrange(100, 99_999)}",
            reception=f"1AA-{when:%y%m}-{chance.randrange(10**7):07}",
            minute=chance.randrange(60),
            hour=chance.randrange(24),
            job=f"{chance.getrandbits(48):012x}",
        )


# ── sessions of coding agents ───────────────────────────────────────────────────────────────────────────────


def _tool(name: str, description: str, **properties: Any) -> Body:
    schema = {"type": "object", "properties": properties, "required": list(properties)[:1]}
    return {
        "type": "function",
        "function": {"name": name, "description": description, "parameters": schema},
    }


_STRING: Final = {"type": "string"}
TOOLS: Final = [
    _tool(
        "read_file",
        "Read a text file of the workspace.",
        path=_STRING,
        offset={"type": "integer", "minimum": 0},
    ),
    _tool(
        "run",
        "Run a shell command and return stdout and stderr.",
        command=_STRING,
        timeout_ms={"type": "integer"},
    ),
    _tool("edit", "Replace one occurrence of `old` by `new`.", path=_STRING, old=_STRING, new=_STRING),
    _tool(
        "search",
        "파일 내용에서 정규식을 찾는다.",
        pattern={"type": "string", "examples": ["^\\d{3}-\\d{4}$"]},
        glob=_STRING,
    ),
    _tool("http_get", "Fetch a page of the intranet documentation.", url={"type": "string", "format": "uri"}),
]
AGENT: Final = (
    "You are a coding agent in a terminal. Workspace: /home/dev/shop. Never commit without being asked. "
    "Today is 2026-11-22. Prefer small diffs; run the tests after every edit."
)

SESSIONS: Final[tuple[tuple[str, tuple[tuple[str, Body, str], ...]], ...]] = (
    (
        "The rounding test fails since this morning. Find out why and fix it.",
        (
            ("run", {"command": "pytest -q tests/test_tax.py", "timeout_ms": 60000}, LOGS[8]),
            (
                "read_file",
                {"path": "shop/tax.py", "offset": 0},
                'def vat(amount: Decimal) -> Decimal:\n\t"""부가세 10%."""\n\treturn (amount / 11).quantize(Decimal("0.01"))\n',
            ),
            (
                "edit",
                {
                    "path": "shop/tax.py",
                    "old": '.quantize(Decimal("0.01"))',
                    "new": '.quantize(Decimal("0.01"), ROUND_HALF_UP)',
                },
                '{"ok":true,"diff":"@@ -3,1 +3,1 @@\\n-\\treturn (amount / 11).quantize(Decimal(\\"0.01\\"))\\n"}',
            ),
            ("run", {"command": "pytest -q"}, "320 passed, 4 skipped in 12.93s\n"),
        ),
    ),
    (
        "로그인 화면이 빈 값으로도 제출돼. 고치고 테스트도 하나 추가해줘.",
        (
            (
                "search",
                {"pattern": 'name=\\"password\\"', "glob": "**/*.html"},
                "templates/login.html:3\ntemplates/reset.html:11",
            ),
            ("read_file", {"path": "templates/login.html"}, CODE[22]),
            (
                "edit",
                {"path": "templates/login.html", "old": 'minlength="12"', "new": 'minlength="12" required'},
                '{"ok": true}',
            ),
        ),
    ),
    (
        "Upgrade react-grid so that it works with React 19.",
        (
            (
                "run",
                {"command": "npm ls react react-grid --json"},
                '{"name":"web","version":"3.2.1","dependencies":{"react":{"version":"19.1.0"},"react-grid":{"version":"4.0.7","problems":["invalid: react@19.1.0 /app/node_modules/react"]}}}',
            ),
            (
                "run",
                {"command": "npm view react-grid versions --json | tail -3"},
                '  "4.0.7",\n  "5.0.0-beta.2",\n  "5.0.1"\n]',
            ),
            ("run", {"command": "npm i react-grid@5.0.1 && npm test"}, LOGS[6]),
        ),
    ),
    (
        "배포가 CrashLoopBackOff 야. 매니페스트와 이벤트를 보고 원인을 찾아줘.",
        (
            ("run", {"command": "kubectl -n prod describe pod -l app=web | tail -20"}, LOGS[9]),
            ("read_file", {"path": "deploy/web.yaml"}, CODE[16]),
            ("run", {"command": "kubectl -n prod logs web-7d9c6b5f4-x2k8p --previous | tail -5"}, LOGS[0]),
        ),
    ),
    (
        "Add an index for the monthly report; it takes 40 seconds.",
        (
            (
                "run",
                {"command": 'psql -c "EXPLAIN ANALYZE ' + CODE[14].replace("\n", " ") + '"'},
                " Sort  (cost=88412.10..88412.60 rows=200 width=52) (actual time=40112.331..40112.345 rows=74 loops=1)\n   Rows Removed by Filter: 1893204\n Execution Time: 40118.902 ms",
            ),
            ("read_file", {"path": "db/schema.sql"}, CODE[15]),
        ),
    ),
    (
        "Port scripts/rotate.sh to Python, keep the behaviour.",
        (
            ("read_file", {"path": "scripts/rotate.sh"}, CODE[13]),
            (
                "run",
                {"command": 'python -c "import gzip,sys;print(sys.version)"'},
                "3.11.7 (main, Dec  5 2025, 10:14:02) [GCC 13.2.0]",
            ),
        ),
    ),
    (
        "API 문서에 페이지네이션 설명을 추가해줘. 기존 명세는 docs/openapi.json 이야.",
        (
            ("read_file", {"path": "docs/openapi.json"}, CODE[23]),
            (
                "http_get",
                {"url": "https://docs.example.com/guides/pagination?lang=ko&v=1.4.0#cursor"},
                "<h1>커서</h1><p>응답의 <code>next_cursor</code>(예: eyJvIjoxMDB9)를 그대로 되돌려 보냅니다.</p>",
            ),
        ),
    ),
    (
        "Why does `cargo test` panic in store.rs? Propose a fix, do not apply it.",
        (
            ("run", {"command": "cargo test 2>&1 | head -40"}, LOGS[7]),
            (
                "search",
                {"pattern": "fn seek", "glob": "src/**/*.rs"},
                '[{"path":"src/store.rs","line":198,"text":"    pub fn seek(&self, at: usize) -> &Row {\\n"}]',
            ),
        ),
    ),
    (
        "지난밤 배치 로그를 요약하고 재실행 명령을 제안해줘.",
        (
            ("run", {"command": "tail -n 5 /var/log/batch/settle-20261121.log"}, LOGS[1]),
            (
                "run",
                {"command": "ls -l --time-style=full-iso /data/in | head"},
                "-rw-r--r-- 1 batch batch 10485760 2026-11-21 23:59:58.113201100 +0900 settle_20261121_0007.csv\n",
            ),
        ),
    ),
    (
        "Write a migration that splits `name` into two columns, reversible.",
        (
            (
                "read_file",
                {"path": "migrations/0042_add_region.py"},
                'revision = "b77a0e4c19d2"\ndown_revision = "3f1c2d9a8e01"\n\ndef upgrade():\n    op.add_column("shop", sa.Column("region", sa.String(2)))\n',
            ),
        ),
    ),
)


def sessions() -> Iterator[Body]:
    """Each session as it grows: after every tool result, and once before the first."""
    for wish, steps in SESSIONS:
        messages: list[Body] = [{"role": "system", "content": AGENT}, {"role": "user", "content": wish}]
        yield {"messages": list(messages), "tools": TOOLS, "tool_choice": "auto", "stream": True}
        for number, (name, arguments, result) in enumerate(steps):
            call = {"name": name, "arguments": json.dumps(arguments, ensure_ascii=number % 2 == 0)}
            called = f"call_{Random(wish + name).getrandbits(96):024x}"
            messages.append(
                {"role": "assistant", "tool_calls": [{"id": called, "type": "function", "function": call}]}
            )
            messages.append({"role": "tool", "tool_call_id": called, "content": result})
            yield {"messages": list(messages), "tools": TOOLS, "parallel_tool_calls": False, "stream": True}


# ── all of them ─────────────────────────────────────────────────────────────────────────────────────────────

SYSTEMS: Final = (
    None,
    "당신은 사내 업무 비서입니다. 존댓말로, 모르면 모른다고 답합니다.",
    "You are a careful editor. Answer in the language of the question.",
)


def texts() -> Iterator[str]:
    """Every single question: those for themselves, and every thing with some of the tasks for such things."""
    yield from ALONE
    for tasks, things, each in (
        (ON_KOREAN, KOREAN, 4),
        (ON_ENGLISH, ENGLISH, 4),
        (ON_CODE, CODE, 3),
        (ON_LOG, LOGS, 3),
        (ON_TABLE, TABLES, 3),
    ):
        for number, thing in enumerate(things):
            for step in range(each):
                yield tasks[(number + step) % len(tasks)].format(thing)
    yield from numbers()


def requests() -> list[Body]:
    """Every request as a body, without repetition: one turn or more, with and without instructions and options."""
    bodies: list[Body] = []
    before = "오늘 할 일을 정리하려고 해."
    for number, text in enumerate(texts()):
        system = SYSTEMS[number % len(SYSTEMS)]
        messages: list[Body] = [{"role": "system", "content": system}] if system else []
        if number % 5 == 4:
            messages += [
                {"role": "user", "content": before},
                {"role": "assistant", "content": "네, 말씀하세요."},
            ]
        messages.append({"role": "user", "content": text})
        before = text.splitlines()[0][:80]
        options: Body = {"temperature": 0.2} if number % 3 else {"max_tokens": 800, "stream": True}
        bodies.append({"model": "auto", "messages": messages, **options})
    bodies += [{"model": "auto", **session} for session in sessions()]
    return bodies
