"""Clear parts in, de-identified parts and a mapping out (가명처리)."""
