"""The first page: what waits for each role, and nothing of others."""

import pytest

from tests.support.cast_names import ACCOUNTS


@pytest.mark.parametrize("name", ACCOUNTS)
def test_home_greets_everybody_with_an_empty_list_but_the_plan_that_a_lead_owes(as_, world, name):
    page = as_(name).get("/").get_data(as_text=True)
    owes = name in ("lead", "equal_lead", "west_lead")
    assert "下午好" in page
    assert ("现在没有要处理的事" in page, "起草" in page) == (not owes, owes)
