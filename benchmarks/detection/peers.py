"""What other detectors find: `PEER_PYTHON -m benchmarks.detection.peers SYSTEM GOLD OUT`; run by `compare`.

It runs in an environment of its own (`requirements/peers.txt`), so nothing of haechi is imported here. Writes the
findings of each text as `haechi inspect --jsonl` does, then one last line with what it cost: CPU seconds, bytes of text,
seconds to start, peak memory in MB.
"""

import json
import resource
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path

Found = list[tuple[int, int, str]]

KO_PII = {
    "ACCOUNT": "bank_account",
    "ADDRESS": "address",
    "BUSINESS_REG": "kr.brn",
    "CARD": "card",
    "CORP_REG": "kr.crn",
    "DRIVER_LICENSE": "kr.driver_license",
    "DT_BIRTH": "date_of_birth",
    "EDI_DRUG": "procedure_code",
    "EMAIL": "email",
    "EMPLOYEE_ID": "employee_id",
    "FAX": "phone",
    "FRN": "kr.frn",
    "IP": "ip",
    "MEDICAL_INSURANCE": "kr.health_insurance",
    "PASSPORT": "kr.passport",
    "PERSON": "person",
    "PHONE": "phone",
    "RRN": "kr.rrn",
    "VEHICLE": "kr.plate",
}
"""What is about a person's circumstances (age, education, height …) has no kind of ours and is left out."""

MASKINGTAPE = {
    "account": "bank_account",
    "address": "address",
    "birth_date": "date_of_birth",
    "biz_reg": "kr.brn",
    "card": "card",
    "driver_license": "kr.driver_license",
    "email": "email",
    "name": "person",
    "passport": "kr.passport",
    "phone": "phone",
    "rrn": "kr.rrn",
}

PRESIDIO = {
    "CREDIT_CARD": "card",
    "DATE_TIME": "date_of_birth",
    "EMAIL_ADDRESS": "email",
    "IBAN_CODE": "iban",
    "IP_ADDRESS": "ip",
    "KR_BRN": "kr.brn",
    "KR_DRIVER_LICENSE": "kr.driver_license",
    "KR_FRN": "kr.frn",
    "KR_PASSPORT": "kr.passport",
    "KR_RRN": "kr.rrn",
    "PERSON": "person",
    "LOCATION": "address",
    "PHONE_NUMBER": "phone",
    "US_PASSPORT": "kr.passport",
    "US_SSN": "us.ssn",
    "US_BANK_NUMBER": "bank_account",
    "US_DRIVER_LICENSE": "kr.driver_license",
}


def ko_pii() -> Callable[[str], Found]:
    """ko-pii with its defaults."""
    import ko_pii as library

    return lambda text: [
        (each.start, each.end, KO_PII[each.label])
        for each in library.detect_all(text)
        if each.label in KO_PII
    ]


def maskingtape() -> Callable[[str], Found]:
    """maskingtape's rules, without its language model."""
    from maskingtape import Pipeline

    pipeline = Pipeline()
    return lambda text: [
        (each.start, each.end, MASKINGTAPE[each.kind])
        for each in pipeline.anonymize(text).detections
        if each.kind in MASKINGTAPE
    ]


def presidio() -> Callable[[str], Found]:
    """Presidio with its Korean recognisers on, beside its general ones. Its registry has no Korean name model that
    can be had from the package registry, so names are what its rules find: none."""
    import logging

    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry, predefined_recognizers
    from presidio_analyzer.nlp_engine import SpacyNlpEngine

    logging.disable(logging.WARNING)

    class Blank(SpacyNlpEngine):  # type: ignore[misc]  # its types are not installed here
        def __init__(self) -> None:
            super().__init__(models=[{"lang_code": "ko", "model_name": "blank"}])
            self.nlp = {"ko": spacy.blank("xx")}

    korean = ("KrBrn", "KrRrn", "KrDriverLicense", "KrFrn", "KrPassport")
    general = ("CreditCard", "Email", "Iban", "Ip", "Phone", "UsSsn")
    registry = RecognizerRegistry(supported_languages=["ko"])
    for name in (*korean, *general):
        made = getattr(predefined_recognizers, f"{name}Recognizer")
        arguments = {"supported_language": "ko"}
        if name == "Phone":
            arguments["supported_regions"] = ("KR", "US", "GB")  # type: ignore[assignment]
        registry.add_recognizer(made(**arguments))
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["ko"])
    return lambda text: [
        (each.start, each.end, PRESIDIO[each.entity_type])
        for each in engine.analyze(text, language="ko")
        if each.entity_type in PRESIDIO
    ]


SYSTEMS = {"ko-pii": ko_pii, "maskingtape": maskingtape, "presidio": presidio}


def texts(path: Path) -> Iterable[tuple[str, str]]:
    """Id and text of every line."""
    with path.open("rb") as lines:
        for line in lines:
            row = json.loads(line)
            yield row["id"], row["text"]


def run(start: Callable[[], Callable[[str], Found]], gold: Path, out: Path) -> None:
    """Look at every text of `gold`, and say what it cost."""
    began = time.perf_counter()
    find = start()
    find("처음 부르면 더 걸리는 것이 있다. 010-1234-5678")
    ready = time.perf_counter() - began
    pairs = list(texts(gold))
    before = time.process_time()
    found = [(name, find(text)) for name, text in pairs]
    spent = time.process_time() - before
    with out.open("w", encoding="utf-8") as lines:
        for name, spans in found:
            findings = [{"start": start, "end": end, "kind": kind} for start, end, kind in spans]
            lines.write(json.dumps({"id": name, "findings": findings}, ensure_ascii=False) + "\n")
        size = sum(len(text.encode("utf-8", "surrogatepass")) for _, text in pairs)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        cost = {"cpu_s": spent, "bytes": size, "start_s": ready, "peak_mb": peak}
        lines.write(json.dumps({"id": "", "findings": [], "cost": cost}) + "\n")


if __name__ == "__main__":
    run(SYSTEMS[sys.argv[1]], Path(sys.argv[2]), Path(sys.argv[3]))
