"""Which lines ask for consent, in a site's own name. The prose is invented."""

from __future__ import annotations

import pytest

from crawler.furniture import is_furniture


@pytest.mark.parametrize(
    "line",
    [
        "We and our 842 partners store information on your device and process personal data.",
        "With your permission, we and our partners may use data on where you are.",
        "Please note that some processing of your personal data may not need your consent.",
        "By clicking “Accept”, you agree to what is stored on your device.",
        "We value your privacy",
        "Wir und bis zu 210 Partner verarbeiten personenbezogene Daten.",
        "Avec votre consentement, nous et nos 12 partenaires utilisons des données de géolocalisation.",
        "Nosotros y nuestros socios guardamos información en un dispositivo y tratamos datos personales.",
        "Nós e os nossos parceiros tratamos dados pessoais.",
        "Noi e 842 fornitori selezionati trattiamo dati personali.",
        "Wij en onze partners slaan informatie op een apparaat op.",
        "My i nasi partnerzy przetwarzamy dane osobowe.",
        "Vi och våra 200 partners lagrar information på en enhet.",
        "Vi og våre samarbeidspartnere behandler opplysninger om deg.",
        "Vi og vores 120 samarbejdspartnere gemmer oplysninger på din enhed.",
        "Me ja kumppanimme tallennamme tietoja laitteellesi.",
        "My a naši partneři ukládáme údaje v zařízení.",
        "Mi és partnereink adatokat tárolunk az eszközön.",
        "Noi și partenerii noștri stocăm date pe un dispozitiv.",
        "Mi i naši partneri spremamo podatke na uređaju.",
        "Εμείς και οι 100 συνεργάτες μας αποθηκεύουμε δεδομένα στη συσκευή.",
        "Мы и наши партнёры обрабатываем данные с вашего устройства.",
        *("Accept all", "Cookie settings", "Alle akzeptieren", "Continuer sans accepter", "Aceptar todo"),
    ],
)
def test_a_line_that_asks_for_consent_is_furniture(line: str) -> None:
    assert is_furniture(line)


@pytest.mark.parametrize(
    "line",
    [
        "We and our partners will build the pier, the mayor wrote.",
        "Wir und unsere Partner bauen die Mole, schrieb der Bürgermeister.",
        "The two towns and their partners share data on the herring.",
        "By clicking his fingers he made them agree, the play says.",
        "The council may not process personal data of the fishermen, the court said.",
    ],
)
def test_prose_on_partners_and_data_stays(line: str) -> None:
    assert not is_furniture(line)
