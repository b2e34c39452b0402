"""As much of curl as the printed line needs (`-i URL -H … -d …`), for machines that have none."""

import sys
import urllib.error
import urllib.request


def main(arguments: list[str]) -> int:
    headers: dict[str, str] = {}
    url, body = "", None
    words = iter(arguments)
    for word in words:
        if word == "-H":
            name, _, value = next(words).partition(":")
            headers[name] = value.strip()
        elif word == "-d":
            body = next(words).encode()
        elif word != "-i":
            url = word
    request = urllib.request.Request(url, data=body, headers=headers)
    try:
        answer = urllib.request.build_opener(urllib.request.ProxyHandler({})).open(request, timeout=60)
    except urllib.error.HTTPError as error:
        answer = error
    with answer:
        sys.stdout.write(f"HTTP/1.1 {answer.status} {answer.reason}\r\n{answer.headers}")
        sys.stdout.write(answer.read().decode())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
