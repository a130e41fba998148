"""What staff may see and change on the support pages; these rights are theirs all, and nobody else's."""

SUPPORT_PERMISSIONS = frozenset(
    {
        "accounts.view_user",
        "accounts.change_user",
        "accounts.view_organization",
        "accounts.change_organization",
        "accounts.view_securityevent",
        "licenses.view_plan",
        "licenses.add_plan",
        "licenses.change_plan",
        "licenses.view_license",
        "licenses.add_license",
        "licenses.change_license",
        "core.view_textswitch",
        "core.change_textswitch",
        "core.view_countrystop",
        "core.change_countrystop",
        "admin.view_logentry",
    }
)
