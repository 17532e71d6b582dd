"""Addresses of the console's pages, by the role that opens them."""

from tests.console.filled import FIRST, SECOND

PAGES = {
    "operator": (
        "/reports",
        "/reports?q=khong+co",
        f"/reports/{FIRST}",
        f"/reports/{SECOND}",
        f"/reports/{FIRST}/sheet",
        f"/reports/{FIRST}/beside/{SECOND}",
        "/reports/new",
        "/map",
        "/map?unit=2025:31900&area=9.28,105.70~9.30,105.72",
        "/account",
        "/account/password",
        "/account/second-factor",
        "/account/recovery-codes",
        "/sign-in/again",
        "/now",
        "/wall",
        "/simulator",
        "/phone",
        "/prompts",
        "/keys",
        "/nowhere",
        "/users",  # refused
    ),
    "administrator": (
        "/statistics",
        "/calls",
        "/prompts",
        "/prompts/vi/sounds/busy",
        "/prompts/vi/editions",
        "/settings",
        "/settings/hours",
        "/settings/agencies",
        "/settings/categories/GT01",
        "/settings/texts/report_received",
        "/settings/review",
        "/settings/history",
        "/settings/history/1",
        "/users",
        "/audit",
        "/account",
    ),
}
