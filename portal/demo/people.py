"""Who works in the demo: the organization everybody signs in to, another tenant, and one person of support."""

from dataclasses import dataclass

from accounts.services.organizations import Beginnings, Person


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """Somebody of the demo.

    Args:
        plan: code of the plan of the license held; empty for none.
        licensed_days: for how many days, up to now.
        items: how many were sent since the license is held.
        time_zone: where it is not the organization's.
        cell_number: proven, E.164; empty for none.
        has_marks: keeps a signature and initials.
        note: what the list of demo accounts says.
    """

    person: Person
    note: str
    plan: str = ""
    licensed_days: int = 0
    items: int = 0
    is_administrator: bool = False
    time_zone: str = ""
    cell_number: str = ""
    has_marks: bool = False

    @property
    def email(self) -> str:
        """The address to sign in with."""
        return self.person.email


@dataclass(frozen=True, slots=True)
class DemoOrganization:
    """A tenant of the demo.

    Args:
        free_licenses: plan code to how many licenses nobody holds.
        days: how old the organization is.
    """

    name: str
    beginnings: Beginnings
    people: tuple[DemoPerson, ...]
    free_licenses: dict[str, int]
    days: int


CANADIAN = Beginnings(language="en", time_zone="America/Toronto", date_culture="en-CA", default_sms_country="CA")
FRENCH = Beginnings(language="fr", time_zone="Europe/Paris", date_culture="fr-FR", default_sms_country="FR")

COMPANY = DemoOrganization(
    name="Demo Company",
    beginnings=CANADIAN,
    days=402,
    free_licenses={"pro": 1, "advanced": 1, "eco": 2},
    people=(
        DemoPerson(
            Person("admin@demo.example", "Margaret", "Sinclair"),
            note="Administrator, Pro",
            is_administrator=True,
            plan="pro",
            licensed_days=219,
            items=24,
        ),
        DemoPerson(
            Person("pro@demo.example", "Camille", "Tremblay"),
            note="Pro",
            plan="pro",
            licensed_days=330,
            items=430,
            has_marks=True,
        ),
        DemoPerson(
            Person("advanced@demo.example", "Étienne", "Gagnon"),
            note="Advanced, with a proven cell number, 2FA off",
            plan="advanced",
            licensed_days=331,
            items=90,
            time_zone="America/Vancouver",
            cell_number="+15145550177",
        ),
        DemoPerson(
            Person("eco@demo.example", "Sophie", "Nguyen"),
            note="Eco",
            plan="eco",
            licensed_days=96,
            items=34,
        ),
        DemoPerson(Person("free@demo.example", "Daniel", "O’Connor"), note="no license"),
    ),
)
OTHER = DemoOrganization(
    name="Cabinet Lavoie",
    beginnings=FRENCH,
    days=188,
    free_licenses={},
    people=(
        DemoPerson(
            Person("isabelle@lavoie.example", "Isabelle", "Lavoie"),
            note="Administrator of another organization, Advanced, in French",
            is_administrator=True,
            plan="advanced",
            licensed_days=124,
            items=24,
        ),
    ),
)
ORGANIZATIONS = (COMPANY, OTHER)

STAFF = DemoPerson(
    Person("support@demo.example", "Amina", "Diallo"),
    note="Support, 2FA on: its codes are texts in the outbox",
    cell_number="+15145550142",
)
STAFF_DAYS = 402


def everybody() -> list[DemoPerson]:
    """Return everybody of the demo, in the order in which they are listed."""
    return [*(person for organization in ORGANIZATIONS for person in organization.people), STAFF]
