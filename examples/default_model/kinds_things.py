"""Kinds of records about places, orders, events and things: a table, no logic of its own."""

from __future__ import annotations

from examples.default_model.kinds import Kind, field, nested
from examples.default_model.kinds_people import ADDRESS
from examples.default_model.values import Fact, Values
from examples.default_model.words import INGREDIENTS, TOPICS

LINE = nested(
    ("quantity qty count amount", lambda v: v.integer(2, 60), "{}"),
    ("product item name article", Values.product, "{}"),
    ("price unit_price unitPrice", lambda v: v.decimal(1, 400), "at {} each"),
)


def _lines(values: Values) -> Fact:
    """One to three lines of an order, all with the same properties."""
    rng = values.rng
    state = rng.random()
    made: list[Fact] = []
    first = LINE(values)
    keys = list(first.value) if isinstance(first.value, dict) else []
    made.append(first)
    count = 1 + int(state < 0.65) + int(state < 0.2)
    while len(made) < count:
        fact = LINE(values)
        if isinstance(fact.value, dict) and list(fact.value) == keys:
            made.append(fact)
    schema = {"type": "array", "items": first.schema}
    spoken = ", ".join(fact.spoken for fact in made[:-1])
    spoken = f"{spoken} and {made[-1].spoken}" if spoken else made[-1].spoken
    return Fact([fact.value for fact in made], spoken, schema)  # type: ignore[arg-type]


PERIOD = nested(
    ("from start begin", Values.date, "from {}"),
    ("to end until", Values.date, "to {}"),
)
SIZE = nested(
    ("width w", lambda v: v.integer(2, 400), "{} cm wide"),
    ("height h", lambda v: v.integer(2, 400), "{} cm high"),
    ("depth d", lambda v: v.integer(2, 400), "{} cm deep"),
)
POINT = nested(
    ("lat latitude", lambda v: v.decimal(-89, 89), "latitude {}"),
    ("lon lng longitude", lambda v: v.decimal(-179, 179), "longitude {}"),
)
CONTACT = nested(
    ("name contact_name", Values.full_name, "{}"),
    ("email mail", Values.email, "with e-mail {}"),
    ("phone tel", Values.phone, "and phone {}"),
)

PLACE = Kind(
    "place",
    field("name place city", Values.city),
    ("{}", "The town of {}", "The city {}"),
    ("It", "The town", "The place"),
    (
        field("country nation", Values.country, "lies in {}", "is a town in {}"),
        field("population inhabitants residents", lambda v: v.integer(500, 9999999),
              "has {} inhabitants", "is home to {} people"),
        field("elevation altitude", lambda v: v.integer(10, 3000), "lies {} metres above the sea"),
        field("founded year_founded established", lambda v: v.integer(800, 1990),
              "was founded in {}", "dates from {}"),
        field("mayor", Values.full_name, "is led by mayor {}", "has {} as its mayor"),
        field("area area_km2", lambda v: v.decimal(2, 900, 1), "covers {} square kilometres"),
        field("river", Values.last_name, "stands on the river {}"),
        field("sights attractions landmarks", lambda v: v.several(v.title), "is known for {}",
              "is worth a visit for {}"),
        field("coastal is_coastal", Values.boolean, "is on the coast", no=("is not on the coast",)),
        field("coordinates position location", POINT, "is found at {}"),
        field("postcode zip", Values.postcode, "has the postal code {}"),
    ),
)  # fmt: skip

ORDER = Kind(
    "order",
    field("order_id id order number", Values.code),
    ("Order {}", "The order {}", "Order number {}"),
    ("It", "The order"),
    (
        field("customer buyer client ordered_by", Values.full_name, "was placed by {}",
              "was bought by {}"),
        field("items lines products line_items", _lines, "contains {}", "is for {}", "includes {}"),
        field("total amount sum total_price", lambda v: v.decimal(5, 2000), "costs {} in total",
              "comes to {}"),
        field("date ordered_on order_date", Values.date, "was made on {}", "is dated {}"),
        field("paid is_paid", Values.boolean, "has been paid",
              no=("has not been paid", "is unpaid")),
        field("status state", lambda v: v.choice(("pending", "shipped", "delivered", "cancelled")),
              "is {}", "has the status {}"),
        field("currency", lambda v: v.choice(("EUR", "USD", "GBP", "CHF", "JPY")),
              "is billed in {}"),
        field("address shipping_address ship_to", ADDRESS, "ships to {}", "will be sent to {}"),
        field("email contact", Values.email, "is confirmed to {}"),
        field("express is_express", Values.boolean, "goes by express",
              no=("does not go by express",)),
    ),
)  # fmt: skip

EVENT = Kind(
    "event",
    field("title name event event_name", Values.title),
    ('"{}"', 'The event "{}"', 'The show "{}"'),
    ("It", "The event"),
    (
        field("date day on", Values.date, "takes place on {}", "is on {}"),
        field("time start_time starts_at", Values.time, "starts at {}", "begins at {}"),
        field("city location place", Values.city, "is held in {}", "takes us to {}"),
        field("venue hall", Values.company, "has {} as its venue", "is hosted at {}"),
        field("attendees guests participants", lambda v: v.several(v.first_name),
              "is attended by {}", "brings together {}"),
        field("capacity seats max_guests", lambda v: v.integer(10, 9000), "has room for {} guests",
              "offers {} seats"),
        field("price ticket_price fee", lambda v: v.decimal(5, 300), "costs {} to enter",
              "has tickets at {}"),
        field("free is_free", Values.boolean, "is free", no=("is not free",)),
        field("organizer host organised_by", Values.full_name, "is organised by {}"),
        field("category type kind", lambda v: v.choice(("concert", "lecture", "workshop", "meeting",
              "party")), "is a {}", "counts as a {}"),
        field("topics tags themes", lambda v: v.several(lambda: v.one_of(TOPICS)), "covers {}"),
    ),
)  # fmt: skip

BOOKING = Kind(
    "booking",
    field("guest name booked_by guest_name", Values.full_name),
    ("{}", "The guest {}", "A booking for {}"),
    ("The booking", "It"),
    (
        field("hotel hotel_name property", Values.company, "is at the hotel {}",
              "is for a stay at {}"),
        field("check_in arrival checkIn arrives", Values.date, "has check-in on {}"),
        field("check_out departure checkOut leaves", Values.date, "has check-out on {}"),
        field("nights length_of_stay", lambda v: v.integer(2, 60), "is for {} nights"),
        field("guests people party_size", lambda v: v.integer(2, 60), "is for a party of {}"),
        field("room room_number", lambda v: v.integer(100, 999), "is for room {}"),
        field("breakfast breakfast_included", Values.boolean, "includes breakfast",
              no=("does not include breakfast", "comes without breakfast")),
        field("price total rate", lambda v: v.decimal(40, 900), "costs {}", "is priced at {}"),
        field("confirmation reference booking_code", Values.code, "has the reference {}"),
        field("room_type type", lambda v: v.choice(("single", "double", "suite", "family")),
              "is for a {} room"),
        field("contact contact_person", CONTACT, "has as its contact {}"),
    ),
)  # fmt: skip

BOOK = Kind(
    "book",
    field("title name book", Values.title),
    ('"{}"', 'The book "{}"', 'The novel "{}"'),
    ("It", "The book"),
    (
        field("author writer written_by", Values.full_name, "was written by {}", "is by {}"),
        field("year published publication_year", lambda v: v.integer(1700, 2030),
              "was published in {}", "came out in {}"),
        field("pages page_count length", lambda v: v.integer(60, 1400), "has {} pages",
              "runs to {} pages"),
        field("publisher published_by", Values.company, "is published by {}"),
        field("isbn", lambda v: v.string(lambda: v.digits(10)), "has the ISBN {}"),
        field("price cost", lambda v: v.decimal(3, 90), "costs {}", "sells for {}"),
        field("language", lambda v: v.choice(("English", "French", "German", "Spanish", "Italian")),
              "is in {}", "is written in {}"),
        field("genres subjects topics", lambda v: v.several(lambda: v.one_of(TOPICS)),
              "deals with {}"),
        field("available in_stock", Values.boolean, "is available", no=("is not available",)),
        field("rating score", lambda v: v.decimal(1, 99, 1), "is rated {}"),
        field("translator translated_by", Values.full_name, "was translated by {}"),
    ),
)  # fmt: skip

PRODUCT = Kind(
    "product",
    field("name product title product_name", Values.product),
    ("The {}", "Our {}", "A product called {}"),
    ("It", "The product"),
    (
        field("price cost unit_price", lambda v: v.decimal(1, 900), "costs {}", "sells for {}"),
        field("sku code article_number id", Values.code, "has the article number {}",
              "is listed as {}"),
        field("stock quantity in_stock units", lambda v: v.integer(2, 5000),
              "is in stock with {} units", "has {} units left"),
        field("brand maker manufacturer", Values.company, "is made by {}", "comes from {}"),
        field("color colour", lambda v: v.one_of(
              ("red", "blue", "green", "black", "white", "grey")),
              "has the color {}", "comes in {}"),
        field("weight weight_kg", lambda v: v.decimal(1, 90, 1), "weighs {} kg"),
        field("dimensions size", SIZE, "is {}", "measures {}"),
        field("tags labels keywords", lambda v: v.several(lambda: v.one_of(TOPICS)),
              "is tagged {}", "has the tags {}"),
        field("size fit", lambda v: v.choice(("S", "M", "L", "XL")), "is of size {}"),
        field("discontinued is_discontinued", Values.boolean, "is discontinued",
              no=("is not discontinued",)),
        field("url link website", Values.url, "is shown at {}", "can be seen at {}"),
    ),
)  # fmt: skip

WEATHER = Kind(
    "weather",
    field("city place location", Values.city),
    ("{}", "The report for {}", "The weather station in {}"),
    ("It", "The station", "The place"),
    (
        field("date day", Values.date, "has its report on {}", "was measured on {}"),
        field("temperature temp temperature_c", lambda v: v.decimal(-30, 45, 1),
              "has {} degrees", "shows a temperature of {}"),
        field("humidity humidity_percent", lambda v: v.integer(5, 100), "has {} percent humidity",
              "has a humidity of {}"),
        field("wind wind_speed wind_kmh", lambda v: v.integer(2, 180), "has wind at {} km/h",
              "reports wind of {} km/h"),
        field("condition sky weather", lambda v: v.choice(("sunny", "cloudy", "rainy", "snowy",
              "foggy")), "is {}", "has {} weather"),
        field("pressure pressure_hpa", lambda v: v.integer(950, 1060), "has a pressure of {} hPa"),
        field("sunrise", Values.time, "sees sunrise at {}"),
        field("sunset", Values.time, "sees sunset at {}"),
        field("warning alert has_warning", Values.boolean, "has a weather warning",
              no=("has no weather warning",)),
        field("coordinates position", POINT, "stands at {}"),
    ),
)  # fmt: skip

JOB = Kind(
    "job",
    field("title position job job_title", Values.title),
    ("The position {}", "The job {}", "The opening for {}"),
    ("It", "The job"),
    (
        field("company employer organization", Values.company, "is offered by {}", "is at {}"),
        field("location city place", Values.city, "is located in {}", "is in {}"),
        field("salary pay annual_salary", lambda v: v.integer(20000, 190000), "pays {}",
              "comes with a salary of {}"),
        field("remote is_remote", Values.boolean, "is remote", no=("is not remote",)),
        field("skills requirements required_skills", lambda v: v.several(lambda: v.one_of(TOPICS)),
              "requires {}", "calls for {}"),
        field("deadline apply_by closes", Values.date, "is open until {}", "closes on {}"),
        field("contract employment_type type", lambda v: v.choice(("full-time", "part-time",
              "temporary", "internship")), "is {}", "is a {} job"),
        field("contact contact_email email", Values.email, "takes applications at {}"),
        field("hours weekly_hours", lambda v: v.integer(4, 60), "takes {} hours a week"),
        field("contact_person recruiter", CONTACT, "is handled by {}"),
        field("url link posting", Values.url, "is posted at {}"),
    ),
)  # fmt: skip

RECIPE = Kind(
    "recipe",
    field("name dish title recipe", Values.product),
    ("The {}", "The recipe for {}", "Grandmother's {}"),
    ("It", "The dish"),
    (
        field("servings serves portions", lambda v: v.integer(2, 60), "serves {} people",
              "makes {} portions"),
        field("ingredients needs", lambda v: v.several(lambda: v.one_of(INGREDIENTS), 1, 4),
              "needs {}", "is made with {}"),
        field("minutes time prep_time cooking_time", lambda v: v.integer(5, 300),
              "takes {} minutes", "is ready in {} minutes"),
        field("calories kcal", lambda v: v.integer(50, 1800), "has {} calories"),
        field("vegetarian is_vegetarian", Values.boolean, "is vegetarian",
              no=("is not vegetarian",)),
        field("difficulty level", lambda v: v.choice(("easy", "medium", "hard")),
              "is {} to make", "has the difficulty {}"),
        field("author cook chef", Values.full_name, "is by {}", "was invented by {}"),
        field("cuisine origin", Values.country, "comes from {}"),
        field("temperature oven_temperature", lambda v: v.integer(80, 280), "bakes at {} degrees"),
        field("rating score", lambda v: v.decimal(1, 99, 1), "is rated {}"),
    ),
)  # fmt: skip

FLIGHT = Kind(
    "flight",
    field("flight flight_number number id", Values.code),
    ("Flight {}", "The flight {}", "Flight number {}"),
    ("It", "The flight"),
    (
        field("origin from departure_city", Values.city, "leaves from {}", "departs from {}"),
        field("destination to arrival_city", Values.city, "flies to {}", "goes to {}"),
        field("date day flight_date", Values.date, "flies on {}", "is on {}"),
        field("departure departure_time departs_at", Values.time, "departs at {}"),
        field("arrival arrival_time arrives_at", Values.time, "arrives at {}", "lands at {}"),
        field("gate", Values.code, "boards at gate {}", "uses gate {}"),
        field("airline carrier operator", Values.company, "is run by {}", "is operated by {}"),
        field("delayed is_delayed", Values.boolean, "is delayed",
              no=("is on time", "is not delayed")),
        field("passengers travellers", lambda v: v.several(v.full_name), "carries {}",
              "has the passengers {}"),
        field("price fare", lambda v: v.decimal(30, 2000), "costs {}"),
        field("cabin class", lambda v: v.choice(("economy", "business", "first")),
              "is booked in {} class"),
    ),
)  # fmt: skip

COMPANY = Kind(
    "company",
    field("name company company_name", Values.company),
    ("{}", "The company {}", "The firm {}"),
    ("It", "The company"),
    (
        field("founder founded_by", Values.full_name, "was founded by {}"),
        field("founded year established", lambda v: v.integer(1800, 2030), "was founded in {}",
              "was established in {}"),
        field("headquarters city based_in", Values.city, "is based in {}",
              "has its headquarters in {}"),
        field("employees staff headcount", lambda v: v.integer(5, 90000), "employs {} people",
              "has {} employees"),
        field("revenue turnover", lambda v: v.decimal(1, 900, 1), "has a revenue of {} million"),
        field("website url homepage", Values.url, "has the website {}", "is online at {}"),
        field("products brands", lambda v: v.several(v.product), "sells {}", "makes {}"),
        field("listed public is_public", Values.boolean, "is listed on the stock exchange",
              no=("is not listed on the stock exchange",)),
        field("industry sector", lambda v: v.one_of(TOPICS), "is active in {}"),
        field("countries markets", lambda v: v.several(v.country), "operates in {}"),
        field("address headquarters_address", ADDRESS, "has the address {}"),
    ),
)  # fmt: skip

PROJECT = Kind(
    "project",
    field("name project title", Values.title),
    ("The project {}", "Project {}"),
    ("It", "The project"),
    (
        field("lead owner manager", Values.full_name, "is led by {}", "is run by {}"),
        field("members team contributors", lambda v: v.several(v.first_name), "has the members {}",
              "is staffed by {}"),
        field("budget cost", lambda v: v.integer(1000, 900000), "has a budget of {}"),
        field("deadline due due_date", Values.date, "is due on {}", "must be done by {}"),
        field("progress percent_done", lambda v: v.integer(2, 99), "is {} percent done"),
        field("status state", lambda v: v.choice(("planned", "active", "paused", "done")), "is {}",
              "has the status {}"),
        field("repository repo url", Values.url, "lives at {}", "has its code at {}"),
        field("version release", lambda v: v.string(lambda: ".".join(
              str(v.rng.randint(0, 30)) for _ in range(3))), "is at version {}"),
        field("period duration", PERIOD, "runs {}"),
        field("public is_public", Values.boolean, "is public", no=("is not public",)),
        field("tags topics", lambda v: v.several(lambda: v.one_of(TOPICS)), "is tagged {}"),
    ),
)  # fmt: skip

KINDS = (
    PLACE, ORDER, EVENT, BOOKING, BOOK, PRODUCT, WEATHER, JOB, RECIPE, FLIGHT, COMPANY, PROJECT,
)  # fmt: skip
