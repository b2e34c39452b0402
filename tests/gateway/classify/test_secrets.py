"""Secrets as people and programs leave them behind, and what only looks like one. All of it is invented."""

import re

import pytest

from haechi.app.wiring import detectors

SCAN = detectors().scan


def secrets(text: str) -> set[str]:
    """What is found in `text` as a secret."""
    return {text[hit.start : hit.end] for hit in SCAN(text) if hit.kind == "secret"}


# fmt: off
LEFT_BEHIND = [
    "비번은 «Xk29!mPq7z» 입니다",
    "임시 비밀번호: «Hanbit#0412» 로 로그인 후 바꾸세요",
    "초기 비밀번호는 생년월일이 아니라 «Welcome2024!» 입니다",
    "VPN 접속 정보 - ID: kimhs / PW: «Rkd#9921x»",
    "아이디는 admin이고 비밀번호는 «qwe123!@#» 이에요",
    "root 계정 암호를 «Zx!90plm» 으로 변경했습니다",
    "와이파이 비밀번호는 «hanbit2024guest» 입니다",
    "WiFi PW : «Guest!5512»",
    "사내 와이파이(HB-5G) 패스워드 = «8282apple»",
    "엑셀 파일 암호는 «hb240412» 입니다",
    "첨부파일 비번 «0412!hb»",
    "도어락 비번 «4821*»",
    "금고 비밀번호는 «738291» 이야",
    "통장 비밀번호 4자리는 «9931»",
    "공동인증서 비밀번호: «gksqlc12#»",
    "비밀번호 → «Tmp!2291aB»",
    "PW) «Tmp!2291aB»",
    "ID: root, PW: «toor99!x»",
    "id=svc_batch;pwd=«Rt55$kLm»",
    "user: admin pass: «Ght!8812»",
    "login: ops / «Ght!8812z»",
    "username=ops password=«Ght!8812z»",
    "The admin password is now «Ght!8812z», please rotate it.",
    "Temporary password: «Ght!8812z» (expires Friday)",
    "my password was «Sunshine99!» before",
    'use the password "«Sunshine99!»" to unzip',
    "Please reset it to Sunshine99! password=«Sunshine99!»",
    "spring.datasource.password=«Qw3rty!uiop»",
    "spring.datasource.password: «Qw3rty!uiop»",
    "export DB_PASSWORD='«Qw3rty!uiop»'",
    "set PGPASSWORD=«Qw3rty12x»",
    "ENV MYSQL_ROOT_PASSWORD «Qw3rty12x!»",
    'MYSQL_ROOT_PASSWORD: "«Qw3rty12x»"',
    '"dbPassword": "«Qw3rty12x!»"',
    '{"user":"app","pass":"«Qw3rty12x!»"}',
    '{\\"pwd\\":\\"«Qw3rty12x!»\\"}',
    "password: '«p@ss;W0rd,9»'",
    'conn = connect(host="db", user="erp", password="«Qw3rty12x!»")',
    "$dbPass = '«Qw3rty12x!»';",
    "$cfg['Servers'][1]['password'] = '«Qw3rty12x!»';",
    'define("DB_PASSWORD", "«Qw3rty12x!»");',
    'private static final String API_KEY = "«a8F3kd92LsPq01Zx»";',
    "const apiKey = '«a8f3kd92lspq01zx77»';",
    'val secretKey = "«a8F3kd92LsPq01Zx»"',
    "api_key: «a8f3kd92e1b04c77a8f3kd92»",
    "apiKey=«3f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c»",
    "KAKAO_REST_API_KEY=«3f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c»",
    "kakao.client-id: «3f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c»",
    "카카오 어드민 키는 «3f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c» 입니다",
    "카카오 REST API 키 «3f9a8b7c6d5e4f3a2b1c0d9e8f7a6b5c»",
    "naver.client.secret=«Ab3dEf7hIj»",
    "네이버 클라이언트 시크릿: «Ab3dEf7hIj»",
    "NAVER_CLIENT_SECRET=«fYq8sT2LmX»",
    'curl -H "X-Naver-Client-Secret: «fYq8sT2LmX»" https://openapi.naver.com/v1/x',
    "x-ncp-apigw-api-key: «fYq8sT2LmXgRw3Vn7Kp5»",
    "serviceKey=«9aBcD3eRgZ%2BiXkLzNqPwRsT7uVwXyZ0123aBxDeKg%3D%3D»",
    "공공데이터포털 인증키(Decoding): «9aBcD3eRgZ+iXkLzNqPwRsT7uVwXyZ0123aBxDeKg==»",
    "NICE 사이트 패스워드: «Hb93kd02Ls»",
    "site_cd=G1234, sitePw: «Hb93kd02Ls»",
    "AccountName=hb;AccountKey=«Qx2LmZ9TfKr4Vd8sWnHc3JyPa6Eu1GoRi5b7XyZ12w==»;EndpointSuffix=core.windows.net",
    "Endpoint=sb://hb.servicebus.windows.net/;SharedAccessKeyName=Root;SharedAccessKey=«Qx2LmZ9TfKr4Vd8sWnHc3JyPa6Eu1GoRi5b7XyZ12w=»",
    "Server=tcp:db,1433;Database=erp;User ID=app;Password=«Qw3rty12x!»;Encrypt=True;",
    "Data Source=ORCL;User Id=erp;Password=«Tig3r#22»;",
    "https://hb.blob.core.windows.net/x?sv=2023-01-03&se=2026-12-31&sr=b&sp=r&sig=«Jd8s%2FkQ2mTz9vLxW7ypN2rBcD5eGhJk3sXq%3D»",
    "mongodb+srv://app:«Qw3rty12x»@c0.ab1cd.mongodb.net/erp?retryWrites=true",
    "redis://default:«Qw3rty12x»@cache:6379",
    "amqps://svc:«Qw3rty12x»@mq.corp:5671/v",
    "ftp://upload:«Hb!2291x»@ftp.partner.co.kr/in",
    "git clone https://oauth2:«glpat-Ab3dEf7hIjKl9mNoPqRs»@gitlab.corp/x.git",
    "CREATE USER 'erp'@'%' IDENTIFIED BY '«Qw3rty12x!»';",
    "CREATE USER erp IDENTIFIED BY «Qw3rty12x»;",
    "ALTER USER postgres PASSWORD '«Qw3rty12x!»';",
    "CREATE LOGIN erp WITH PASSWORD = N'«Qw3rty12x!»';",
    "mysql -h db -uroot -p«Qw3rty12x!» erp",
    "mysqldump --user=root --password=«Qw3rty12x!» erp",
    "PGPASSWORD=«Qw3rty12x» psql -h db",
    "sshpass -p «Qw3rty12x!» scp a b:",
    "curl -u admin:«Qw3rty12x!» https://ci",
    "curl --user 'admin:«Qw3rty12x!»' https://ci",
    "docker login registry.corp -u ci -p «Qw3rty12x!»",
    "redis-cli -a «Qw3rty12x!» ping",
    "kubectl create secret generic db --from-literal=password=«Qw3rty12x!»",
    "  password: «UXczcnR5MTJ4IQ==»",
    "net use Z: \\\\nas\\x /user:hong «Qw3rty12x!»",
    "OTP 시드: «JBSWY3DPEHPK3PXPGEZDGNBV»",
    "otpauth://totp/hb:hong?secret=«JBSWY3DPEHPK3PXP»&issuer=hb",
    'totp_secret = "«JBSWY3DPEHPK3PXPGEZDGNBV»"',
    "Authorization: Bearer «a8F3kd92LsPq01Zx.77»",
    "-H 'Authorization: Basic «YWRtaW46UXczcnR5MTJ4IQ==»'",
    "Authorization: token «ghp_a8F3kd92LsPq01Zxa8F3kd92LsPq01ZxAb12»",
    "Cookie: token=«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiI5MSJ9.Qw3rty12xQw3rty12x»",
    "slack_webhook: https://hooks.slack.com/services/«T02AB3CD4/B05EF6GH7/k8Fz2Qm3VtLxW7ypN2rBcD5e»",
    "# .env SECRET_KEY=«django-insecure-9x!k2m#p@q»",
    "JWT_SECRET=«s3cr3t-hanbit-2024-xyz»",
    'client-secret: "«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»"',
    'passphrase: "«m0on-Tiger-77»"',
    "passcode: «829113»",
    "PIN: «4821»",
    "암호화 키: «9f8e7d6c5b4a39281706f5e4d3c2b1a0»",
    'encryption_key = b"«9f8e7d6c5b4a39281706f5e4d3c2b1a0»"',
    'access_token="«a8F3kd92LsPq01Zxa8F3kd92»"',
    "refresh_token: «a8F3kd92LsPq01Zxa8F3kd92»",
    "토큰 값은 «a8F3kd92LsPq01Zxa8F3kd92» 입니다",
    "API 키가 «a8F3kd92LsPq01Zxa8F3kd92» 인데 안 됩니다",
    "api key is «a8F3kd92LsPq01Zxa8F3kd92»",
    "새 비밀번호(8자 이상): «Hanbit!2024»",
    "패스워드 : «hanbit1234»",
    "패스워드는 «hanbit1234» 로 설정",
    "비밀번호 «hanbit1234» 입력하면 돼",
    "비번 «hanbit!1234»예요",
    "비번=«1q2w3e4r»",
    "비번 «1q2w3e4r!» 로 들어가",
    'setPassword("«Qw3rty12x!»")',
    ".withPassword('«Qw3rty12x!»')",
    "password => '«Qw3rty12x!»'",
    '<add key="Password" value="«Qw3rty12x!»" />',
    "<password>«Qw3rty12x!»</password>",
    '<entry key="db.password">«Qw3rty12x!»</entry>',
    "ldap.bind.pw=«Qw3rty12x!»",
    'keyStorePassword="«Qw3rty12x»"',
    "-Djavax.net.ssl.trustStorePassword=«Qw3rty12x»",
]
NOT_SECRET = [
    "비밀번호를 잊어버렸을 때 재설정하는 화면을 설계해 주세요",
    "비밀번호는 8자 이상 20자 이하, 영문+숫자+특수문자 조합이어야 합니다",
    "비밀번호 변경 주기는 90일입니다",
    "비밀번호 5회 오류 시 계정이 잠깁니다",
    "password must be at least 12 characters",
    "Password: required, min 8 chars",
    '"password": "string"',
    '"password": {"type": "string", "minLength": 8}',
    "password: z.string().min(8).max(64),",
    "password = models.CharField(max_length=128)",
    "password VARCHAR(255) NOT NULL",
    "hashed_password = pwd_context.hash(user.password)",
    "if not verify_password(plain_password, user.hashed_password):",
    "const { password } = req.body;",
    "password: process.env.DB_PASSWORD ?? ''",
    "password: ${{ secrets.DB_PASSWORD }}",
    "password: !Ref DBPassword",
    'password: "{{ vault.db_password }}"',
    'password = os.getenv("DB_PASSWORD")',
    "password = config.get('db', 'password')",
    "token = secrets.token_hex(32)",
    'token = request.headers.get("Authorization")',
    "token: Annotated[str, Depends(oauth2_scheme)]",
    'tokenizer = AutoTokenizer.from_pretrained("klue/bert-base")',
    "max_tokens=4096, temperature=0.7",
    '"total_tokens": 1834',
    "token usage: 12,345 tokens",
    "commit 9fceb02d0ae598e95dc970b74767f19372d61af8",
    "sha256: e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "md5sum 5d41402abc4b2a76b9719d911017c592  file.tar.gz",
    'integrity="sha384-oqVuAfXRKap7fdgcCY5uykM6+R9GqQ8K/uxy9rx7HNQlGYl1kPzQho1wx4JwY8wC"',
    '"integrity": "sha512-v2kDEe57lecTulaDIuNTPy3Ry4gLGJ6Z1O3vE1krgXZNrsQ+LFTGHVxVjcXPs17LhbZVGedAJv8XZ1tvj5FvSg=="',
    'etag: "33a64df551425fcc55e4d42a148795d9f25f89d4"',
    "id: 550e8400-e29b-41d4-a716-446655440000",
    "session 550e8400-e29b-41d4-a716-446655440000 started",
    "ssh-rsa AAAAB3NzaC1yc2EAAAADAQABAAABgQC7 user@host",
    "-----BEGIN CERTIFICATE-----\nMIIDXTCCAkWgAwIBAgIJAJC1\n-----END CERTIFICATE-----",
    "OPENAI_API_KEY=sk-...",
    "OPENAI_API_KEY=<your key>",
    "export ANTHROPIC_API_KEY=your_api_key_here",
    'api_key="YOUR_API_KEY"',
    'api_key = "sk-xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"',
    "AWS_ACCESS_KEY_ID=AKIAIOSFODNN7EXAMPLE",
    "Authorization: Bearer $TOKEN",
    "Authorization: Bearer YOUR_ACCESS_TOKEN",
    'curl -u "$USER:$PASS" https://x',
    "mysql -u root -p",
    "docker run -p 8080:80 -e PASSWORD=$PW nginx",
    "postgres://localhost:5432/app",
    "postgresql://user:pass@localhost/db",
    "암호화 알고리즘: AES-256-GCM",
    "암호: SHA-256, 키 길이 256비트",
    "비밀키 길이는 2048비트 이상",
    "API 키 발급 방법을 알려 주세요",
    "API 키: 환경변수로 관리",
    "토큰 만료 시간은 3600초",
    "토큰: 1회용",
    "Secret Manager: projects/123/secrets/db-pw/versions/3",
    "secretKeyRef: {name: db-secret, key: password}",
    "- name: DB_PASSWORD\n  valueFrom:",
    "비밀번호 확인: 일치하지 않습니다",
    '비밀번호(password) 필드는 type="password" 로',
    'label for="password">비밀번호</label>',
    'placeholder="비밀번호를 입력하세요"',
    "password_reset_token_expires_at = datetime.now()",
    "passwordEncoder = new BCryptPasswordEncoder();",
    'public_key = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE"',
    "primary_key: user_id_2024",
    "sort_key=created_at#2024",
    "foreign key: order_items.order_id2",
    'partition_key = "2026-03-02T10"',
    "cache_key: user:1234:profile",
    "keyboard: QWERTY104",
    "passport no. M12345678",
    "passenger: Kim123456",
    "bypass=true12345",
    "compass: north42x",
    "The secret to good coffee is 92C water",
    "secret santa 2024 list",
    "secretary: Hong99",
    "토큰화 결과: ['나는', '학생']",
    "token_type: Bearer, expires_in: 3600",
    "csrf_token: {{ csrf_token() }}",
    "Password strength: Strong2",
    "What is the difference between password and passphrase?",
    "비밀번호 정책(안) v1.2",
    "1234 비밀번호는 위험합니다",
    "비밀번호로 생일 쓰지 마세요",
    "login: 2026-03-02 10:22:11",
    "계정: admin / 운영팀",
    "계정과목: 복리후생비 / 식대",
    "ID: A-1024 / 수량: 30",
    "password123은 흔한 비밀번호입니다",
    "pin 12 of GPIO",
    "pinned version 1234",
    'git commit -m "password: fix Login2 bug"',
    "feat(auth): add password reset v2",
    'assert password == "secret"',
    "self.password = password",
    'PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]',
    "authToken = useAuthStore((s) => s.token2)",
    'data-testid="password-input-2"',
    "passwordRegex = /^(?=.*[A-Z]).{8,}$/",
    'regex = r"(password|passwd)\\s*=\\s*(\\S+)"',
    "key: user_name2, value: x",
    "apiKey: string;",
    "privateKey: fs.readFileSync('key.pem')",
    "ssl_certificate_key /etc/nginx/ssl/key.pem;",
    '"secret": false,',
    "비번방 아이디어 공유",
]
# fmt: on


@pytest.mark.parametrize("text", LEFT_BEHIND)
def test_the_value_alone_is_found(text: str) -> None:
    before, value, behind = re.split("[«»]", text)
    assert secrets(before + value + behind) == {value}


@pytest.mark.parametrize("text", NOT_SECRET)
def test_ordinary_work_is_left_alone(text: str) -> None:
    assert secrets(text) == set()


BODY = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\\n", '" +\n "'])
@pytest.mark.parametrize(
    "kind", ["RSA PRIVATE KEY", "PRIVATE KEY", "OPENSSH PRIVATE KEY", "PGP PRIVATE KEY BLOCK"]
)
def test_a_private_key_is_found_whole(newline: str, kind: str) -> None:
    key = newline.join([f"-----BEGIN {kind}-----", BODY, BODY, "Qx2LmZ==", f"-----END {kind}-----"])
    assert secrets(f'{{"private_key": "{key}", "id": 7}}') == {key}


def test_a_private_key_that_breaks_off_is_found_as_far_as_it_goes() -> None:
    assert secrets(f"-----BEGIN PRIVATE KEY-----\n{BODY}\n…") == {f"-----BEGIN PRIVATE KEY-----\n{BODY}\n"}


def test_what_stands_between_two_keys_belongs_to_neither() -> None:
    key = f"-----BEGIN PRIVATE KEY-----\n{BODY}\n-----END PRIVATE KEY-----"
    text = f"{key}\n안녕하세요\n{key}"
    assert [text[hit.start : hit.end] for hit in SCAN(text)] == [key, key]


@pytest.mark.parametrize(
    "value",
    ["your-password", "<password>", "${PASSWORD}", "{{ password }}", "$(cat pw)", "%PASSWORD%", "#{password}", "xxxxxxxx",
     "changeme", "change_me", "REPLACE_ME", "process.env.PASSWORD", "os.environ['PW']", "getpass.getpass()", ":password",
     "@password", "/run/secrets/db", "vault:secret/db#pw", "********", "null", "undefined", "password", "abc123"],
)  # fmt: skip
@pytest.mark.parametrize(
    "form", ["password={}", "password: {}", 'password = "{}"', "비밀번호: {}", "DB_PASSWORD={}"]
)
def test_a_stand_in_for_a_password_is_none(form: str, value: str) -> None:
    assert secrets(form.format(value)) == set()


@pytest.mark.parametrize(
    "name",
    ["REDIS_PASSWORD", "db.password", "dbPassword", "ADMIN_PW", "smtp_pass", "rootPassword", "mail-passwd", "SECRET_KEY",
     "clientSecret", "x-api-key", "비밀번호", "초기 비번", "관리자 패스워드", "시크릿 키", "API 키", "JWT_SECRET"],
)  # fmt: skip
@pytest.mark.parametrize(
    "form", ["{}={}", "{}: {}", '"{}": "{}"', "{} = '{}'", "export {}={}", "- {}: {}", "{}:{}입니다"]
)
def test_every_name_in_every_spelling(name: str, form: str) -> None:
    assert secrets(form.format(name, "Xk29mPq7zLw4")) == {"Xk29mPq7zLw4"}


@pytest.mark.parametrize(
    "name",
    ["password_hash", "passwordEncoder", "next_page_token", "max_tokens", "tokenizer", "token_type", "csrf_token",
     "public_key", "primary_key", "secretName", "password_field", "hasPassword", "compass", "passport"],
)  # fmt: skip
def test_a_name_that_speaks_of_something_else(name: str) -> None:
    assert secrets(f"{name}: Xk29mPq7zLw4") == set()
