"""Where tools, files of settings and code keep their secrets: the value alone is found. All of it is invented."""

import re

import pytest

from haechi.app.wiring import detectors

SCAN = detectors().scan


def secrets(text: str) -> set[str]:
    """What is found in `text` as a secret."""
    return {text[hit.start : hit.end] for hit in SCAN(text) if hit.kind == "secret"}


# fmt: off
KEPT = [
    "ENV DB_PASSWORD=«Qz7!kLm2»",
    "ENV DB_PASSWORD «Qz7!kLm2»",
    "ARG NPM_TOKEN=«9f8Kq2LmZx7TbVw3»",
    "  password = «hunter22hb»",
    "variable \"db_password\" {\n  type    = string\n  default = \"«m0onRiver^77»\"\n}",
    "resource \"aws_db_instance\" \"main\" {\n  username = \"erp\"\n  password = \"«Qz7kLm2xx!»\"\n}",
    "ansible_become_pass: «Qz7!kLm2»",
    "ansible_ssh_pass=«hanbit!77»",
    "kind: Secret\nmetadata:\n  name: erp-db\nstringData:\n  username: erp\n  password: «Qz7!kLm2»",
    "apiVersion: v1\nkind: Secret\ntype: Opaque\ndata:\n  DB_PASS: «UXo3IWtMbTI=»",
    "docker login -u ci -p «Qz7kLm2xx» registry.corp.example",
    "echo '«kT8!deployer»' | docker login registry.corp.example -u ci --password-stdin",
    "mysql -uroot -p«S3cretHb» erp < dump.sql",
    "mysql -u root -p'«Qz7!kLm2»' erp",
    "mysqldump --password=«Qz7!kLm2» erp",
    "PGPASSWORD=«Qz7!kLm2» psql -h db -U erp",
    "export PGPASSWORD='«hanbit77!»'",
    "curl -H \"Authorization: Bearer «9f8Kq2LmZx7TbVw3abcd»\" https://api.example",
    "curl -H 'X-API-Key: «9f8Kq2LmZx7TbVw3»' https://api.example",
    "curl -H \"PRIVATE-TOKEN: «9f8Kq2LmZx7TbVw3»\" https://git.example",
    "//registry.npmjs.org/:_authToken=«npm_k8Fz2Qm3VtLxW7ypN2rBcD5eGhJk9sXqA1b2»",
    "//npm.corp.example/:_authToken=«9f8Kq2Lm-Zx7T-bVw3-a1b2»",
    "//npm.corp.example/:_password=\"«UXo3IWtMbTI=»\"",
    "_auth=«ZGVwbG95OlF6NyFrTG0y»",
    "machine git.corp.example\n  login hong\n  password «Qz7kLm2xx!»",
    "machine git.corp.example login hong password «hanbit77»",
    "\"ConnectionStrings\": {\"Default\": \"Server=db;Database=erp;User Id=sa;Password=«Qz7!kLm2»;\"}",
    "<add name=\"Erp\" connectionString=\"Data Source=db;Initial Catalog=erp;User ID=sa;Pwd=«Qz7!kLm2»\" />",
    "<add key=\"SmtpPassword\" value=\"«Qz7!kLm2»\" />",
    "jdbc:mysql://db:3306/erp?user=app&password=«Qz7kLm2»",
    "jdbc:postgresql://db/erp?user=erp&password=«hb2024!erp»",
    "jdbc:sqlserver://db:1433;databaseName=erp;user=sa;password=«Qz7!kLm2»;encrypt=true",
    "spring.datasource.password=«hanbit123»",
    "spring:\n  datasource:\n    username: erp\n    password: «erp2024!»",
    "keytool -genkey -keystore a.jks -storepass «hanbit77» -keypass «hanbit88»",
    "storePassword=«Qz7kLm2»\nkeyAlias=upload",
    "signingConfigs { release { storePassword \"«Qz7kLm2»\"\n keyPassword '«Lm2Qz7k9»' } }",
    "https://hooks.slack.com/services/«T02AB3CD4/B05EF6GH7/k8Fz2Qm3VtLxW7ypN2rBcD5e»",
    "https://hanbit.webhook.office.com/webhookb2/«1f0c2b7a-33c1-4d02-9a1b-6a0b7c11d2e3@9c0b7c11-33c1-4d02-9a1b-6a0b7c11d2e3/IncomingWebhook/8f3a91c27be03d5812ac94e790b3d1f7/1f0c2b7a-33c1-4d02-9a1b-6a0b7c11d2e4»",
    "https://api.telegram.org/bot«7182930461:AAa5bBo7IlTq8nLmJX5LOFDfug6Ng73PmAE»/sendMessage?chat_id=1",
    "otpauth://totp/Hanbit:hong?secret=«JBSWY3DPEHPK3PXPABCD»&issuer=Hanbit",
    "Cookie: JSESSIONID=«8F3A91C27BE03D5812AC94E790B3D1F7»; lang=ko",
    "Set-Cookie: session=«eyJ1c2VyX2lkIjo0Mn0.ZxQ2Lw.k8Fz2Qm3VtLxW7ypN2rBcD5e»; HttpOnly",
    "sessionid=«k8fz2qm3vtlxw7ypn2rbcd5eghjk9sxq»",
    "https://app.example/cb?access_token=«eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.c2lnbmF0dXJlLWhlcmU»",
    "private static final String REST_KEY = \"«e14034f755d39c01be7d41c9c88b5a37»\";",
    "headers={\"Authorization\": \"Basic «bGl2ZV9za18YQAw4zMatNxkXNSnuHTfwRvvkD»\"}",
    "SECRET_KEY = '«django-insecure-pbpyb6neufzxdcn6cvzo621p1wnaqp79qdh3sw@^»'",
    "EMAIL_HOST_PASSWORD = '«qkrw jzmt lhbv ecxs»'",
    "password: \"«correct horse battery staple»\"",
    "암호문구: \"«파란 고래 열두 마리»\"",
    "passphrase: «otter-plum-velvet-09-harbor»",
    "Passcode: «hb!2291»",
    "what's the wifi password?\n«guest-5512-hb»",
    "hong@corp.example:«Summer2024!»",
    "sshpass -p «Qz7kLm2!» ssh root@10.0.0.5",
    "net use Z: \\\\fs01\\share /user:corp\\hong «Qz7!kLm2»",
    "$cred = ConvertTo-SecureString \"«Qz7!kLm2»\" -AsPlainText -Force",
    "os.environ[\"OPENAI_API_KEY\"] = \"«9f8Kq2LmZx7TbVw3abcd»\"",
    "--set db.password=«Qz7!kLm2»",
    "helm install erp ./c --set auth.rootPassword=«hanbit77x»",
    "snmp-server community «hbR0only77» RO",
    "username admin privilege 15 password 0 «Hanbit!77»",
    "wpa_passphrase=«hanbit5g77»",
    "AZURE_STORAGE_CONNECTION_STRING=DefaultEndpointsProtocol=https;AccountName=hb;AccountKey=«Qx2LmZ9TfKr4Vd8sWnHc3JyPa6Eu1GoRi5b7Qx2LmZ9TfKr4Vd8sWnHc3JyPa6Eu1GoRi5b7XyZ12w==»;EndpointSuffix=core",
    "requirepass «hanbitRedis77»",
    "AUTH «hanbitRedis77!»",
    "rabbitmqctl add_user erp «Qz7kLm2x»",
    "CREATE USER 'erp'@'%' IDENTIFIED BY '«Qz7!kLm2»'",
    "conn = pymysql.connect(host='db', user='erp', passwd='«erp!2024»', db='erp')",
    "cx_Oracle.connect(\"erp\", \"«Qz7!kLm2»\", \"db/ORCL\")",
    "smtp.login(\"alert@corp.example\", \"«Qz7!kLm2»\")",
    "ftp.login(user='erp', passwd='«erp!2024»')",
    "requests.get(url, auth=(\"svc_erp\", \"«Qz7!kLm2»\"))",
    "기본 패스워드(«Hanbit1!»)로 로그인",
    "ID admin PW «asdfqwer12»",
    "ID : hong  PW : «hong1234»",
    "id/pw admin/«admin1234»",
    "TOSS_SECRET_KEY=«test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R»",
    "x-api-key: «k8Fz2Qm3VtLxW7ypN2rBcD5e»",
    "sas: ?sv=2022-11-02&ss=b&sig=«kQ8mT3vLxW7ypN2rBcD5eGhJkQ8mT3vLxW7ypN2rBcD%3D»",
]
# fmt: on


@pytest.mark.parametrize("text", KEPT)
def test_the_value_is_found_and_nothing_else(text: str) -> None:
    plain = text.replace("«", "").replace("»", "")
    assert secrets(plain) == set(re.findall("«(.*?)»", text, re.DOTALL))


@pytest.mark.parametrize("text", KEPT)
def test_a_variable_in_the_same_place_is_none(text: str) -> None:
    assert secrets(re.sub("«.*?»", "${VALUE}", text, flags=re.DOTALL)) == set()
