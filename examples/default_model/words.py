"""Word lists and syllables from which the training text draws its names and phrases.

Real words make the text look like text; syllables make names that no list holds, so that the
model has to copy what it reads and cannot learn the answers by heart. Data only, no randomness.
Words listed several times are drawn more often.
"""

from __future__ import annotations


def _listed(text: str) -> tuple[str, ...]:
    return tuple(text.split())


FIRST_NAMES = _listed(
    """
    Anna Ben Clara David Elena Felix Grace Hugo Ines Jonas Karin Liam Maria Noah Olga Paul
    Quinn Rosa Sam Tara Umar Vera Walter Xenia Yusuf Zoe Alice Bob Carol Daniel Emma Frank
    Hannah Ivan Julia Kenji Laura Marco Nadia Oscar Priya Robert Sofia Tom Victor Wendy John
    Mary James Linda
    """
)
LAST_NAMES = _listed(
    """
    Smith Johnson Brown Miller Davis Garcia Wilson Moore Taylor Martin Lee Clark Lewis
    Walker Hall Young King Wright Hill Green Baker Nelson Carter Turner Parker Evans Collins
    Stewart Morris Keller Weber Meyer Rossi Silva Santos Novak Kowalski Larsen Tanaka Kim
    Chen Patel Singh Khan
    """
)
CITIES = _listed(
    """
    Paris London Berlin Madrid Rome Vienna Oslo Lisbon Dublin Zurich Geneva Prague Warsaw
    Athens Helsinki Boston Chicago Denver Seattle Austin Toronto Sydney Tokyo Osaka Seoul
    Mumbai Delhi Cairo Nairobi Lima Bogota Milan Munich Hamburg Lyon Porto Basel Bern Ghent
    Utrecht
    """
)
COUNTRIES = _listed(
    """
    France Germany Spain Italy Austria Norway Portugal Ireland Switzerland Poland Greece
    Finland Canada Australia Japan Korea India Egypt Kenya Peru Colombia Brazil Chile Mexico
    Iceland Belgium Denmark Sweden Estonia Latvia Croatia Hungary Morocco Ghana Vietnam
    """
)
ADJECTIVES = _listed(
    """
    red blue green black white small large old new silent golden wooden steel plastic warm
    cold light heavy bright dark soft round square digital electric folding portable classic
    modern vintage cotton leather ceramic wireless compact giant little hidden broken
    distant last first lost secret early late quiet wild empty open simple fresh spicy sweet
    frozen
    """
)
NOUNS = _listed(
    """
    lamp chair table desk mug kettle bottle backpack jacket shirt keyboard monitor mouse
    cable phone camera tripod notebook pen pencil clock mirror blanket pillow carpet bicycle
    helmet tent knife bowl plate spoon basket candle vase shelf sofa drill hammer ladder
    bucket brush garden river mountain forest harbour island bridge tower castle winter
    summer morning night shadow stone window letter journey storm star moon ocean road house
    door dream story song
    """
)
TOPICS = _listed(
    """
    music history physics chess cooking hiking painting poetry robotics gardening sailing
    tennis swimming cycling photography biology economics geology law medicine design
    theatre dance football yoga pottery travel cinema jazz opera climbing running reading
    fishing knitting python java rust sql statistics marketing sales finance security
    networks databases
    """
)
LANGUAGES = _listed(
    """
    English French German Spanish Italian Portuguese Dutch Polish Greek Turkish Arabic
    Hebrew Hindi Bengali Chinese Japanese Korean Russian Swedish Danish Finnish Czech
    Swahili
    """
)
JOBS = _listed(
    """
    teacher nurse engineer carpenter baker lawyer doctor pilot farmer chef designer writer
    editor plumber electrician architect dentist librarian mechanic driver painter musician
    photographer scientist analyst accountant manager developer researcher gardener tailor
    translator
    """
)
INGREDIENTS = _listed(
    """
    flour sugar butter eggs milk salt pepper garlic onions tomatoes basil olives rice beans
    lentils carrots potatoes cheese cream yoghurt honey lemon ginger cinnamon chicken beef
    salmon tofu spinach mushrooms apples almonds walnuts oats parsley paprika thyme vinegar
    """
)
COMPANY_ENDINGS = _listed(
    """
    Ltd Inc GmbH Labs Group Systems Works Foods Motors Bank Media Air
    """
)
STREET_ENDINGS = _listed(
    """
    Street Road Avenue Lane Square Way Park Hill
    """
)
MAIL_ENDINGS = _listed(
    """
    com org net io eu de fr co
    """
)
MONTHS = _listed(
    """
    January February March April May June July August September October November December
    """
)
ONSETS = _listed(
    """
    b c d f g h j k l m n p r s t v w z b d k l m n r s t v br dr gr kr tr st sh th ch pl fl
    qu x y
    """
)
VOWELS = _listed(
    """
    a e i o u a e i o a e i o ai ea ei ou ia au oo y
    """
)
CODAS = (
    "", "", "", "", "", "n", "r", "l", "s", "m", "t", "nd", "rk", "ll", "ss", "x", "ck", "d",
)  # fmt: skip
ACCENTED = _listed(
    """
    é è ö ü ä ñ å ç ø š ž í ó á ã
    """
)

# Keys met in configuration files and interfaces: for schemas of no kind of record.
CONFIG_KEYS = _listed(
    """
    name id type title description url version tags enabled status value label key kind
    source target path format size count index level mode state code message date time
    created updated author license homepage repository main scripts files keywords private
    engines config options settings parameters properties items data content text color
    width height x y z min max default required unit timeout retries port host user password
    token email phone address city country language locale currency price amount total
    quantity weight length speed temperature rules steps actions inputs outputs events
    filters fields columns rows groups roles permissions metadata annotations labels
    selector template image command args env volumes resources category summary image_url
    file_name start_date end_date is_active created_at updated_at displayName firstName
    lastName maxItems minValue defaultValue resourceType schemaVersion baseUrl apiVersion
    userId orderId parentId children links href rel method headers body query score rank
    comment notes reason priority severity category_id owner team project environment region
    zone bucket cluster service endpoint protocol interval duration threshold limit offset
    """
)
REQUESTS = (
    "",
    "Write an example.",
    "Give me an example.",
    "Generate a valid document.",
    "Write a JSON document for this schema.",
    "Produce a short example of the data.",
    "An instance of the schema.",
    "Return JSON.",
    "Generate JSON that matches the schema.",
    "Example:",
)
