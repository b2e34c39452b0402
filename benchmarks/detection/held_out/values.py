"""Every kind of value by the name a template calls it, and how often each variant comes."""

from random import Random

from benchmarks.detection.held_out import names, values_contact, values_korean, values_secret
from benchmarks.detection.held_out.shape import Maker, Recipe, Value


def _named(make: Maker) -> Recipe:
    def recipe(chance: Random) -> Value:
        return Value(make(chance), "person")

    return recipe


RECIPES: dict[str, Recipe] = {
    "rrn": values_korean.rrn,
    "rrn.old": values_korean.rrn_old,
    "rrn.new": values_korean.rrn_new,
    "frn": values_korean.frn,
    "passport": values_korean.passport,
    "passport.zone": values_korean.passport_zone,
    "license": values_korean.driver_license,
    "license.bare": values_korean.driver_license_bare,
    "brn": values_korean.brn,
    "crn": values_korean.crn,
    "health": values_korean.health_insurance,
    "plate": values_korean.plate,
    "plate.diplomatic": values_korean.plate_diplomatic,
    "ci": values_korean.ci,
    "customs": values_korean.customs,
    "patient": values_korean.patient_id,
    "employee": values_korean.employee_id,
    "diagnosis": values_korean.diagnosis_code,
    "procedure": values_korean.procedure_code,
    "drug": values_korean.drug_code,
    "account": values_contact.bank_account,
    "account.bare": values_contact.bank_account_bare,
    "person": names.person,
    "person.ko": _named(names.korean),
    "person.short": _named(names.short),
    "person.spaced": _named(names.spaced),
    "person.foreign": _named(names.foreign),
    "person.hanja": _named(names.hanja),
    "person.roman": _named(names.roman),
    "person.en": _named(names.english),
    "surname": _named(names.surname),
    "address": values_contact.address,
    "address.road": values_contact.address_road,
    "address.lot": values_contact.address_lot,
    "address.en": values_contact.address_english,
    "phone": values_contact.phone,
    "phone.mobile": values_contact.phone_mobile,
    "phone.line": values_contact.phone_line,
    "phone.foreign": values_contact.phone_foreign,
    "email": values_contact.email,
    "email.idn": values_contact.email_international,
    "born": values_contact.date_of_birth,
    "born.en": values_contact.date_of_birth_english,
    "born.masked": values_contact.date_of_birth_masked,
    "ip": values_contact.ip,
    "ip6": values_contact.ip6,
    "card": values_contact.card,
    "card.whole": values_contact.card_whole,
    "iban": values_contact.iban,
    "ssn": values_contact.ssn,
    "key": values_secret.key,
    "password": values_secret.password,
    "hex": values_secret.hexadecimal,
    "url": values_secret.url_password,
    "storage": values_secret.account_key,
    "ado": values_secret.ado_password,
    "sas": values_secret.signature,
    "jwt": values_secret.web_token,
    "pem": values_secret.pem,
    "pem.line": values_secret.pem_line,
    "pgp": values_secret.pgp,
    "marking": values_secret.marking,
    "marking.ko": values_secret.marking_ko,
    "marking.en": values_secret.marking_en,
    "grade": values_secret.grade,
}
"""What a slot may call for."""

KINDS: tuple[str, ...] = (
    "kr.rrn", "kr.frn", "kr.passport", "kr.driver_license", "kr.brn", "kr.crn", "kr.health_insurance",
    "kr.plate", "kr.ci", "kr.customs",
    "patient_id", "employee_id", "diagnosis_code", "procedure_code", "bank_account", "person", "address", "phone", "email",
    "date_of_birth", "ip", "card", "iban", "us.ssn", "secret", "marking",
)  # fmt: skip
"""The kinds a text of this corpus may hold; terms, fingerprints and topics need a company's own list or documents."""
