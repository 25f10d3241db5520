"""The questionnaire of the synthetic example, in English and Spanish: one entry a question.

Where an entry says "published", the study's release or the press on it names the
question; everything else is assumed, so that the file looks like a real one.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "number", "date", "single", "yesno", "multiple"]


@dataclass(frozen=True)
class Option:
    """One answer: its code in the .sav, its short name, and its wording."""

    code: int
    key: str
    en: str
    es: str
    missing: bool = False


@dataclass(frozen=True)
class Question:
    """One column, or one question with several answers."""

    name: str
    kind: Kind
    en: str
    es: str
    options: tuple[Option, ...] = ()
    asked: str = "all"


def options(*texts: tuple[str, str, str]) -> tuple[Option, ...]:
    """Options numbered from 1; keys dont_know and refused are 98 and 99, missing kinds."""
    special = {"dont_know": 98, "refused": 99}
    return tuple(
        Option(special.get(key, place), key, en, es, key in special) for place, (key, en, es) in enumerate(texts, 1)
    )


DONT_KNOW = ("dont_know", "Don't know", "No sabe")
REFUSED = ("refused", "Refused", "No quiso responder")
YES, NO = ("yes", "Yes", "Sí"), ("no", "No", "No")
YES_NO = options(YES, NO)

COUNTRIES = options(
    ("MEX", "Mexico", "México"),
    ("GTM", "Guatemala", "Guatemala"),
    ("HND", "Honduras", "Honduras"),
    ("CRI", "Costa Rica", "Costa Rica"),
    ("PAN", "Panama", "Panamá"),
    ("DOM", "Dominican Republic", "República Dominicana"),
    ("SLV", "El Salvador", "El Salvador"),
    ("NIC", "Nicaragua", "Nicaragua"),
    ("COL", "Colombia", "Colombia"),
    ("ECU", "Ecuador", "Ecuador"),
    ("PER", "Peru", "Perú"),
    ("CHL", "Chile", "Chile"),
    ("VEN", "Venezuela", "Venezuela"),
    ("HTI", "Haiti", "Haití"),
    ("CUB", "Cuba", "Cuba"),
    ("GIN", "Guinea", "Guinea"),
    ("JOR", "Jordan", "Jordania"),
    ("USA", "United States", "Estados Unidos"),
    ("CAN", "Canada", "Canadá"),
    ("unknown", "Unknown", "Desconocido"),
)

STOPS = tuple(
    Question(f"route_{n}", "single", f"Transit country {n}, in order", f"País de tránsito {n}, en orden", COUNTRIES)
    for n in range(1, 9)
)

QUESTIONS: tuple[Question, ...] = (
    Question("resp_id", "text", "Respondent ID", "Identificador"),
    Question("interview_date", "date", "Date of interview", "Fecha de la entrevista"),
    Question(
        "country_interview", "single", "Country of interview (stratum)", "País de la entrevista (estrato)", COUNTRIES
    ),
    Question("site", "text", "Interview site (PSU)", "Punto de entrevista (UPM)"),
    Question(
        "interview_lang", "single", "Language of the interview", "Idioma de la entrevista",
        options(("es", "Spanish", "Español"), ("ht", "Haitian Creole", "Criollo haitiano"), ("fr", "French", "Francés"),
                ("en", "English", "Inglés")),
    ),
    Question("weight", "number", "SYNTHETIC sampling weight", "Ponderador SINTÉTICO"),
    Question("sex", "single", "Sex", "Sexo", options(("man", "Male", "Hombre"), ("woman", "Female", "Mujer"))),
    Question("age", "number", "Age in years", "Edad en años"),
    Question(
        "age_group", "single", "Age group", "Grupo de edad",
        options(("18-25", "18-25", "18-25"), ("26-35", "26-35", "26-35"), ("36-45", "36-45", "36-45"),
                ("46+", "46 and over", "46 y más")),
    ),
    Question("nationality", "single", "Nationality", "Nacionalidad", COUNTRIES),
    Question(
        "education", "single", "Highest level of education completed", "Nivel educativo más alto completado",
        options(("none", "None", "Ninguno"), ("primary", "Primary", "Primaria"),
                ("secondary", "Secondary", "Secundaria"),
                ("technical", "Technical, not university", "Técnica, no universitaria"),
                ("university", "University", "Universitaria"), REFUSED),
    ),
    Question(
        "work_before", "single", "Work before leaving", "Trabajo antes de salir",
        options(("employee", "Employee", "Empleado"), ("own", "Own business", "Negocio propio"),
                ("not_working", "Not working", "No trabajaba")),
    ),
    Question(
        "reasons", "multiple", "Reasons for leaving", "Motivos de salida",
        options(("insecurity", "Insecurity", "Inseguridad"), ("work", "Search for work", "Búsqueda de trabajo"),
                ("political", "Political situation", "Situación política"),
                ("family", "Join family", "Reunirse con familia"), ("disaster", "Disaster", "Desastre"),
                ("other", "Other reason", "Otro motivo")),
    ),
    Question("origin", "single", "Country where the journey began", "País de inicio del viaje", COUNTRIES),
    *STOPS,
    Question("destination", "single", "Intended destination", "Destino previsto", COUNTRIES),
    Question("n_transit", "number", "Countries crossed so far", "Países cruzados hasta ahora"),
    Question(
        "route", "single", "Main route group", "Grupo principal de ruta",
        options(("north", "North to the United States and Canada", "Hacia Estados Unidos y Canadá"),
                ("region", "Several destinations in the region", "Varios destinos en la región")),
    ),
    Question(
        "corridor", "single", "Corridor", "Corredor",
        options(("darien", "Darién", "Darién"), ("northern_ca", "Northern Central America", "Norte de Centroamérica"),
                ("nicaragua_air", "Nicaragua by air", "Nicaragua por aire"),
                ("caribbean", "Caribbean", "Caribe"), ("other", "Other", "Otro")),
    ),
    Question("weeks_travel", "number", "Weeks since departure", "Semanas desde la salida"),
    Question(
        "travel_company", "single", "Travelling with", "Viaja con",
        options(("alone", "Alone", "Nadie"), ("family", "Family", "Familia"), ("friends", "Friends", "Amigos"),
                ("group", "A group met on the way", "Un grupo conocido en el camino")),
    ),
    Question(
        "phone_type", "single", "Phone during the journey", "Teléfono durante el viaje",
        options(("own", "Own smartphone", "Teléfono inteligente propio"),
                ("shared", "Shared smartphone", "Teléfono inteligente compartido"),
                ("basic", "Basic phone", "Teléfono básico"), ("none", "No phone", "Sin teléfono")),
    ),
    Question(
        "internet_journey", "single", "Internet during the journey", "Internet durante el viaje",
        options(("always", "Always", "Siempre"), ("sometimes", "Sometimes", "A veces"), ("never", "Never", "Nunca")),
    ),
    Question(
        "smartphone_internet", "yesno", "Smartphone and internet during the journey",
        "Teléfono inteligente e internet durante el viaje", YES_NO,
    ),
    Question(
        "tech_used", "multiple", "Technologies used at any stage", "Tecnologías usadas en alguna etapa",
        options(("social_networks", "Social networks", "Redes sociales"), ("messaging", "Messaging", "Mensajería"),
                ("maps", "GPS and maps", "GPS y mapas"), ("video", "Video platforms", "Plataformas de video"),
                ("transfer", "Money transfer", "Envío de dinero"), ("calls", "Calls and SMS", "Llamadas y SMS"),
                ("none", "None", "Ninguna")),
    ),
    Question("tech_none", "yesno", "Used no technology at all", "No usó ninguna tecnología", YES_NO),
    Question(
        "tech_journey", "yesno", "Used technology during the crossing", "Usó tecnología durante la travesía", YES_NO
    ),
    Question("sm_use", "yesno", "Uses social networks at any stage", "Usa redes sociales en alguna etapa", YES_NO),
    Question(
        "social_media", "yesno", "Used social networks to plan the departure",
        "Usó redes sociales para planificar la salida", YES_NO,
    ),
    Question(
        "platforms", "multiple", "Platforms used", "Plataformas usadas",
        options(("whatsapp", "WhatsApp", "WhatsApp"), ("facebook", "Facebook", "Facebook"),
                ("tiktok", "TikTok", "TikTok"), ("telegram", "Telegram", "Telegram"),
                ("instagram", "Instagram", "Instagram"), ("youtube", "YouTube", "YouTube"),
                ("other", "Other platform", "Otra plataforma")),
        asked="sm_use is yes",
    ),
    Question(
        "phone_purpose", "multiple", "What the phone is used for on the route", "Para qué usa el teléfono en la ruta",
        options(("relatives", "Talk to relatives", "Hablar con familiares"), ("maps", "GPS and maps", "GPS y mapas"),
                ("news", "News about routes", "Noticias sobre rutas"),
                ("entertainment", "Entertainment", "Entretenimiento"),
                ("smuggler", "Contact a smuggler", "Contactar a un traficante"),
                ("payments", "Payments", "Pagos")),
        asked="phone_type is not none",
    ),
    Question(
        "info_before", "multiple", "Sources of information before leaving", "Fuentes de información antes de salir",
        options(("family_there", "Family or friends at the destination", "Familia o amigos en el destino"),
                ("family_here", "Family or friends at home", "Familia o amigos en casa"),
                ("social_media", "Social networks", "Redes sociales"), ("websites", "Websites", "Sitios web"),
                ("smugglers", "Smugglers", "Traficantes"), ("none", "No source", "Ninguna fuente")),
    ),
    Question(
        "info_during", "multiple", "Sources of information on the way", "Fuentes de información en el camino",
        options(("local", "Local people", "Población local"), ("migrants", "Other migrants", "Otros migrantes"),
                ("smugglers", "Smugglers", "Traficantes"), ("ngo", "NGOs and UN", "ONG y ONU"),
                ("social_media", "Social networks", "Redes sociales"), ("none", "No source", "Ninguna fuente")),
    ),
    Question(
        "smuggler_used", "single", "Used a smuggler on the way", "Usó un traficante en el camino",
        options(YES, NO, DONT_KNOW, REFUSED),
    ),
    Question(
        "smuggler_contact", "single", "How contact was made", "Cómo se hizo el contacto",
        options(("family", "Through family or friends", "Por familia o amigos"),
                ("approached", "Approached the smuggler", "Buscó al traficante"),
                ("was_approached", "Was approached", "El traficante le buscó"),
                ("online", "Social networks or messaging", "Redes sociales o mensajería"), REFUSED),
        asked="smuggler_used is yes",
    ),
    Question(
        "smuggler_services", "multiple", "Services obtained from the smuggler", "Servicios obtenidos del traficante",
        options(("crossing", "Crossing a border", "Cruzar una frontera"),
                ("transport", "Transport in a country", "Transporte en un país"),
                ("lodging", "Accommodation", "Alojamiento"), ("documents", "Documents", "Documentos")),
        asked="smuggler_used is yes",
    ),
    Question(
        "payment_method", "single", "How the smuggler was paid", "Cómo se pagó al traficante",
        options(("cash", "Cash", "Efectivo"), ("transfer", "Money transfer", "Envío de dinero"),
                ("online", "Mobile or online", "Móvil o en línea"),
                ("family", "Family abroad paid", "Pagó familia en el extranjero"),
                ("not_yet", "Not yet paid", "Aún no pagado"), DONT_KNOW, REFUSED),
        asked="smuggler_used is yes",
    ),
    Question(
        "fraud_online", "single", "Cheated by someone met online", "Estafa por alguien conocido en línea",
        options(YES, NO, DONT_KNOW, REFUSED), asked="tech_none is no",
    ),
)  # fmt: skip
