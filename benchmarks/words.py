"""The vocabulary of the made records: communities, topics, authors, sites and the words of their bodies."""

from __future__ import annotations

COMMUNITIES = {
    "chronic-care-management": "Chronic Care Management (CCM)",
    "remote-patient-monitoring": "Remote Patient Monitoring (RPM)",
    "telehealth": "Telehealth",
    "patient-engagement": "Patient Engagement",
    "interoperability": "Interoperability & FHIR",
    "digital-therapeutics": "Digital Therapeutics (DTx)",
    "cybersecurity": "Cybersecurity",
    "artificial-intelligence": "Artificial Intelligence (AI)",
    "revenue-cycle": "Revenue Cycle Management (RCM)",
    "population-health": "Population Health",
    "precision-medicine": "Precision Medicine",
    "behavioral-health": "Behavioral Health",
    "medical-devices": "Medical Devices (IoMT)",
    "clinical-decision-support": "Clinical Decision Support (CDS)",
    "value-based-care": "Value-Based Care",
    "care-coordination": "Care Coordination",
}

KINDS = {
    "curated-content": "Curated Content",
    "contributed-content": "Contributed Content",
    "curated-news": "Curated News",
}

SCHEMES = ("Symplur", "Medigy")

SUBJECTS = (
    "Telehealth", "Wearables", "Sensors", "Claims", "Consent", "Privacy", "Genomics", "Imaging", "Pharmacy", "Nursing",
    "Home Care", "Primary Care", "Oncology", "Cardiology", "Diabetes", "Asthma", "Maternity", "Pediatrics", "Mental Health",
    "Rehabilitation",
)  # fmt: skip
ASPECTS = ("Adoption", "Barriers & Guidelines", "Costs", "Outcomes", "Policy", "Safety")
TOPICS = (
    *(f"{SCHEMES[(i + j) % len(SCHEMES)]}: {subject} {aspect}" for i, subject in enumerate(SUBJECTS) for j, aspect in enumerate(ASPECTS)),
    *(f"{scheme}: {subject}" for scheme in SCHEMES for subject in SUBJECTS),
)

FIRST_NAMES = (
    "Vinit", "Radhika", "Shahid", "Anna", "Miguel", "Zoë", "Noah", "Li", "Amara", "Jürgen", "Fatima", "Olu", "Priya", "Tomás",
    "Ines", "Ken",
)  # fmt: skip
DOMAINS = ("maxinovip.com", "netspective.com", "medigy.com", "example.org")
AUTHORS = tuple(f"{name} @{domain}" for name in FIRST_NAMES for domain in DOMAINS)

SITE_WORDS = (
    "health", "care", "clinic", "hospital", "doctor", "patient", "medical", "wellness", "data", "device", "pharma", "nurse",
)  # fmt: skip
SITE_ENDS = (
    "news.com", "journal.org", "today.com", "insider.net", "blog.io", "review.org", "-it.com", "tech.co", "wire.com", "lab.edu",
)  # fmt: skip
SITES = tuple(word + end for word in SITE_WORDS for end in SITE_ENDS)

TAGS = ("news", "research", "opinion", "case-study", "webinar", "policy", "vendor")

NOUNS = (
    "care", "patients", "providers", "data", "hospitals", "devices", "clinicians", "systems", "records", "outcomes", "services",
    "payers", "infrastructure", "monitoring", "visits", "privacy", "teams", "programs", "standards", "guidelines", "platforms",
    "costs", "networks", "evidence",
)  # fmt: skip
VERBS = (
    "improve", "support", "require", "replace", "connect", "protect", "measure", "reduce", "deliver", "change", "share", "extend",
    "question", "simplify",
)  # fmt: skip
ADJECTIVES = (
    "remote", "secure", "clinical", "digital", "chronic", "shared", "robust", "costly", "continuous", "preventive", "virtual",
    "mobile", "rural", "interoperable", "patient-centred", "naïve", "“smart”", "low-cost",
)  # fmt: skip
