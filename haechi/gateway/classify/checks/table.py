"""Every check by the name under which the catalogue calls it."""

from typing import Final

from haechi.gateway.classify.checks import (
    birth,
    company,
    contact,
    finance,
    health,
    international,
    markings,
    national,
    secrets,
)
from haechi.gateway.classify.checks.verdict import Check

CHECKS: Final[dict[str, Check]] = {
    check.__name__: check
    for check in (
        national.rrn,
        national.rrn_bare,
        national.passport_zone,
        national.customs,
        national.plate,
        national.plate_with_region,
        company.brn,
        company.brn_bare,
        company.brn_sole_trader,
        company.crn,
        company.employee,
        finance.card,
        finance.account,
        finance.account_pair,
        finance.iban,
        contact.personal_mailbox,
        contact.desk_mailbox,
        contact.foreign_phone,
        contact.named_phone,
        contact.small_address,
        contact.public_address,
        contact.inner_address,
        contact.public_six,
        contact.inner_six,
        birth.birth,
        birth.adult_birth,
        birth.western_birth,
        birth.masked_birth,
        health.patient,
        health.diagnosis,
        health.barcode,
        international.ssn,
        secrets.issued,
        secrets.web_token,
        secrets.login,
        secrets.assigned,
        secrets.told,
        secrets.key_told,
        secrets.pin,
        secrets.paired,
        secrets.commanded,
        secrets.basic_auth,
        markings.marks,
        markings.grade,
        markings.stated,
        markings.stated_en,
        markings.licence_header,
    )
}
