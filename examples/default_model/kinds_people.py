"""Kinds of records about people and what they say and do: a table, no logic of its own."""

from __future__ import annotations

from examples.default_model.kinds import Field, Kind, field, nested
from examples.default_model.values import Fact, Values
from examples.default_model.words import JOBS, LANGUAGES, TOPICS

ADDRESS = nested(
    ("street street_address line1", Values.street, "{}"),
    ("city town", Values.city, "in {}"),
    ("zip postcode postal_code zipCode", Values.postcode, "with postal code {}"),
    ("country", Values.country, "in the country {}"),
)


def _languages(values: Values) -> Fact:
    return values.several(lambda: values.one_of(LANGUAGES, 0.9))


def _topics(values: Values) -> Fact:
    return values.several(lambda: values.one_of(TOPICS))


def _names(values: Values) -> Fact:
    return values.several(values.first_name)


CITY: Field = field(
    "city town home_city location", Values.city, "lives in {}", "is from {}", "has a home in {}"
)
EMAIL: Field = field(
    "email email_address mail contact_email", Values.email, "can be reached at {}",
    "has the e-mail address {}", "uses the address {}",
)  # fmt: skip
PHONE: Field = field(
    "phone phone_number telephone tel", Values.phone, "has the phone number {}",
    "can be called on {}", "answers the phone {}",
)  # fmt: skip

PERSON = Kind(
    "person",
    field("name full_name person fullName", Values.full_name),
    ("{}", "{}", "Our friend {}", "A person called {}"),
    ("She", "He", "This person"),
    (
        field("age years age_years", lambda v: v.integer(12, 99), "is {} years old", "is aged {}"),
        CITY,
        EMAIL,
        PHONE,
        field("job occupation profession role", lambda v: v.one_of(JOBS), "works as a {}",
              "has a job as {}", "is employed as a {}"),
        field("employer company works_for organization", Values.company, "is employed by {}",
              "works for {}"),
        field("languages speaks spoken_languages", _languages, "speaks {}", "is fluent in {}"),
        field("hobbies interests likes", _topics, "likes {}", "enjoys {}", "is interested in {}"),
        field("married is_married", Values.boolean, "is married",
              no=("is not married", "is single")),
        field("birth_date birthday born date_of_birth", Values.date, "was born on {}"),
        field("height height_cm", lambda v: v.integer(140, 210), "is {} cm tall", "measures {} cm"),
        field("address home_address", ADDRESS, "lives at {}", "has the home address {}"),
        field("children kids", _names, "has children named {}", "is a parent of {}"),
    ),
)  # fmt: skip

EMPLOYEE = Kind(
    "employee",
    field("name employee full_name employee_name", Values.full_name),
    ("{}", "Our colleague {}", "The new employee {}"),
    ("She", "He", "The employee"),
    (
        field("employee_id id staff_number", Values.code, "has the staff number {}",
              "carries badge {}"),
        field("department team unit", lambda v: v.one_of(TOPICS), "belongs to the {} department",
              "works in {}"),
        field("salary annual_salary pay", lambda v: v.integer(20000, 190000), "earns {} a year",
              "has a salary of {}"),
        field("manager supervisor boss", Values.full_name, "reports to {}", "is managed by {}"),
        field("start_date hired_on joined", Values.date, "joined on {}", "was hired on {}"),
        field("remote works_remotely is_remote", Values.boolean, "works remotely",
              no=("does not work remotely", "works on site")),
        field("skills competencies", _topics, "has skills in {}", "knows {}"),
        field("level grade seniority", lambda v: v.choice(("junior", "middle", "senior", "lead")),
              "is at {} level", "has the grade {}"),
        field("office site workplace", Values.city, "sits in the {} office", "is based in {}"),
        EMAIL,
        PHONE,
    ),
)  # fmt: skip

MESSAGE = Kind(
    "message",
    field("sender from author sent_by", Values.full_name),
    ("{}", "A message from {}", "A note by {}"),
    ("The message", "It"),
    (
        field("recipient to receiver sent_to", Values.full_name, "is addressed to {}",
              "goes to {}"),
        field("subject topic title", Values.product, 'has the subject "{}"', "is about the {}"),
        field("body text content message", Values.sentence, 'says "{}"', 'reads "{}"'),
        field("date sent_on sent_date", Values.date, "was sent on {}", "is dated {}"),
        field("time sent_at", Values.time, "left at {}", "was written at {}"),
        field("urgent is_urgent important", Values.boolean, "is urgent",
              no=("is not urgent", "can wait")),
        field("read is_read seen", Values.boolean, "has been read", no=("has not been read",)),
        field("attachments files", lambda v: v.several(v.code), "has the attachments {}",
              "comes with the files {}"),
        field("channel medium via", lambda v: v.choice(("email", "sms", "chat", "letter")),
              "came by {}", "was delivered by {}"),
    ),
)  # fmt: skip

STUDENT = Kind(
    "student",
    field("name student student_name", Values.full_name),
    ("{}", "The student {}", "A student named {}"),
    ("She", "He", "The student"),
    (
        field("student_id id matriculation", Values.code, "has the student number {}"),
        field("university school college", Values.city, "studies at the University of {}",
              "goes to school in {}"),
        field("major subject field_of_study", lambda v: v.one_of(TOPICS), "majors in {}",
              "reads {}"),
        field("courses classes modules", _topics, "takes courses in {}", "attends {}"),
        field("semester term", lambda v: v.integer(1, 60), "is in semester {}"),
        field("grade average gpa", lambda v: v.decimal(1, 99, 1), "has an average grade of {}"),
        field("enrolled active is_enrolled", Values.boolean, "is enrolled",
              no=("is no longer enrolled", "is not enrolled")),
        field("advisor tutor mentor", Values.full_name, "is advised by {}", "has {} as a tutor"),
        field("graduation graduates_on graduation_date", Values.date, "graduates on {}"),
        EMAIL,
        CITY,
    ),
)  # fmt: skip

PATIENT = Kind(
    "patient",
    field("patient name patient_name", Values.full_name),
    ("{}", "The patient {}", "Patient {}"),
    ("She", "He", "The patient"),
    (
        field("age patient_age", lambda v: v.integer(1, 99), "is {} years old", "is aged {}"),
        field("doctor physician treated_by", Values.last_name, "is treated by Dr. {}",
              "saw Dr. {}"),
        field("appointment visit_date date", Values.date, "has an appointment on {}",
              "comes in on {}"),
        field("time appointment_time at", Values.time, "is expected at {}", "should arrive at {}"),
        field("temperature temp body_temperature", lambda v: v.decimal(35, 42, 1),
              "has a temperature of {}"),
        field("weight weight_kg", lambda v: v.decimal(30, 140, 1), "weighs {} kg"),
        field("symptoms complaints", _topics, "complains of {}", "has the symptoms {}"),
        field("insured has_insurance", Values.boolean, "is insured", no=("is not insured",)),
        field("room ward", Values.code, "is in room {}"),
        PHONE,
        field("blood_type blood", lambda v: v.choice(("A", "B", "AB", "O")), "has blood type {}"),
    ),
)  # fmt: skip

REVIEW = Kind(
    "review",
    field("reviewer author user customer", Values.full_name),
    ("{}", "The reviewer {}", "Customer {}"),
    ("She", "He", "The reviewer"),
    (
        field("product item article", Values.product, "reviewed the {}", "wrote about the {}"),
        field("rating score stars", lambda v: v.decimal(1, 99, 1), "gave a score of {}",
              "rated it {}"),
        field("date reviewed_on review_date", Values.date, "posted on {}"),
        field("comment text review", Values.sentence, 'wrote "{}"', 'commented "{}"'),
        field("verified is_verified", Values.boolean, "is a verified buyer",
              no=("is not a verified buyer",)),
        field("helpful_votes votes helpful", lambda v: v.integer(0, 999), "got {} helpful votes"),
        field("pros advantages", lambda v: v.several(v.product), "praised the {}"),
        field("sentiment mood", lambda v: v.choice(("positive", "neutral", "negative")),
              "sounds {}", "has a {} opinion"),
        CITY,
    ),
)  # fmt: skip

KINDS = (PERSON, EMPLOYEE, MESSAGE, STUDENT, PATIENT, REVIEW)
