from haechi.app.wiring import SystemNames


def test_record_ids_are_unlike_and_sort_by_time() -> None:
    names = SystemNames()
    made = [names.record() for _ in range(2000)]  # more than chance is fetched for at once
    assert len(set(made)) == len(made)
    assert [each[:11] for each in made] == sorted(each[:11] for each in made)
    assert {len(each) for each in made} == {21}
    assert set("".join(made)) <= set("r0123456789abcdefghjkmnpqrstvwxyz")
