"""Clear parts in, de-identified parts and a mapping out (가명처리).

Still empty: nothing is transformed yet, so whatever would need it stays home.
"""
