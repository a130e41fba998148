"""What the demo's people write about, to whom, and what they are answered; in English and in French."""

from dataclasses import dataclass

from messaging.items.choices import Proof
from messaging.messages.composition import Recipient
from portal.demo.files import DemoFile


@dataclass(frozen=True, slots=True)
class Letter:
    """A message, and the file that goes with it where the plan has files."""

    language: str
    subject: str
    body: str
    file: DemoFile


def _letter(language: str, subject: str, body: str, file: str) -> Letter:
    return Letter(language, subject, body, DemoFile(file, subject))


ENGLISH = (
    _letter("en", "Lease for 14 Maple Street", "The lease is ready. Please read clause 7 on the deposit.", "Lease.pdf"),
    _letter("en", "Your tax return", "Here is the return as it will be filed. Please confirm.", "Tax return.pdf"),
    _letter("en", "Minutes of the board", "The minutes for your approval before Friday.", "Minutes.pdf"),
    _letter("en", "Test results", "The laboratory has sent your results. Nothing is urgent.", "Results.pdf"),
    _letter("en", "Offer of employment", "We are pleased to make you this offer.", "Offer.pdf"),
    _letter("en", "Account details for the transfer", "These are the details we spoke of on the phone.", "Details.txt"),
    _letter("en", "Sale of the house: closing date", "We close on the day agreed. Bring two papers.", "Closing.pdf"),
    _letter("en", "Claim 2207-B", "The insurer accepts the claim. The amount is in the letter.", "Claim.pdf"),
    _letter("en", "Estate of R. Whitfield", "A copy of the will and the list of assets.", "Will.pdf"),
    _letter("en", "Payroll, corrected", "Please replace last week's figures with these.", "Payroll.txt"),
    _letter("en", "Mediation: proposal", "Our client proposes the following. We await your answer.", "Proposal.pdf"),
    _letter("en", "Keys to the archive", "The new door code is below. The old one ends tonight.", "Archive.txt"),
)
FRENCH = (
    _letter("fr", "Bail du 14, rue des Érables", "Le bail est prêt. Lisez la clause 7 sur le dépôt.", "Bail.pdf"),
    _letter("fr", "Votre déclaration de revenus", "Voici la déclaration à produire.", "Déclaration.pdf"),
    _letter("fr", "Procès-verbal du conseil", "Le procès-verbal, à approuver avant vendredi.", "Procès-verbal.pdf"),
    _letter("fr", "Résultats d’analyse", "Le laboratoire a transmis vos résultats. Rien d’urgent.", "Résultats.pdf"),
    _letter("fr", "Offre d’emploi", "Nous avons le plaisir de vous faire cette offre.", "Offre.pdf"),
    _letter("fr", "Coordonnées bancaires", "Voici les coordonnées dont nous avons parlé.", "Coordonnées.txt"),
    _letter("fr", "Vente de la maison", "La signature a lieu au jour convenu.", "Vente.pdf"),
    _letter("fr", "Succession Bélanger", "Copie du testament et liste des biens.", "Testament.pdf"),
)
LETTERS = (*ENGLISH, *FRENCH)
DRAFTS = (ENGLISH[3], FRENCH[6], ENGLISH[10])


@dataclass(frozen=True, slots=True)
class Wanted:
    """What an envelope asks for, who is asked, and what they hand over."""

    language: str
    title: str
    instructions: str
    name: str
    email: str
    answer: str
    file: DemoFile


def _wanted(language: str, title: str, instructions: str, person: tuple[str, str], answer: str, file: str) -> Wanted:
    name, email = person
    return Wanted(language, title, instructions, name, email, answer, DemoFile(file, title))


ENVELOPES = (
    _wanted(
        "en",
        "Papers for your mortgage",
        "The last three pay slips and a proof of address.",
        ("Olivia Martin", "olivia.martin@northgate.example"),
        "All three slips are in one file.",
        "Pay slips.pdf",
    ),
    _wanted(
        "en",
        "Photographs of the damage",
        "Two or three pictures of the roof, and the date of the storm.",
        ("Liam O’Connell", "liam.oconnell@oconnell.example"),
        "It was in the night of the 4th. The pictures are on one page.",
        "Roof.pdf",
    ),
    _wanted(
        "en",
        "Bank details for the refund",
        "Where should the refund go? A void cheque is enough.",
        ("Grace Kim", "grace.kim@kimpartners.example"),
        "Here is the cheque. Thank you.",
        "Void cheque.pdf",
    ),
    _wanted(
        "en",
        "Medical form",
        "The form we gave you, filled in and signed.",
        ("Hannah Schultz", "hannah.schultz@lakeside.example"),
        "Signed. I left question 9 open.",
        "Medical form.pdf",
    ),
    _wanted(
        "fr",
        "Pièces pour l’ouverture du dossier",
        "Une pièce d’identité et une preuve d’adresse.",
        ("Amélie Bouchard", "amelie.bouchard@clinique-bouchard.example"),
        "Les deux pièces sont dans le même fichier.",
        "Pièces.pdf",
    ),
    _wanted(
        "fr",
        "Relevés pour la déclaration",
        "Tous les relevés de l’année, même ceux qui sont vides.",
        ("Luc Desrosiers", "luc.desrosiers@desrosiers.example"),
        "Il manque celui de la banque, qui suivra.",
        "Relevés.pdf",
    ),
    _wanted(
        "fr",
        "Devis signé",
        "Le devis, signé à la deuxième page.",
        ("Chloé Fortin", "chloe.fortin@fortin.example"),
        "C’est signé, merci.",
        "Devis signé.pdf",
    ),
)

OUTSIDERS = (
    "olivia.martin@northgate.example",
    "james.whitfield@whitfield.example",
    "priya.raman@harbourclinic.example",
    "liam.oconnell@oconnell.example",
    "grace.kim@kimpartners.example",
    "david.thompson@prairie.example",
    "hannah.schultz@lakeside.example",
    "noah.friesen@friesen.example",
    "francois.lefebvre@lefebvre.example",
    "marie-eve.cote@cote.example",
    "jean-philippe.roy@royfils.example",
    "amelie.bouchard@clinique-bouchard.example",
    "zoe.belanger@belanger.example",
    "luc.desrosiers@desrosiers.example",
    "chloe.fortin@fortin.example",
    "benoit.pelletier@pelletier.example",
)
# The first one's cell number is known, the second one agreed on a password, of the third there is only an address.
EACH_AN_OWN = (
    Recipient(OUTSIDERS[0], number="+15145550163", proof=Proof.SMS_CODE),
    Recipient(OUTSIDERS[1], proof=Proof.ITEM_PASSWORD),
    Recipient(OUTSIDERS[2]),
)
ANSWERS = {
    "en": (
        "Thank you, I agree to everything.",
        "I have a question on page 2. May I call you?",
        "Signed, see the file.",
    ),
    "fr": ("Merci, je suis d’accord avec tout.", "Une question sur la page 2 : puis-je vous appeler ?", "C’est signé."),
}
ANSWER_FILES = {
    "en": DemoFile("Signed page.pdf", "Signed and returned"),
    "fr": DemoFile("Page signée.pdf", "Signé et retourné"),
}
AGREED_PASSWORD, HINT = "maple-harbour-2207", "As agreed on the phone"
